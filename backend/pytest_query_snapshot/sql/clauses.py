"""Cut a statement into its clauses."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_query_snapshot.sql.word_tree import (
    Group,
    Node,
    Token,
    is_word,
)

VERBS = ("select", "insert", "update", "delete", "values", "replace")

_SET_OPERATIONS = ("union", "intersect", "except")

_STARTS = frozenset(
    {"from", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for", "returning"}
)


@dataclass(slots=True)
class Clauses:
    """The clauses of one SELECT, INSERT, UPDATE or DELETE, each without its leading word."""

    verb: str
    parts: dict[str, tuple[Node, ...]] = field(default_factory=dict)


def common_tables(nodes: tuple[Node, ...]) -> tuple[list[tuple[str, tuple[Node, ...]]], tuple[Node, ...]]:
    """Split off ``WITH name AS (...)``: the named bodies, and the statement that uses them."""
    if not nodes or not is_word(nodes[0], "with"):
        return [], nodes
    tables: list[tuple[str, tuple[Node, ...]]] = []
    name = ""
    for position, node in enumerate(nodes[1:], start=1):
        if is_word(node, *VERBS) and tables:
            return tables, nodes[position:]
        if isinstance(node, Group):
            if is_word(nodes[position - 1], "as", "materialized"):
                tables.append((name, node.children))
        elif (
            isinstance(node, Token)
            and not is_word(node, "recursive", "as", "not", "materialized")
            and node.text != ","
        ):
            name = node.text
    return [], nodes


def arms_of(nodes: tuple[Node, ...]) -> list[tuple[str, tuple[Node, ...]]]:
    """Cut at UNION, INTERSECT and EXCEPT: each arm with the operation before it."""
    arms: list[tuple[str, list[Node]]] = [("", [])]
    for node in nodes:
        if is_word(node, *_SET_OPERATIONS) and isinstance(node, Token):
            arms.append((node.text, []))
        elif is_word(node, "all", "distinct") and arms[-1][0] and not arms[-1][1]:
            arms[-1] = (f"{arms[-1][0]} all" if is_word(node, "all") else arms[-1][0], [])
        else:
            arms[-1][1].append(node)
    return [(operation, tuple(arm)) for operation, arm in arms]


def clauses_of(nodes: tuple[Node, ...]) -> Clauses | None:
    """Cut one statement into clauses, or None when it is none of the four verbs."""
    if not nodes or not isinstance(nodes[0], Token) or nodes[0].text not in VERBS:
        return None
    verb = nodes[0].text
    if verb == "select":
        return _select(nodes)
    if verb == "update":
        return _update(nodes)
    if verb == "delete":
        return _delete(nodes)
    if verb in {"insert", "replace"}:
        return _insert(nodes)
    return Clauses("values", {"values": nodes[1:]})


def _runs(nodes: tuple[Node, ...], first: str, starts: frozenset[str]) -> dict[str, tuple[Node, ...]]:
    """Collect runs of nodes by the clause word that starts them."""
    runs: dict[str, list[Node]] = {first: []}
    current = first
    for position, node in enumerate(nodes):
        before = nodes[position - 1] if position else None
        if is_word(node, *starts) and isinstance(node, Token) and not _is_operand(node, before):
            current = node.text
            runs.setdefault(current, [])
            if current == "for":
                runs[current].append(node)
        elif current in {"group", "order"} and is_word(node, "by") and not runs[current]:
            continue
        else:
            runs[current].append(node)
    return {name: tuple(run) for name, run in runs.items()}


def _is_operand(node: Token, before: Node | None) -> bool:
    """``IS DISTINCT FROM`` is an operator, ``a.limit`` and ``AS limit`` are names."""
    if node.text == "from" and is_word(before, "distinct"):
        return True
    return (isinstance(before, Token) and before.text == ".") or is_word(before, "as")


def _select(nodes: tuple[Node, ...]) -> Clauses:
    parts = _runs(nodes[1:], "select", _STARTS)
    columns = parts["select"]
    if columns and is_word(columns[0], "distinct"):
        on = len(columns) > 2 and is_word(columns[1], "on")  # noqa: PLR2004  DISTINCT ON (...)
        end = 3 if on else 1
        parts["distinct"], parts["select"] = columns[:end], columns[end:]
    elif columns and is_word(columns[0], "all"):
        parts["select"] = columns[1:]
    if "fetch" in parts:
        parts["limit"] = tuple(node for node in parts.pop("fetch") if not is_word(node, *_FETCH_WORDS))
    if "window" in parts:
        parts["other"] = parts.pop("window")
    if "offset" in parts:
        parts["offset"] = tuple(node for node in parts["offset"] if not is_word(node, "row", "rows"))
    return _checked(Clauses("select", parts))


_FETCH_WORDS = ("first", "next", "row", "rows", "only")


def _checked(clauses: Clauses) -> Clauses:
    """Cut ``LIMIT 5, 10`` into limit and offset."""
    limit = clauses.parts.get("limit", ())
    if len(limit) == 3 and isinstance(limit[1], Token) and limit[1].text == ",":  # noqa: PLR2004  offset, comma, limit
        clauses.parts["offset"], clauses.parts["limit"] = limit[:1], limit[2:]
    return clauses


def _update(nodes: tuple[Node, ...]) -> Clauses:
    parts = _runs(nodes[1:], "target", _STARTS | {"set"})
    return _checked(Clauses("update", parts))


def _delete(nodes: tuple[Node, ...]) -> Clauses:
    parts = _runs(nodes[1:], "start", _STARTS | {"using"})
    parts["target"] = parts.pop("from", ())
    if "using" in parts:
        parts["from"] = parts.pop("using")
    return Clauses("delete", parts)


def _insert(nodes: tuple[Node, ...]) -> Clauses:
    """INSERT: the target and its columns, then VALUES or a query, then ON CONFLICT and RETURNING."""
    body, conflict, returning = _tail(nodes)
    start = next(
        (i for i, node in enumerate(body) if is_word(node, "values", "select", "with", "default")), len(body)
    )
    head = body[:start]
    rest = body[start:]
    names = [node for node in head if isinstance(node, Token) and node.text not in {"insert", "replace", "into"}]
    columns = [node for node in head if isinstance(node, Group)]
    parts: dict[str, tuple[Node, ...]] = {"target": tuple(names)}
    if columns:
        parts["columns"] = columns[0].children
    query = rest and is_word(rest[0], "select", "with")
    parts["values"] = (Group("(", ")", rest),) if query else rest
    if conflict:
        parts["conflict"] = conflict
    if returning:
        parts["returning"] = returning
    return Clauses(nodes[0].text if isinstance(nodes[0], Token) else "insert", parts)


def _tail(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...], tuple[Node, ...]]:
    """Split off ON CONFLICT and RETURNING from the end of an INSERT."""
    returning = next((i for i, node in enumerate(nodes) if is_word(node, "returning")), len(nodes))
    conflict = next(
        (i for i in range(returning - 1) if is_word(nodes[i], "on") and is_word(nodes[i + 1], "conflict")),
        returning,
    )
    return nodes[:conflict], nodes[conflict:returning], nodes[returning + 1 :]
