"""A script cut into statements, by one regular expression that runs over whole statements.

A statement ends at a `;` outside of strings, quoted names, comments and dollar quotes. The body of a trigger, or
of a function written `BEGIN ATOMIC`, ends at the `;` after an END that itself follows a `;`: the rule of SQLite's
own shell (https://www.sqlite.org/c3ref/complete.html); a column named `begin` and CASE .. END can't confuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_BODY_HEAD = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:TEMP|TEMPORARY|CONSTRAINT)\s+)?(?:TRIGGER|FUNCTION|PROCEDURE)\b",
    re.IGNORECASE,
)
_BODY_BEGINS = re.compile(r"\bBEGIN\b", re.IGNORECASE)
_BODY_CALLS = re.compile(r"\bEXECUTE\s+(?:FUNCTION|PROCEDURE)\b", re.IGNORECASE)
_BODY_ENDS = re.compile(r"END", re.IGNORECASE)
_NOISE = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|(\$\w*\$).*?\1""", re.DOTALL)
# Before 3.11.5 a possessive group that goes back inside itself ends in the wrong place (CPython issue 106052).
# There it repeats greedily, which finds the same and remembers more.
_ANY = "*+" if re.match("(?:ab?c)*+", "aca").span() == (0, 2) else "*"  # type: ignore[union-attr]  # it matches
_MAYBE = _ANY.replace("*", "?")
_PLAIN_COMMENT = rf"/\*(?:[^*/]++|\*(?!/)|/(?!\*)){_ANY}\*/"  # with no other comment begun inside
_BLANK = re.compile(rf"(?:\s++|--[^\n]*+|{_PLAIN_COMMENT}){_ANY}")
_DOLLAR = re.compile(r"\$(?:[^\W\d]\w*)?\$")
_NESTING = re.compile(r"/\*|\*/")


class UnterminatedError(ValueError):
    """A quote or comment is opened and never closed."""

    def __init__(self, what: str, line: int) -> None:
        self.line = line
        self.what = what
        super().__init__(f"line {line}: {what} is never closed")


class ScriptStatement(NamedTuple):
    """One statement without its `;`, and where in the script its first word stands."""

    text: str
    offset: int

    def line(self, script: str) -> int:
        """Count the line, in the script without its byte order mark; only an error needs it."""
        return line_at(script, self.offset)


def line_at(script: str, offset: int) -> int:
    """Count lines from 1."""
    return 1 + script.count("\n", 0, offset)


def split(script: str, *, dialect_name: str) -> list[ScriptStatement]:
    """Cut a script into its statements; comments alone are none. Raises UnterminatedError."""
    return list(_statements(script.removeprefix("\ufeff"), dialect_name))


def _statements(script: str, dialect_name: str) -> Iterator[ScriptStatement]:
    position, length = 0, len(script)
    whole_statement = _statement(dialect_name).match
    while position < length:
        match = whole_statement(script, position)
        start, end = match.span(1)  # type: ignore[union-attr]  # it matches the empty text too
        at_end = end >= length or script[end] == ";"
        if start == end and not at_end and script.startswith("/*", start):
            position = _end_of_comment(script, start, nested=dialect_name == "postgresql")
            continue
        if not at_end or script.startswith(("c", "C"), start):  # what one match may not get right
            end = _end_of_statement(script, start, dialect_name)
        if end > start:  # not a lone `;`, nor a comment at the end
            yield ScriptStatement(script[start:end].rstrip(), start)
        position = end + 1


def _skip_blank(script: str, position: int, *, nested: bool) -> int:
    while True:
        position = _BLANK.match(script, position).end()  # type: ignore[union-attr]  # it matches the empty text too
        if not script.startswith("/*", position):
            return position
        position = _end_of_comment(script, position, nested=nested)


def _end_of_statement(script: str, start: int, dialect_name: str) -> int:
    end = _next_semicolon(script, start, dialect_name)
    if script[start : start + 6].upper() != "CREATE" or not _has_body(script[start:end]):
        return end
    while end < len(script):
        after = _skip_blank(script, end + 1, nested=dialect_name == "postgresql")
        closing = _BODY_ENDS.match(script, after)
        end = _next_semicolon(script, after, dialect_name)
        if closing and not _NOISE.sub("", script[closing.end() : end]).strip():
            return end
    return end


def _has_body(head: str) -> bool:
    if not _BODY_HEAD.match(head):
        return False
    bare = _NOISE.sub(" ", head)
    return bool(_BODY_BEGINS.search(bare)) and not _BODY_CALLS.search(bare)


def _next_semicolon(script: str, position: int, dialect_name: str) -> int:
    """Find the next `;` outside of everything that quotes; the end of the script when there is none."""
    scan = _scanner(dialect_name).match
    while True:
        position = scan(script, position).end()  # type: ignore[union-attr]  # it matches the empty text too
        if position >= len(script) or script[position] == ";":
            return position
        # what one pass can't match: a nested comment, a dollar quote, or something left open
        if script.startswith("/*", position):
            position = _end_of_comment(script, position, nested=dialect_name == "postgresql")
        elif script[position] == "$":
            position = _end_of_dollar_quote(script, position)
        else:
            raise UnterminatedError(script[position], line_at(script, position))


@cache
def _statement(dialect_name: str) -> re.Pattern[str]:
    """Match white space, line comments and what follows up to a `;`: group 1 is the statement."""
    return re.compile(f"{_BLANK.pattern}({_scanner(dialect_name).pattern})", re.DOTALL)


@cache
def _scanner(dialect_name: str) -> re.Pattern[str]:
    """Match, possessively, as much as holds no `;` outside of quotes and comments."""
    parts = [
        r"""[^;'"/\-$`\[]++""",
        r"'[^']*+'",
        r'"[^"]*+"',
        rf"-(?:-[^\n]*+){_MAYBE}",
        r"/(?!\*)",
    ]
    if dialect_name == "postgresql":
        parts[1] = rf"(?<![eE])'[^']*+'|(?<=\W[eE])'(?:[^'\\]++|\\.|''){_ANY}'|(?<!\W[eE])'[^']*+'"
        parts += [r"[`\[]", _PLAIN_COMMENT]
    else:
        parts += [r"`[^`]*+`", r"\[[^\]]*+\]", r"\$", rf"/\*(?:[^*]++|\*(?!/)){_ANY}\*/"]
    return re.compile(f"(?:{'|'.join(parts)}){_ANY}", re.DOTALL)


def _end_of_comment(script: str, position: int, *, nested: bool) -> int:
    depth = 0
    for match in _NESTING.finditer(script, position):
        if match.group() == "*/":
            depth -= 1
        elif nested or depth == 0:
            depth += 1
        if depth == 0:
            return match.end()
    raise UnterminatedError("/*", line_at(script, position))


def _end_of_dollar_quote(script: str, position: int) -> int:
    opening = _DOLLAR.match(script, position)
    if opening is None or (position and (script[position - 1].isalnum() or script[position - 1] in "_$")):
        return position + 1  # a parameter like $1, or a name like a$b
    closing = script.find(opening.group(), opening.end())
    if closing < 0:
        raise UnterminatedError(opening.group(), line_at(script, position))
    return closing + len(opening.group())
