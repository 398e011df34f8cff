"""Statements as they are stored: values folded, meaning kept, laid out by sqlparse where it can."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pytest_query_snapshot.sql.lexer import canonical, collapse, scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# sqlparse raises beyond 10,000 tokens and beyond a depth of 100; well below, it is already slow.
MOST_TOKENS = 9_000
DEEPEST = 80
# sqlparse breaks these clauses in two
_LOCK = re.compile(r"\n( *)FOR(?:\s+NO\s+KEY)?\s+UPDATE\b")
_DELETE = re.compile(r"\bDELETE\s+FROM\b")


class Named(NamedTuple):
    """A statement with its placeholders by name, and those names in order of appearance."""

    sql: str
    names: tuple[str, ...]


@lru_cache(maxsize=4096)
def name_placeholders(
    sql: str, *, names: tuple[str, ...] | None, folded: tuple[tuple[str, str], ...] = ()
) -> Named:
    """Write `?`, `%(name)s` and `$1` as `:name`, and fold IN lists and rows of VALUES to a count.

    `names` are those of the positional placeholders, in order; None means that the text is the
    user's own and its placeholders stay as they are. `folded` maps each element of an expanded list,
    such as status_1_2, to the name of the list, status_1.
    """
    lists = dict(folded)
    tokens = _named_tokens(collapse(sql).rstrip("; \n"), names=names)
    tokens = _fold_values(_fold_lists(tokens, lists=lists))
    seen: dict[str, None] = {}
    for kind, token in tokens:
        if kind == "param" and token.startswith(":"):
            seen[lists.get(token[1:], token[1:])] = None
        elif kind == "fold":
            seen.update(dict.fromkeys(token.split("\x1f")[1:]))
    text = "".join(token.split("\x1f")[0] for _, token in tokens)
    return Named(text, tuple(seen))


def _named_tokens(sql: str, *, names: tuple[str, ...] | None) -> list[tuple[str, str]]:
    if names is None:
        return list(scan(sql))
    tokens: list[tuple[str, str]] = []
    positional = iter(names)
    pyformat = "%(" in sql or "%%" in sql
    for kind, token in scan(sql):
        named = token
        if kind == "param" and not token.startswith(":"):
            named = _name_of(token, positional, names)
        elif pyformat and kind in {"literal", "quoted", "op"}:
            named = token.replace("%%", "%")
        tokens.append((kind, named))
    return tokens


def _name_of(token: str, positional: Iterator[str], names: tuple[str, ...]) -> str:
    if token.startswith("%("):
        return f":{token[2:-2]}"
    if token.startswith("$"):
        number = int(token[1:])
        return f":{names[number - 1]}" if number <= len(names) else token
    name = next(positional, None)  # PostgreSQL has operators with a question mark
    return token if name is None else f":{name}"


def _fold_lists(tokens: list[tuple[str, str]], *, lists: dict[str, str]) -> list[tuple[str, str]]:
    """Fold `IN (:status_1_1, :status_1_2)` to `IN (... 2)`."""
    folded: list[tuple[str, str]] = []
    position = 0
    while position < len(tokens):
        kind, token = tokens[position]
        folded.append((kind, token))
        position += 1
        if kind != "char" or token != "(" or not _ends_with_in(folded[:-1]):
            continue
        _, end = _group(tokens, position)
        members = list(_members(tokens[position:end]))
        casts = {cast for _, cast in members}
        if len(casts) == 1 and all(kind == "param" for (kind, _), _ in members):
            owners = dict.fromkeys(lists.get(text[1:], text[1:]) for (_, text), _ in members if text[0] == ":")
            folded.append(("fold", "\x1f".join([f"... {len(members)}{casts.pop()}", *owners])))
            position = end
    return folded


_OF_CAST = frozenset({"space", "word", "quoted", "number"})


def _members(tokens: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], str]]:
    """Cut a list at its commas: what each member begins with, and the cast that follows, if nothing else does."""
    member: list[tuple[str, str]] = []
    depth = 0
    for kind, token in (*tokens, ("char", ",")):
        if token == "," and not depth:
            first, *rest = member or [("", "")]
            cast = "".join(token for _, token in rest).strip()
            is_cast = cast[:2] == "::" and all(kind in _OF_CAST or token in "(),[]" for kind, token in rest[1:])
            yield first if not cast or is_cast else ("", ""), cast
            member = []
        elif member or kind != "space":
            depth += (token == "(") - (token == ")")
            member.append((kind, token))


def _ends_with_in(tokens: list[tuple[str, str]]) -> bool:
    for kind, token in reversed(tokens[-2:]):
        if kind != "space":
            return token.upper() == "IN"
    return False


def _group(tokens: Sequence[tuple[str, str]], start: int) -> tuple[list[tuple[str, str]], int]:
    """Return what stands between an opened bracket and its end, without white space, and where that end is."""
    depth = 1
    inner: list[tuple[str, str]] = []
    for position in range(start, len(tokens)):
        kind, token = tokens[position]
        if kind == "char":
            depth += (token == "(") - (token == ")")
            if not depth:
                return inner, position
        if kind != "space":
            inner.append((kind, token))
    return [], start


def _fold_values(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fold `VALUES (:a_m0, :b_m0), (:a_m1, :b_m1)` to `VALUES (:a_m0, :b_m0), (... 1)`: rows of one shape only."""
    folded: list[tuple[str, str]] = []
    position = 0
    while position < len(tokens):
        kind, token = tokens[position]
        folded.append((kind, token))
        position += 1
        if kind != "word" or token.upper() != "VALUES":
            continue
        rows = _value_rows(tokens, position)
        if len(rows) > 1 and len({_shape(group) for group, _ in rows}) == 1:
            first_end, last_end = rows[0][1], rows[-1][1]
            names = [text[1:] for group, _ in rows[1:] for kind, text in group if kind == "param"]
            folded.extend(tokens[position : first_end + 1])
            folded.append(("char", ", ("))
            folded.append(("fold", "\x1f".join([f"... {len(rows) - 1}", *names])))
            folded.append(("char", ")"))
            position = last_end + 1
    return folded


def _value_rows(tokens: list[tuple[str, str]], start: int) -> list[tuple[list[tuple[str, str]], int]]:
    """Find the bracketed rows after VALUES: what each holds, and where it ends."""
    rows: list[tuple[list[tuple[str, str]], int]] = []
    position, expected = start, "("
    while position < len(tokens):
        kind, token = tokens[position]
        if kind != "space":
            if token != expected:
                break
            if token == "(":
                group, end = _group(tokens, position + 1)
                rows.append((group, end))
                position = end
            expected = "," if token == "(" else "("
        position += 1
    return rows


def _shape(group: list[tuple[str, str]]) -> tuple[str, ...]:
    """Say what a row of VALUES is made of: its values do not count, its functions and casts do."""
    return tuple("?" if kind in {"param", "literal", "number"} else text for kind, text in group)


def layout(sql: str) -> str:
    """Lay a statement out for reading; what sqlparse can't take, or would change, stays as it is."""
    tokens = 0
    depth = deepest = 0
    for _, token in scan(sql):
        tokens += 1
        depth += (token == "(") - (token == ")")
        deepest = max(deepest, depth)
    if tokens > MOST_TOKENS or deepest > DEEPEST:
        return sql
    # the marker of a fold is no SQL: sqlparse gets an ordinary name in its place
    hidden = sql.replace("(... ", "(query_snapshot_fold_")
    try:
        text = _format(hidden)
    except Exception:  # noqa: BLE001  whatever a formatter of any version raises, the text is still good
        return sql
    lines = (line.rstrip() for line in text.strip().splitlines())
    text = "\n".join(lines).replace("query_snapshot_fold_", "... ")
    text = _LOCK.sub(lambda match: f"\n{match[1]}" + " ".join(match[0].split()), text)
    text = _DELETE.sub("DELETE FROM", text)
    return text if canonical(text) == canonical(sql) else sql


def _format(sql: str) -> str:
    import sqlparse  # noqa: PLC0415  costs 15 ms, and a run that passes never formats

    return str(sqlparse.format(sql, reindent=True))
