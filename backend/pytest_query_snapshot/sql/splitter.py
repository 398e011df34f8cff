"""A script cut into statements, by one regular expression that runs over whole statements.

A statement ends at a `;` outside of strings, quoted names, comments and dollar quotes, as the lexer reads them.
The body of a trigger, or of a function written `BEGIN ATOMIC`, ends at the `;` after an END that itself follows a
`;`: the rule of SQLite's own shell (https://www.sqlite.org/c3ref/complete.html); a column named `begin` and
CASE .. END can't confuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from pytest_query_snapshot.sql.lexer import end_of_nested_comment, scan
from pytest_query_snapshot.sql.syntax import (
    ANY,
    DOLLAR_TAG,
    FLAT_COMMENT,
    PART,
    PLAIN_COMMENT,
    SPACE,
    WHITESPACE,
    family_of,
    syntax_of,
)

_BODY_HEAD = re.compile(
    r"CREATE (?:OR REPLACE )?(?:(?:TEMP|TEMPORARY|CONSTRAINT) )?(?:TRIGGER|FUNCTION|PROCEDURE) "
)
_RULE_HEAD = re.compile(r"CREATE (?:OR REPLACE )?RULE ")
_BODY_CALLS = re.compile(r" EXECUTE (?:FUNCTION|PROCEDURE) ")
_COPY_IN = re.compile(r"COPY .* FROM STDIN ", re.DOTALL)
_COPY_DATA = re.compile(r"[^\n]*\n((?:.*?\n)??)\\\.[^\S\n]*(?:\n|\Z)", re.DOTALL)
_BODY_ENDS = re.compile(r"END", re.IGNORECASE)
_DOLLAR = re.compile(DOLLAR_TAG)
_PART = re.compile(PART)
_DELIMITER = re.compile(r"DELIMITER[ \t]+(\S+)[^\n]*", re.IGNORECASE)
_META_COMMAND = re.compile(r"\\[^\n]*")
_HARMLESS_META_COMMANDS = ("\\restrict ", "\\unrestrict ")
_HEAD_WORDS = 12


class UnterminatedError(ValueError):
    """A quote or comment is opened and never closed."""

    def __init__(self, what: str, line: int) -> None:
        self.line = line
        self.what = what
        super().__init__(f"line {line}: {what} is never closed")


class ScriptStatement(NamedTuple):
    """One statement without its `;`, and where in the script its first word stands.

    `data` is what follows a `COPY .. FROM stdin` of a dump, without the line that ends it.
    """

    text: str
    offset: int
    data: str | None = None

    def line(self, script: str) -> int:
        """Count the line, in the script without its byte order mark; only an error needs it."""
        return line_at(script, self.offset)


def line_at(script: str, offset: int) -> int:
    """Count lines from 1."""
    return 1 + script.count("\n", 0, offset)


def split(script: str, *, dialect_name: str) -> list[ScriptStatement]:
    """Cut a script into its statements; comments alone are not statements. Raises UnterminatedError."""
    return list(_statements(script.removeprefix("\ufeff"), dialect_name))


def _statements(script: str, dialect_name: str) -> Iterator[ScriptStatement]:
    position, length = 0, len(script)
    whole_statement = _statement(dialect_name).match
    special = _special_beginnings(dialect_name)
    delimiter = ";"
    while position < length:
        match = whole_statement(script, position)
        start, end = match.span(1)  # type: ignore[union-attr]  # it matches the empty text too
        at_end = end >= length or script[end] == ";"
        if start == end and not at_end and script.startswith("/*", start):
            position = _end_of_comment(script, start, dialect_name)
            continue
        if script.startswith(special, start):
            command = _client_command(script, start, dialect_name)
            if command is not None:
                delimiter = command[1] or delimiter
                if command[2]:
                    yield ScriptStatement(script[start : command[0]].rstrip(WHITESPACE), start)
                position = command[0]
                continue
        if delimiter != ";":
            end = _next_delimiter(script, start, delimiter, dialect_name)
        # one match may not get these right
        elif not at_end or script.startswith(("c", "C"), start):
            end = _end_of_statement(script, start, dialect_name)
        if end > start:  # not a lone `;`, nor a comment at the end
            data = _copied_data(script, start, end) if script.startswith(("COPY", "copy"), start) else None
            yield ScriptStatement(script[start:end].rstrip(WHITESPACE), start, data and data[1])
            if data is not None:
                end = data[0]
                position = end
                continue
        position = end + len(delimiter)


def _special_beginnings(dialect_name: str) -> tuple[str, ...]:
    return {"postgresql": ("\\",), "mysql": ("d", "D")}.get(family_of(dialect_name), ())


def _client_command(script: str, start: int, dialect_name: str) -> tuple[int, str, bool] | None:
    r"""Read a command of psql or mysql itself: its end, the delimiter that it sets, and whether it is kept.

    `\restrict` of pg_dump changes nothing for a loader. Any other command is kept, for the database to refuse it.
    """
    if family_of(dialect_name) == "mysql":
        match = _DELIMITER.match(script, start)
        return None if match is None else (match.end(), match[1], False)
    match = _META_COMMAND.match(script, start)
    return None if match is None else (match.end(), "", not match.group().startswith(_HARMLESS_META_COMMANDS))


def _next_delimiter(script: str, start: int, delimiter: str, dialect_name: str) -> int:
    position = start
    for _, token in scan(script[start:], dialect=dialect_name):
        if script.startswith(delimiter, position):
            return position
        position += len(token)
    return position


def _copied_data(script: str, start: int, end: int) -> tuple[int, str] | None:
    """Return where the data of a COPY ends, and the data; None if it reads from somewhere else."""
    if not _COPY_IN.match(_words(script[start:end], most=10**6)):
        return None
    match = _COPY_DATA.match(script, end + 1)
    return None if match is None else (match.end(), match[1])


def _words(statement: str, *, dialect_name: str = "postgresql", most: int) -> str:
    """Write the first words of a statement in upper case, without what stands between them."""
    words = (token.upper() for kind, token in scan(statement, dialect=dialect_name) if kind == "word")
    return " ".join(islice(words, most)) + " "


def _skip_blank(script: str, position: int, dialect_name: str) -> int:
    while True:
        position = _blank(dialect_name).match(script, position).end()  # type: ignore[union-attr]  # it matches the empty text too
        if not script.startswith("/*", position):
            return position
        position = _end_of_comment(script, position, dialect_name)


def _end_of_statement(script: str, start: int, dialect_name: str) -> int:
    end = _next_semicolon(script, start, dialect_name)
    if script[start : start + 6].upper() != "CREATE":
        return end
    head = _words(script[start:end], dialect_name=dialect_name, most=_HEAD_WORDS)
    if _RULE_HEAD.match(head):
        return _end_of_rule(script, start, end, dialect_name)
    if not _BODY_HEAD.match(head) or _is_complete(script[start:end], dialect_name):
        return end
    while end < len(script):
        after = _skip_blank(script, end + 1, dialect_name)
        closing = _BODY_ENDS.match(script, after)
        end = _next_semicolon(script, after, dialect_name)
        if closing and _skip_blank(script, closing.end(), dialect_name) >= end:
            return end
    return end


def _is_complete(head: str, dialect_name: str) -> bool:
    """Return whether what stands before the first `;` has no body, or an empty one."""
    words = f" {_words(head, dialect_name=dialect_name, most=len(head))}"
    return " BEGIN " not in words or bool(_BODY_CALLS.search(words)) or words.endswith(" BEGIN ATOMIC END ")


def _end_of_rule(script: str, start: int, end: int, dialect_name: str) -> int:
    """The commands of a rule stand in parentheses, with semicolons between them."""
    position, depth = start, 0
    while end < len(script):
        texts = [text for _, text in scan(script[position:end], dialect=dialect_name)]
        depth += texts.count("(") - texts.count(")")
        if depth <= 0:
            break
        position = end + 1
        end = _next_semicolon(script, position, dialect_name)
    return end


def _next_semicolon(script: str, position: int, dialect_name: str) -> int:
    """Find the next `;` outside of everything that quotes; the end of the script when there is none."""
    scanner = _scanner(dialect_name).match
    while True:
        position = scanner(script, position).end()  # type: ignore[union-attr]  # it matches the empty text too
        if position >= len(script) or script[position] == ";":
            return position
        # what one pass can't match: a nested comment, a dollar quote, or something left open
        if script.startswith("/*", position):
            position = _end_of_comment(script, position, dialect_name)
        elif script[position] == "$":
            position = _end_of_dollar_quote(script, position)
        else:
            raise UnterminatedError(script[position], line_at(script, position))


@cache
def _blank(dialect_name: str) -> re.Pattern[str]:
    """Match white space and comments; without the comments that MySQL executes."""
    syntax = syntax_of(dialect_name)
    comment = PLAIN_COMMENT if syntax.nested_comments else FLAT_COMMENT
    executed = r"(?!/\*!)" if syntax.hash_comments else ""
    return re.compile(f"(?:{SPACE}++|{syntax.line_comment}|{executed}{comment}){ANY}", re.DOTALL)


@cache
def _statement(dialect_name: str) -> re.Pattern[str]:
    """Match white space, line comments and what follows up to a `;`: group 1 is the statement."""
    return re.compile(f"{_blank(dialect_name).pattern}({_scanner(dialect_name).pattern})", re.DOTALL)


@cache
def _scanner(dialect_name: str) -> re.Pattern[str]:
    """Match, possessively, as much as holds no `;` outside of quotes and comments."""
    syntax = syntax_of(dialect_name)
    escaped = rf"'(?:[^'\\]++|\\.|''){ANY}'"
    parts = [r"""[^;'"/\-$`\[#]++""", r"'[^']*+'", r'"[^"]*+"', rf"(?!/\*)/|{syntax.line_comment}|-", "#"]
    if syntax.hash_comments:
        parts[4] = r"#[^\n]*+"
    if syntax.backslash_escapes:
        parts[1:3] = [escaped, escaped.replace("'", '"')]
    elif syntax.dollar_quotes:  # the dialects with E'..'
        parts[1] = rf"(?<![eE])'[^']*+'|(?<=\W[eE]){escaped}|(?<!\W[eE])'[^']*+'"
    parts.append(PLAIN_COMMENT if syntax.nested_comments else FLAT_COMMENT)
    parts.append("`[^`]*+`" if syntax.backticks else "`")
    parts.append(r"\[[^\]]*+\]" if syntax.brackets else r"\[")
    if not syntax.dollar_quotes:
        parts.append(r"\$")
    return re.compile(f"(?:{'|'.join(parts)}){ANY}", re.DOTALL)


def _end_of_comment(script: str, position: int, dialect_name: str) -> int:
    end = -1
    if syntax_of(dialect_name).nested_comments:
        end = end_of_nested_comment(script, position)
    if end < 0:
        raise UnterminatedError("/*", line_at(script, position))
    return end


def _end_of_dollar_quote(script: str, position: int) -> int:
    opening = _DOLLAR.match(script, position)
    if opening is None or (position and _PART.match(script[position - 1])):
        return position + 1  # a parameter like $1, or a name like a$b
    closing = script.find(opening.group(), opening.end())
    if closing < 0:
        raise UnterminatedError(opening.group(), line_at(script, position))
    return closing + len(opening.group())
