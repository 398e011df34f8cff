"""Run the statements of a seed on a real connection, all or nothing."""

from __future__ import annotations

from typing import Protocol

from pytest_query_snapshot.databases.statements import Kind, classify
from pytest_query_snapshot.errors import SeedError
from pytest_query_snapshot.seeds.files import SeedFile

_CONTROL = frozenset({Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK})


class Target(Protocol):
    """A real connection in a transaction that the caller rolls back when loading fails."""

    dialect_name: str
    driver_error: type[Exception]

    def load(self, sql: str) -> None:
        """Run one statement as it stands: no parameters, no escapes."""


def load(file: SeedFile, target: Target) -> None:
    """Load one file. Raises SeedError at the statement that failed."""
    for statement in file.statements(target.dialect_name):
        _refuse_control(file, statement.line, statement.text, target.dialect_name)
        try:
            target.load(statement.text)
        except target.driver_error as error:
            reason = str(error).strip().split("\n", 1)[0]
            raise SeedError(file.shown, statement.line, f"{reason} (nothing is loaded)", statement.text) from error


def _refuse_control(file: SeedFile, line: int, sql: str, dialect_name: str) -> None:
    if sql[:6].upper() == "INSERT":  # nearly all of them; no need to look closer
        return
    meaning = classify(sql, dialect_name)
    if meaning.kind in _CONTROL:
        raise SeedError(file.shown, line, "a seed must not begin or end transactions: it is loaded in one", sql)
    if meaning.kind is Kind.REFUSED:
        raise SeedError(file.shown, line, f"not in a seed: {meaning.reason}", sql)
