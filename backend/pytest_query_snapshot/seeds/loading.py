"""Load a seed on a real connection, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

from pytest_query_snapshot.errors import SeedError
from pytest_query_snapshot.seeds.files import SeedFile
from pytest_query_snapshot.sql.effects.transactions import Kind, classify
from pytest_query_snapshot.sql.splitter import ScriptStatement

_TRANSACTION = frozenset({Kind.BEGIN, Kind.COMMIT})
_WHOLE = 64 * 2**20  # characters; a longer script would take too much of the server's memory
# who owns a table is of no matter to a test, and the owners of a dump need not exist here; the setting is one of
# PostgreSQL 17, which pg_dump writes for older servers too
_OF_A_DUMP = re.compile(
    r"ALTER\s.*\sOWNER\s+TO\s|SET\s+transaction_timeout\b|LOCK\s+TABLES\b|UNLOCK\b", re.IGNORECASE | re.DOTALL
)
_UNCHECKED = re.compile(r"PRAGMA\s+foreign_keys\s*(?:=\s*|\(\s*)(?:OFF|0|NO|FALSE)\b", re.IGNORECASE)


class Target(Protocol):
    """A real connection in a transaction that the caller rolls back when loading fails."""

    dialect_name: str
    driver_error: type[Exception]

    def load(self, sql: str) -> None:
        """Run one statement as it stands: no parameters, no escapes."""

    def load_script(self, script: str) -> bool:
        """Run a whole script, and tell whether that went well; if not, nothing of it has happened."""

    def copy(self, statement: str, data: str) -> None:
        """Run COPY .. FROM stdin with its data."""

    def call(self, function: Callable[[Any], object]) -> None:
        """Call a Python seed with an ORM session on this connection."""

    def postpone_checks(self) -> None:
        """Check foreign keys when all seeds are loaded."""

    def end_file(self) -> None:
        """Return the settings of the connection to what they were before the file."""


def load(file: SeedFile, target: Target) -> None:
    """Load one seed. Raises SeedError at the statement that failed.

    The driver runs a whole script faster than its statements one by one, but doesn't say where it stopped; so one
    that fails is run again, statement by statement.
    """
    if file.function is not None:
        _call(file, target)
        return
    statements = file.statements(target.dialect_name)
    kept = [one for one in statements if _is_kept(file, one, target)]
    if not any(one.data is not None for one in kept) and len(file.text) <= _WHOLE:
        whole = len(kept) == len(statements) and file.suffix == ".sql"
        script = file.text if whole else ";\n".join(one.text for one in kept)
        if target.load_script(script):
            target.end_file()
            return
    for statement in kept:
        _load_one(file, statement, target)
    target.end_file()


def _load_one(file: SeedFile, statement: ScriptStatement, target: Target) -> None:
    try:
        if statement.data is not None:
            target.copy(statement.text, statement.data)
        else:
            target.load(statement.text)
    except target.driver_error as error:
        reason = str(error).strip().split("\n", 1)[0]
        line = statement.line(file.text)
        raise SeedError(file.shown, line, f"{reason} (nothing is loaded)", statement.text) from error


def _call(file: SeedFile, target: Target) -> None:
    assert file.function is not None  # noqa: S101  the caller has looked
    try:
        target.call(file.function)
    except Exception as error:
        reason = f"seed {file.name!r} raised {type(error).__name__}: {error} (nothing is loaded)"
        raise SeedError(file.shown, file.line, reason) from error
    target.end_file()


def _is_kept(file: SeedFile, statement: ScriptStatement, target: Target) -> bool:
    """Return whether a statement is to be run; what a dump says of its own session is not. Raises SeedError."""
    text = statement.text
    if text.startswith("INSERT") or statement.data is not None:  # nearly all of them do; no need to look closer
        return True
    if _OF_A_DUMP.match(text):
        return False
    if target.dialect_name == "sqlite" and _UNCHECKED.match(text):
        target.postpone_checks()  # rows may come before those that they point to
        return False
    meaning = classify(text, target.dialect_name)
    if meaning.kind is Kind.ROLLBACK:
        reason = "a seed must not roll back: it is loaded in one transaction"
    elif meaning.kind is Kind.REFUSED:
        reason = f"not in a seed: {meaning.reason}"
    else:
        return meaning.kind not in _TRANSACTION and meaning.kind is not Kind.IGNORED
    raise SeedError(file.shown, statement.line(file.text), reason, text)
