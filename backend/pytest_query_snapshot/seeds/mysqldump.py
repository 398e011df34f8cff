"""Rows of a dump that mysqldump or mariadb-dump wrote, as statements of the tests' own database."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_query_snapshot.errors import SeedError
from pytest_query_snapshot.sql.lexer import scan
from pytest_query_snapshot.sql.splitter import ScriptStatement, line_at, split

SUFFIX = ".mysqldump"
"""The suffix that stands for such a dump, whose file is called `.sql` like others."""

_MARK = re.compile(r"(?:-- (?:MySQL|MariaDB) dump|/\*M?!\d{5,6}|-- dialect: (?:mysql|mariadb)\b)", re.IGNORECASE)
_HEAD = 2000  # characters; the mark stands in one of the first lines
_ROWS = re.compile(r"(?:INSERT|REPLACE|DELETE)\b", re.IGNORECASE)
_OF_THE_DUMP = re.compile(r"(?:/\*M?!|SET\b|LOCK\b|UNLOCK\b|USE\b|START\b|BEGIN\b|COMMIT\b)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)|''|\"\"", re.DOTALL)
_CHARACTERS = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": r"\%", "_": r"\_"}


def is_mysqldump(text: str) -> bool:
    """Return whether a file says of itself that MySQL or MariaDB wrote it."""
    return _MARK.search(text, 0, _HEAD) is not None


def statements_of_mysqldump(text: str, *, shown: str, dialect_name: str) -> Iterator[ScriptStatement]:
    """Yield the statements that write rows, with standard quotes. Raises SeedError for definitions of tables."""
    for statement in split(text, dialect_name="mysql"):
        if _OF_THE_DUMP.match(statement.text):
            continue
        line = line_at(text, statement.offset)
        if not _ROWS.match(statement.text):
            reason = f"{dialect_name} can't read the tables of a MySQL dump; write it with --no-create-info"
            raise SeedError(shown, line, reason, statement.text)
        if re.search(r"\b_binary\s*['\"]", statement.text):
            raise SeedError(
                shown, line, "holds binary values as text; write the dump with --hex-blob", statement.text
            )
        yield ScriptStatement(_translated(statement.text, dialect_name), statement.offset)


def _translated(sql: str, dialect_name: str) -> str:
    return "".join(_token(kind, text, dialect_name) for kind, text in scan(sql, dialect="mysql"))


def _token(kind: str, text: str, dialect_name: str) -> str:
    if text.startswith("`"):
        return '"' + text[1:-1].replace("``", "`").replace('"', '""') + '"'
    if text[:1] in "bB" and text[1:2] == "'":
        return f"'{int(text[2:-1] or '0', 2)}'"
    if text.startswith(("'", '"')):
        return _literal(text)
    if kind == "number" and text[:2] in {"0x", "0X"}:
        return f"X'{text[2:]}'" if dialect_name == "sqlite" else f"'\\x{text[2:]}'"
    if text in {"0", "1"} and dialect_name != "sqlite":
        return f"'{text}'"  # a literal of no type yet: the column may be a boolean
    return text


def _literal(text: str) -> str:
    quote = text[0]

    def character(match: re.Match[str]) -> str:
        if match[1]:
            return _CHARACTERS.get(match[1], match[1])
        return quote if match.group() == 2 * quote else match.group()

    inner = _ESCAPE.sub(character, text[1:-1])
    return "'" + inner.replace("'", "''") + "'"
