"""Cut a statement into its clauses. Every node goes into one part of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_query_snapshot.sql.facts.assignments import one_by_one
from pytest_query_snapshot.sql.facts.insert_parts import alternative, insert_parts
from pytest_query_snapshot.sql.facts.named_windows import named_windows, with_windows
from pytest_query_snapshot.sql.word_tree import Group, Node, Token, is_name, is_symbol, is_word

VERBS = ("select", "insert", "update", "delete", "values", "replace", "merge", "table")
SET_OPERATIONS = ("union", "intersect", "except", "minus")

_STARTS = frozenset(
    {
        "from",
        "where",
        "group",
        "having",
        "window",
        "qualify",
        "order",
        "limit",
        "offset",
        "fetch",
        "for",
        "lock",
        "returning",
        "output",
        "option",
    }
)
_CLAUSES = {"lock": "for", "output": "returning"}
"""Clauses that have another name in one dialect: LOCK IN SHARE MODE of MySQL, OUTPUT of SQL Server."""
_LOCKS = ("update", "share", "no", "key")


@dataclass(slots=True)
class Clauses:
    """The clauses of one statement, each without the words that begin it."""

    verb: str
    parts: dict[str, tuple[Node, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommonTable:
    """One member of WITH: ``columns`` are the names it gives, ``rest`` what is not understood."""

    name: str
    body: tuple[Node, ...]
    columns: tuple[Node, ...] = ()
    rest: tuple[Node, ...] = ()
    head: tuple[Node, ...] = ()


def common_tables(nodes: tuple[Node, ...]) -> tuple[list[CommonTable], bool, tuple[Node, ...]]:
    """Split off ``WITH name AS (...)``: its members, whether it is RECURSIVE, and the statement behind it."""
    if not nodes or not is_word(nodes[0], "with"):
        return [], False, nodes
    recursive = len(nodes) > 1 and is_word(nodes[1], "recursive")
    tables: list[CommonTable] = []
    begin = at = 2 if recursive else 1
    while at < len(nodes):
        if is_word(nodes[at], *VERBS) and tables and not is_word(nodes[at - 1], "as"):
            break
        if isinstance(nodes[at], Group) and is_word(nodes[at - 1], "as", "materialized"):
            end = next((i for i in range(at + 1, len(nodes)) if _ends_member(nodes[i])), len(nodes))
            tables.append(_common_table(nodes[begin:at], nodes[at], nodes[at + 1 : end]))
            begin = at = end + (end < len(nodes) and is_symbol(nodes[end], ","))
        else:
            at += 1
    if not tables or begin != at:
        return [], False, nodes
    return tables, recursive, nodes[at:]


def _ends_member(node: Node) -> bool:
    return is_symbol(node, ",") or is_word(node, *VERBS) or isinstance(node, Group)


def _common_table(head: tuple[Node, ...], body: Node, rest: tuple[Node, ...]) -> CommonTable:
    named = [node for node in head if is_name(node) and not is_word(node, "as", "not", "materialized")]
    columns = next((node.children for node in head if isinstance(node, Group)), ())
    name = named[0].text if named and isinstance(named[0], Token) else ""
    children = body.children if isinstance(body, Group) else ()
    return CommonTable(name, children, columns, (*named[1:], *rest), head)


def arms_of(nodes: tuple[Node, ...]) -> list[tuple[str, tuple[Node, ...]]]:
    """Cut at UNION, INTERSECT and EXCEPT: each arm with the operation before it."""
    arms: list[tuple[str, list[Node]]] = [("", [])]
    for node in nodes:
        if is_word(node, *SET_OPERATIONS) and isinstance(node, Token):
            arms.append((node.text, []))
        elif is_word(node, "all", "distinct") and arms[-1][0] and not arms[-1][1]:
            arms[-1] = (f"{arms[-1][0]} all" if is_word(node, "all") else arms[-1][0], [])
        else:
            arms[-1][1].append(node)
    return [(operation, tuple(arm)) for operation, arm in arms]


def clauses_of(nodes: tuple[Node, ...]) -> Clauses | None:
    """Cut one statement into clauses, or None when it has none of the verbs."""
    if not nodes or not is_word(nodes[0], *VERBS) or not isinstance(nodes[0], Token):
        return None
    cut = {
        "select": _select,
        "update": _update,
        "delete": _delete,
        "insert": _insert,
        "replace": _insert,
        "merge": _merge,
        "table": _table,
    }.get(nodes[0].text)
    return Clauses("values", _runs(nodes[1:], "values", _STARTS)) if cut is None else cut(nodes)


def _runs(nodes: tuple[Node, ...], first: str, starts: frozenset[str]) -> dict[str, tuple[Node, ...]]:
    """Collect runs of nodes by the clause word that starts them; one that comes twice is not understood."""
    runs: dict[str, list[Node]] = {first: []}
    current = first
    for position, node in enumerate(nodes):
        before = nodes[position - 1] if position else None
        if is_word(node, *starts) and isinstance(node, Token) and not _is_operand(nodes, position, before):
            name = _CLAUSES.get(node.text, node.text)
            current = name if name not in runs or name in {"for", first} else "rest"
            runs.setdefault(current, [])
            if current in {"for", "rest"}:
                runs[current].append(node)
        elif current in {"group", "order"} and is_word(node, "by") and not runs[current]:
            continue
        else:
            runs[current].append(node)
    return {name: tuple(run) for name, run in runs.items()}


def _is_operand(  # noqa: PLR0911  one return per word
    nodes: tuple[Node, ...], position: int, before: Node | None
) -> bool:
    """``IS DISTINCT FROM`` is an operator, ``a.limit`` and ``AS limit`` are names, ``FOR`` begins only a lock."""
    node = nodes[position]
    if is_word(node, "from") and is_word(before, "distinct"):
        return position > 1 and is_word(nodes[position - 2], "is", "not")
    following = nodes[position + 1] if position + 1 < len(nodes) else None
    if is_word(node, "for") and not is_word(following, *_LOCKS):
        return True
    if is_word(node, "lock"):
        words = [each.text for each in nodes[position + 1 : position + 4] if isinstance(each, Token)]
        return words != ["in", "share", "mode"]
    if is_word(node, "output"):
        return not is_word(following, "inserted", "deleted")
    if is_word(node, "option"):  # OPTION (MAXDOP 1) of SQL Server
        return not isinstance(following, Group)
    if is_word(node, "group", "order") and not is_word(following, "by"):
        return True
    return is_symbol(before, ".") or is_word(before, "as")


def _insert(nodes: tuple[Node, ...]) -> Clauses | None:
    parts = insert_parts(nodes)
    return None if parts is None else Clauses("insert", parts)


_MODIFIERS = (
    *("high_priority", "straight_join", "sql_small_result", "sql_big_result", "sql_buffer_result"),
    *("sql_cache", "sql_no_cache", "sql_calc_found_rows"),
)
"""Words of MySQL between SELECT and its columns."""


def _select(nodes: tuple[Node, ...]) -> Clauses:
    parts = _runs(nodes[1:], "select", _STARTS)
    columns = parts["select"]
    if columns and is_word(columns[0], "distinct"):
        on = len(columns) > 2 and is_word(columns[1], "on") and isinstance(columns[2], Group)  # noqa: PLR2004  DISTINCT ON (...)
        end = 3 if on else 1
        parts["distinct"], parts["select"] = columns[:end], columns[end:]
    elif columns and is_word(columns[0], "all"):
        parts["select"] = columns[1:]
    parts["select"] = _without_top(parts["select"], parts)
    columns = parts["select"]
    start = next((i for i, node in enumerate(columns[:-1]) if not is_word(node, *_MODIFIERS)), 0)
    end = next((i for i in range(start, len(columns)) if _begins_into(columns, i)), len(columns))
    parts["select"], parts["other"], parts["into"] = columns[start:end], columns[:start], columns[end:]
    return _with_limits(Clauses("select", parts))


def _begins_into(columns: tuple[Node, ...], at: int) -> bool:
    """Return whether ``SELECT a INTO b`` names here where its rows go."""
    return is_word(columns[at], "into") and at > 0 and not is_symbol(columns[at - 1], ".")


def _without_top(nodes: tuple[Node, ...], parts: dict[str, tuple[Node, ...]]) -> tuple[Node, ...]:
    """Split off ``TOP (10) PERCENT WITH TIES``: it is the limit."""
    if len(nodes) < 2 or not is_word(nodes[0], "top") or is_symbol(nodes[1], ".", ","):  # noqa: PLR2004  TOP, amount
        return nodes
    end = 2
    if is_word(nodes[end] if end < len(nodes) else None, "percent"):
        end += 1
    if end + 1 < len(nodes) and is_word(nodes[end], "with") and is_word(nodes[end + 1], "ties"):
        end += 2
    parts["limit"] = nodes[1:end]
    return nodes[end:]


def _with_limits(clauses: Clauses) -> Clauses:
    """Write FETCH as LIMIT, and ``LIMIT 5, 10`` as limit and offset."""
    parts = clauses.parts
    if "fetch" in parts:
        parts["limit"] = (*parts.get("limit", ()), *_fetched(parts.pop("fetch")))
    if "qualify" in parts:
        parts["having"] = (*parts.get("having", ()), *parts.pop("qualify"))
    if "offset" in parts and len(parts["offset"]) > 1 and is_word(parts["offset"][-1], "row", "rows"):
        parts["offset"] = parts["offset"][:-1]
    limit = parts.get("limit", ())
    if len(limit) == 3 and is_symbol(limit[1], ","):  # noqa: PLR2004  offset, comma, limit
        parts["offset"], parts["limit"] = limit[:1], limit[2:]
    group = parts.get("group", ())
    if len(group) > 1 and is_word(group[0], "distinct", "all"):  # equal grouping sets once, or each
        parts["group"] = group[1:]
        parts["distinct keys"] = () if is_word(group[0], "all") else group[:1]
    if "set" in parts:
        parts["set"] = one_by_one(parts["set"])
    if "window" in parts:
        windows = named_windows(parts["window"])
        for name in ("select", "order", "having"):
            parts[name], used = with_windows(parts.get(name, ()), windows)
            parts["window"] = (*parts["window"], *used)
    return clauses


def _fetched(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """``FIRST 10 ROWS ONLY`` is 10, ``FIRST ROW ONLY`` is 1; WITH TIES stays."""
    kept = tuple(node for node in nodes if not is_word(node, "first", "next", "row", "rows", "only"))
    return kept or (Token("number", "1"),)


def _update(nodes: tuple[Node, ...]) -> Clauses:
    head, nodes = alternative(nodes[1:])
    parts = _runs(nodes, "target", _STARTS | {"set"})
    parts["target"] = _without_top(parts["target"], parts)
    parts["or"] = head
    return _with_limits(Clauses("update", parts))


def _delete(nodes: tuple[Node, ...]) -> Clauses:
    head, nodes = alternative(nodes[1:])
    parts = _runs(_with_one_from(nodes), "named", _STARTS | {"using"})
    named = _without_top(parts.pop("named"), parts)
    parts["target"] = parts.pop("from", ())
    parts["or"] = head
    if named:  # DELETE a FROM a JOIN b: the tables that lose rows
        parts["other" if parts["target"] else "target"] = named
    if "using" in parts:
        parts["from"] = parts.pop("using")
    return _with_limits(Clauses("delete", parts))


def _with_one_from(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Write ``DELETE FROM a FROM b`` of SQL Server as ``DELETE FROM a USING b``."""
    found = [
        i
        for i, node in enumerate(nodes)
        if is_word(node, "from") and not _is_operand(nodes, i, nodes[i - 1] if i else None)
    ]
    if len(found) != 2:  # noqa: PLR2004  the table that loses rows, and those that it is joined with
        return nodes
    second = nodes[found[1]]
    place = second.place if isinstance(second, Token) else -1
    return (*nodes[: found[1]], Token("word", "using", place), *nodes[found[1] + 1 :])


def _table(nodes: tuple[Node, ...]) -> Clauses:
    """``TABLE a`` is ``SELECT * FROM a``."""
    parts = _runs(nodes[1:], "from", _STARTS - {"from"})
    return _with_limits(Clauses("select", {"select": (Token("symbol", "*"),), **parts}))


def _merge(nodes: tuple[Node, ...]) -> Clauses:
    """MERGE: the target, the source and its condition, and the branches from WHEN on."""
    using = next((i for i, node in enumerate(nodes) if is_word(node, "using")), len(nodes))
    condition = next((i for i in range(using, len(nodes)) if is_word(nodes[i], "on")), len(nodes))
    when = next((i for i in range(using, len(nodes)) if is_word(nodes[i], "when")), len(nodes))
    returning = next((i for i in range(when, len(nodes)) if is_word(nodes[i], "returning", "output")), len(nodes))
    limit: dict[str, tuple[Node, ...]] = {}
    target = _without_top(nodes[1:using], limit)
    if target and is_word(target[0], "into"):
        target = target[1:]
    parts = {
        "target": target,
        "from": nodes[using + 1 : condition],
        "on": nodes[condition + 1 : when],
        "when": nodes[when:returning],
        "returning": nodes[returning + 1 :],
        **limit,
    }
    return Clauses("merge", {name: part for name, part in parts.items() if part})


def cut_at_where(action: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """Cut ``UPDATE SET a = 1 WHERE b DELETE WHERE c`` into the action and its conditions."""
    pieces: list[list[Node]] = [[]]
    for position, node in enumerate(action):
        following = action[position + 1] if position + 1 < len(action) else None
        if is_word(node, "where"):
            pieces.append([])
        elif not (position and is_word(node, "delete") and is_word(following, "where")):
            pieces[-1].append(node)
    if len(pieces) == 1:
        pieces.append([])
    return [tuple(piece) for piece in pieces]


def has_own_clauses(arm: tuple[Node, ...]) -> bool:
    """Return whether an arm stands in parentheses: its ORDER BY and LIMIT are its own."""
    if len(arm) != 1 or not isinstance(arm[0], Group):
        return False
    return any(is_word(node, "limit", "offset", "fetch", "order", "union", "intersect", "except", "with", "for")
               for node in arm[0].children)  # fmt: skip
