"""Run the statements of a seed on a real connection, all or nothing."""

from __future__ import annotations

from typing import Protocol

from pytest_query_snapshot.errors import SeedError
from pytest_query_snapshot.seeds.files import SeedFile
from pytest_query_snapshot.sql.splitter import ScriptStatement
from pytest_query_snapshot.sql.transaction_effects import Kind, classify

_CONTROL = frozenset({Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK})
_WHOLE = 64 * 2**20  # characters; a longer script would take too much of the server's memory at once


class Target(Protocol):
    """A real connection in a transaction that the caller rolls back when loading fails."""

    dialect_name: str
    driver_error: type[Exception]

    def load(self, sql: str) -> None:
        """Run one statement as it stands: no parameters, no escapes."""

    def load_script(self, script: str) -> bool:
        """Run a whole script at once, and tell whether that went well; if not, nothing of it has happened."""


def load(file: SeedFile, target: Target) -> None:
    """Load one file. Raises SeedError at the statement that failed.

    The driver runs a whole script faster than its statements one by one, but doesn't say where it stopped; so one
    that fails is run again, statement by statement.
    """
    statements = file.statements(target.dialect_name)
    for statement in statements:
        if not statement.text.startswith("INSERT"):  # nearly all of them do; no need to look closer
            _refuse_control(file, statement, target.dialect_name)
    if len(file.text) <= _WHOLE and target.load_script(file.text):
        return
    for statement in statements:
        try:
            target.load(statement.text)
        except target.driver_error as error:
            reason = str(error).strip().split("\n", 1)[0]
            line = statement.line(file.text)
            raise SeedError(file.shown, line, f"{reason} (nothing is loaded)", statement.text) from error


def _refuse_control(file: SeedFile, statement: ScriptStatement, dialect_name: str) -> None:
    meaning = classify(statement.text, dialect_name)
    if meaning.kind in _CONTROL:
        reason = "a seed must not begin or end transactions: it is loaded in one"
    elif meaning.kind is Kind.REFUSED:
        reason = f"not in a seed: {meaning.reason}"
    else:
        return
    raise SeedError(file.shown, statement.line(file.text), reason, statement.text)
