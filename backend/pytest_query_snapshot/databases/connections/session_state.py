"""Statements that leave something on a connection, and statements that change more than the database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.errors import RefusedError
from pytest_query_snapshot.sql.effects.sessions import names_in, session_effects
from pytest_query_snapshot.sql.effects.transactions import Kind, classify
from pytest_query_snapshot.sql.effects.writes import may_write
from pytest_query_snapshot.sql.lexer import scan
from pytest_query_snapshot.sql.splitter import split


@dataclass(frozen=True, slots=True)
class LeavingFunctions:
    """Functions of the schema that leave something on the session that calls them.

    by_trigger: whether a trigger may call one, so that any write may.
    """

    names: frozenset[str] = frozenset()
    by_trigger: bool = False

    def are_called(self, statement: str) -> bool:
        """Return whether a statement may call one."""
        return (self.by_trigger and may_write(statement)) or bool(
            self.names and not self.names.isdisjoint(names_in(statement, "postgresql"))
        )


NO_FUNCTIONS = LeavingFunctions()
_BLINDING = "event_triggers"  # by which changes of the structure are found
_SQLITE_SETTERS = frozenset({"PRAGMA", "ATTACH", "DETACH"})
_EXCLUSIVE = {
    "journal_mode": frozenset({"delete", "truncate", "persist", "memory", "off"}),
    "locking_mode": frozenset({"exclusive"}),
}
_DEFINING = frozenset({"CREATE", "ALTER", "DROP"})
_SHARED = frozenset({"ROLE", "USER", "GROUP", "DATABASE", "TABLESPACE", "SYSTEM"})
_PREPARED = (("PREPARE", "TRANSACTION"), ("COMMIT", "PREPARED"), ("ROLLBACK", "PREPARED"))
_GRANTING = frozenset({"GRANT", "REVOKE"})
# words before the first statement of a block, and between two
_STARTS = frozenset({"BEGIN", "THEN", "ELSE", "LOOP"})


@lru_cache(maxsize=4096)
def leaves_something(statement: str, dialect_name: str) -> bool:
    """Return whether a statement may leave something on its connection when its transaction has ended.

    On PostgreSQL that is a setting, a session lock, a prepared statement, a temporary table, a cursor, a channel.
    """
    if dialect_name != "sqlite":
        return session_effects(statement, dialect_name).outlives_transaction
    return session_effects(statement, dialect_name).outlives_transaction or any(
        words[0] in _SQLITE_SETTERS and classify(text, dialect_name).kind is not Kind.READ
        for text, words in _parts(statement, dialect_name)
    )


def check_server(statement: str) -> None:
    """Refuse a statement of PostgreSQL that changes more than the database. Raises RefusedError."""
    refused = _server_wide(statement)
    if refused:
        raise RefusedError(
            refused,
            "it belongs to the whole server or outlives every connection, so the isolation mode connections "
            "can't undo it",
            project_line(),
        )


def check_file(statement: str, *, has_log: bool) -> None:
    """Refuse a PRAGMA that SQLite executes only where no other connection has the file open. Raises RefusedError.

    has_log: whether the journal mode of the file is WAL.
    """
    name, value = _exclusive(statement)
    if name == "locking_mode" or (name and has_log):
        raise RefusedError(
            f"PRAGMA {name} = {value}",
            "SQLite does that only where no other connection is open, and in the isolation mode connections one "
            "is, to undo what a test writes. Leave it out in tests (the journal mode of their database is WAL), "
            'or mark the test isolation("savepoint")',
            project_line(),
        )


@lru_cache(maxsize=4096)
def _exclusive(statement: str) -> tuple[str, str]:
    """Return the PRAGMA and the value that need the file alone; empty texts where there is none."""
    for _, words in _parts(statement, "sqlite"):
        found = [word.strip("\"'`[]").lower() for word in words if word not in {"=", "(", ")", "."}]
        if found[0] == "pragma" and found[1:2] == ["main"]:
            del found[1]
        name, value = (*found[1:3], "", "")[:2]
        if found[0] == "pragma" and value in _EXCLUSIVE.get(name, ()):
            return name, value
    return "", ""


@lru_cache(maxsize=4096)
def _server_wide(statement: str) -> str:
    dialect_name = "postgresql"
    if any(each.name == _BLINDING for each in session_effects(statement, dialect_name).settings):
        return f"the setting {_BLINDING}"
    named = (
        _named(words)
        for text, words in _parts(statement, dialect_name)
        for words in (words, *(_words(inner, dialect_name) for inner in _block(text, words, dialect_name)))
    )
    return next(filter(None, named), "")


def _named(words: list[str]) -> str:
    """Return the first words of a statement that concerns the server; empty for others."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    if (first, second) in _PREPARED or (first in _DEFINING and second in _SHARED and words[2:3] != ["MAPPING"]):
        return f"{first} {second}"
    if first in _GRANTING and _is_of_server(words):
        return f"{first} of the server"
    return ""


def _is_of_server(words: list[str]) -> bool:
    """Return whether GRANT or REVOKE concerns roles, a database, a tablespace or a parameter."""
    if "ON" not in words:
        return True
    return words[words.index("ON") + 1 :][:1] in (["DATABASE"], ["TABLESPACE"], ["PARAMETER"])


def _block(text: str, words: list[str], dialect_name: str) -> list[str]:
    """Return the statements of a DO block."""
    if words[0] != "DO":
        return []
    literals = (token for kind, token in scan(text, dialect=dialect_name) if kind == "literal")
    bodies = (token.strip("'") if token[0] == "'" else token[token.index("$", 1) + 1 :] for token in literals)
    return [statement for body in bodies for statement in statements_in(body, dialect_name)]


def statements_in(code: str, dialect_name: str) -> list[str]:
    """Return the statements of the code of a function or a block, without the words that lead to them."""
    found: list[list[str]] = [[]]
    for kind, text in scan(code, dialect=dialect_name):
        if text == ";" or (kind == "word" and text.upper() in _STARTS):
            found.append([])
        elif kind not in {"space", "comment"}:
            found[-1].append(text)
    return [" ".join(tokens) for tokens in found if tokens]


def _parts(statement: str, dialect_name: str) -> list[tuple[str, list[str]]]:
    """Return each statement of a text with its words."""
    is_one = ";" not in statement.rstrip().removesuffix(";")
    texts = [statement] if is_one else [part.text for part in split(statement, dialect_name=dialect_name)]
    found = ((text, [word for word in _words(text, dialect_name) if word != ";"]) for text in texts)
    return [(text, words) for text, words in found if words]


def _words(text: str, dialect_name: str) -> list[str]:
    return [token.upper() for kind, token in scan(text, dialect=dialect_name) if kind not in {"space", "comment"}]
