"""Statements as they are stored: placeholders by name, parameters folded, meaning kept.

Only what the golden shows elsewhere is folded. Parameters are listed below the statement, so the elements of a
list that SQLAlchemy expanded and the rows of VALUES that hold nothing but parameters become a count. Literals are
never folded.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pytest_query_snapshot.sql.lexer import collapsed
from pytest_query_snapshot.sql.syntax import NAME
from pytest_query_snapshot.sql.text_cache import cached_by_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Tokens = list[tuple[str, str]]

_ROW_PARAMETER = re.compile(r"(.+)_m(\d+)")


class Named(NamedTuple):
    """A statement with its placeholders by name, and those names in order of appearance."""

    sql: str
    names: tuple[str, ...]


@cached_by_text(maxsize=4096)
def name_placeholders(
    sql: str,
    *,
    names: tuple[str, ...] | None,
    folded: tuple[tuple[str, str], ...] = (),
    renamed: tuple[tuple[str, str], ...] = (),
    dialect: str = "",
    paramstyle: str | None = None,
    written_labels: frozenset[str] | None = None,
) -> Named:
    """Write `?`, `%(name)s` and `$1` as `:name`, and fold expanded lists and rows of parameters to a count.

    `names` are those of the positional placeholders, in order; None means that the text is the user's own and
    stays as it is. `folded` maps each element of an expanded list, such as status_1_2, to the name of the list,
    status_1. `renamed` gives placeholders of the driver another name. `paramstyle` is the driver's own. Labels of
    columns that repeat table and column are left out unless they are among `written_labels`; None keeps all.
    """
    tokens = collapsed(sql, dialect=dialect, paramstyle=None if names is None else paramstyle)
    while tokens and (tokens[-1][0] == "space" or tokens[-1] == ("char", ";")):
        del tokens[-1]
    lists = dict(folded)
    if names is not None:
        if written_labels is not None:
            tokens = _without_generated_labels(tokens, written_labels)
        doubled = paramstyle in {None, "format", "pyformat"}
        tokens = list(_named_tokens(tokens, names, renamed=dict(renamed), doubled=doubled))
        tokens = _fold_lists(tokens, lists=lists)
        if "VALUES" in sql.upper():
            tokens = _fold_values(tokens)
    seen: dict[str, None] = {}
    for kind, token in tokens:
        if kind == "param" and token.startswith(":"):
            seen[lists.get(token[1:], token[1:])] = None
        elif kind == "fold":
            seen.update(dict.fromkeys(token.split("\x1f")[1:]))
    text = "".join(token.split("\x1f")[0] if kind == "fold" else token for kind, token in tokens)
    return Named(text, tuple(seen))


def _named_tokens(
    tokens: Tokens, names: tuple[str, ...], *, renamed: Mapping[str, str], doubled: bool
) -> Iterator[tuple[str, str]]:
    positional = iter(names)
    doubled = doubled and any("%(" in token or "%%" in token or token == "%s" for _, token in tokens)
    for kind, token in tokens:
        if kind == "param":
            name = _name_of(token, positional, names)
            yield kind, f":{renamed[name[1:]]}" if name[1:] in renamed else name
        elif doubled and kind in {"literal", "quoted", "op", "comment"}:
            yield kind, token.replace("%%", "%")
        else:
            yield kind, token


def _name_of(token: str, positional: Iterator[str], names: tuple[str, ...]) -> str:
    if token.startswith("%("):
        return f":{token[2:-2]}"
    if token[0] in ":$" and token[1:].isdigit():
        number = int(token[1:])
        return f":{names[number - 1]}" if 0 < number <= len(names) else token
    if token[0] in ":$@":
        return token
    name = next(positional, None)  # PostgreSQL has operators with a question mark
    return token if name is None else f":{name}"


def _fold_lists(tokens: Tokens, *, lists: Mapping[str, str]) -> Tokens:
    """Fold `IN (:status_1_1, :status_1_2)` to `IN (... 2)` where these are the elements of one list, in order.

    With several lists in a statement, the fold shows which one it is: `IN (... 2 :status_1)`.
    """
    if not lists:
        return tokens
    elements: dict[str, list[str]] = {}
    for element, name in lists.items():
        elements.setdefault(name, []).append(element)
    folded: Tokens = []
    position = 0
    while position < len(tokens):
        kind, token = tokens[position]
        folded.append((kind, token))
        position += 1
        if (kind, token) != ("char", "("):
            continue
        end = _end_of_group(tokens, position)
        members = _parameters_of(tokens[position:end])
        if not members or len({cast for _, cast in members}) != 1:
            continue
        name = lists.get(members[0][0], "")
        if elements.get(name) == [member for member, _ in members]:
            shown = f" :{name}" if len(elements) > 1 else ""
            folded.append(("fold", f"... {len(members)}{members[0][1]}{shown}\x1f{name}"))
            position = end
    return folded


_OF_CAST = frozenset({"space", "word", "quoted", "number"})


def _parameters_of(tokens: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Read a list of parameters, each with its cast; empty if anything else stands in it."""
    found: list[tuple[str, str]] = []
    for member in _members(tokens):
        (kind, name), *rest = member or [("", "")]
        cast = "".join(token for _, token in rest).strip(" ")
        is_cast = cast[:2] == "::" and all(kind in _OF_CAST or token in "(),[]" for kind, token in rest[1:])
        if kind != "param" or name[0] != ":" or (cast and not is_cast):
            return []
        found.append((name[1:], cast))
    return found


def _members(tokens: Sequence[tuple[str, str]]) -> Iterator[Tokens]:
    """Cut a list at its commas; white space before a member is left out."""
    member: Tokens = []
    depth = 0
    for kind, token in (*tokens, ("char", ",")):
        if token == "," and not depth:
            yield member
            member = []
        elif member or kind != "space":
            depth += (token == "(") - (token == ")")
            member.append((kind, token))


def _end_of_group(tokens: Sequence[tuple[str, str]], start: int) -> int:
    """Return where the parenthesis that was opened before `start` is closed, or `start` if it never is."""
    depth = 1
    for position in range(start, len(tokens)):
        kind, token = tokens[position]
        if kind == "char":
            depth += (token == "(") - (token == ")")
            if not depth:
                return position
    return start


def _fold_values(tokens: Tokens) -> Tokens:
    """Fold `VALUES (:a_m0, :b_m0), (:a_m1, :b_m1)` to `VALUES (:a_m0, :b_m0), (... 1)`."""
    folded: Tokens = []
    uses = Counter(token for kind, token in tokens if kind == "param")
    position = 0
    while position < len(tokens):
        kind, token = tokens[position]
        folded.append((kind, token))
        position += 1
        if kind != "word" or token.upper() != "VALUES":
            continue
        rows, ends = _value_rows(tokens, position)
        if len(rows) > 1 and _can_fold(rows, uses):
            names = [name for row in rows[1:] for name, _ in row]
            folded.extend(tokens[position : ends[0] + 1])
            folded.append(("char", ", ("))
            folded.append(("fold", "\x1f".join([f"... {len(rows) - 1}", *names])))
            folded.append(("char", ")"))
            position = ends[-1] + 1
    return folded


def _value_rows(tokens: Tokens, start: int) -> tuple[list[list[tuple[str, str]]], list[int]]:
    """Find the bracketed rows after VALUES: the parameters that each holds, and where it ends."""
    rows: list[list[tuple[str, str]]] = []
    ends: list[int] = []
    position, expected = start, "("
    while position < len(tokens):
        kind, token = tokens[position]
        if kind != "space":
            if token != expected:
                break
            if token == "(":
                position = _end_of_group(tokens, position + 1)
                begin = (ends[-1] if ends else start) + 1
                opening = next(place for place in range(begin - 1, position) if tokens[place][1] == "(")
                rows.append(_parameters_of(tokens[opening + 1 : position]))
                ends.append(position)
            expected = "," if token == "(" else "("
        position += 1
    return rows, ends


def _can_fold(rows: list[list[tuple[str, str]]], uses: Mapping[str, int]) -> bool:
    """Return whether the list of parameters below the statement shows the rows that are folded.

    It does if each row holds parameters alone, in the order of the first, that stand nowhere else.
    """
    if not all(rows) or len({tuple(cast for _, cast in row) for row in rows}) != 1:
        return False
    if any(uses[f":{name}"] > 1 for row in rows for name, _ in row):
        return False
    numbered = [[_ROW_PARAMETER.fullmatch(name) for name, _ in row] for row in rows]
    if not any(match for row in numbered[1:] for match in row):
        return True
    columns = [_column(name) for name, _ in rows[0]]
    return all(
        match is not None and match[1] == column and int(match[2]) == number
        for number, row in enumerate(numbered[1:], start=1)
        for match, column in zip(row, columns, strict=True)
    )


def _column(name: str) -> str:
    """Return the column of a parameter of the first row; a default that Python makes is called by it alone."""
    match = _ROW_PARAMETER.fullmatch(name)
    return match[1] if match is not None and match[2] == "0" else name


_SETS = frozenset({"UNION", "INTERSECT", "EXCEPT"})
_PLAIN_NAME = re.compile(NAME)


def _without_generated_labels(tokens: Tokens, written: frozenset[str]) -> Tokens:
    """Leave out `AS order_id` behind `"order".id` in the outermost SELECT.

    SQLAlchemy 2.0 labels the columns of lazy, select-in and refreshing loads by table and column, 2.1 does not.
    """
    begin, end = _outermost_columns(tokens)
    kept = tokens[:begin]
    columns = tokens[begin:end]
    members = list(_members(columns))
    for number, member in enumerate(members):
        bare = [token for kind, token in member if kind != "space"]
        if len(bare) >= 5 and bare[-2].upper() == "AS" and _is_generated(bare, written):  # noqa: PLR2004  t . c AS l
            place = max(at for at, (_, token) in enumerate(member) if token.upper() == "AS")
            trailing = [member[-1]] if member[-1][0] == "space" else []
            member = [*member[: place - 1], *trailing]  # noqa: PLW2901  the member without its label
        kept += [*([("char", ","), ("space", " ")] if number else [("space", " ")]), *member]
    return kept + tokens[end:] if begin < end else tokens


def _is_generated(bare: list[str], written: frozenset[str]) -> bool:
    *column, _, label = bare
    names = [name.strip('"`[]') for name in column]
    if names[1::2] != ["."] * (len(names) // 2) or len(names) % 2 == 0:
        return False
    label = label.strip('"`[]')
    if label in written or not _PLAIN_NAME.fullmatch(label):
        return False
    parts = names[::2]
    by_table = {"_".join(parts[start:]) for start in range(len(parts) - 1)}
    return any(label == each or re.fullmatch(rf"{re.escape(each)}_+\d+", label) for each in {*by_table, parts[-1]})


def _outermost_columns(tokens: Tokens) -> tuple[int, int]:
    """Return where the columns of the outermost SELECT begin and end; nothing for a set operation."""
    depth = begin = end = 0
    for place, (kind, token) in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if depth or kind != "word":
            continue
        word = token.upper()
        if word in _SETS or word in {"INSERT", "UPDATE", "DELETE"}:
            return 0, 0
        if word == "SELECT" and not begin:
            begin = place + 1
        elif word == "FROM" and begin and not end:
            end = place
    return begin, end
