"""The interface of a keeper: the plugin's own connection to a database that the application uses as it likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pytest_query_snapshot.databases.connections.session_state import LeavingFunctions
    from pytest_query_snapshot.databases.touched_rows import TouchedRows
    from pytest_query_snapshot.seeds.files import SeedFile


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """A transaction that is open on another connection.

    owner: what identifies the connection to the keeper (a process id on PostgreSQL).
    has_written: whether a commit would change the database.
    """

    owner: int
    state: str
    statement: str
    has_written: bool

    def only_reads(self) -> OpenTransaction:
        """Return the same transaction as one that has not written."""
        return replace(self, has_written=False)

    def __str__(self) -> str:
        statement = " ".join(self.statement.split())[:120]
        return f"{self.state}, last statement: {statement or '(none)'}"


class Look(NamedTuple):
    """The result of the quick check: a possible change, an open transaction."""

    changed: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """The outcome of putting a database back.

    connections_ended: whether every other connection to the database was ended.
    refused: changes that can't be undone.
    noticed: changes of a server that other clients use as well: any of them may have made them.
    """

    connections_ended: bool = False
    refused: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()


class Keeper(Protocol):
    """Remembers states of one database (baselines), finds changes, and puts a baseline back."""

    dialect_name: str
    url: sa.URL
    notes: list[str]
    leaving_functions: LeavingFunctions
    """Those of the schema, read when the last baseline was taken."""

    def create(self) -> None:
        """Create the database, empty or as a copy of the one that the run was given."""

    def load(self, files: Sequence[SeedFile]) -> None:
        """Load seeds and commit them. Raises SeedError; nothing of the file stays."""

    def capture(self) -> Any:
        """Remember the database as it is now and return the baseline; ends other connections."""

    def forget(self, baseline: Any) -> None:
        """Drop a baseline."""

    def switch(self, baseline: Any) -> Restored:
        """Make the database hold a baseline other than the current one."""

    def check(self, statement: str) -> None:
        """Refuse a statement that can't be undone, or that fails because of the keeper. Raises RefusedError."""

    def has_changed(self) -> bool:
        """Return, as cheaply as possible, whether anything may have been written."""

    def look(self) -> Look:
        """Return, as cheaply as possible, whether there may be anything to put back or to end."""

    def version(self) -> object:
        """Return a value that each commit changes; commits to other databases may change it as well."""

    def writes(self) -> object:
        """Return a mark of the writes to this database so far; None if later ones could go unnoticed."""

    def was_written_since(self, mark: object) -> bool:
        """Return whether this database was written since a mark, and no other was."""

    def changed_tables(self) -> frozenset[str] | None:
        """Return the tables (`schema.table`) written since; None when the structure changed as well."""

    def mark(self) -> Any:
        """Return a mark of the rows as they are committed now; None where that is not possible."""

    def touched_since(self, mark: Any) -> TouchedRows | None:
        """Return what was committed since a mark; None when any row may be another."""

    def open_transactions(self) -> list[OpenTransaction]:
        """List transactions that are open on other connections."""

    def owner_of(self, driver_connection: Any) -> int | None:
        """Return what identifies a connection of the application as the owner of a transaction."""

    def end_transactions(self, owners: Sequence[int]) -> None:
        """End the connections of open transactions and wait until they are gone."""

    def restore(self) -> Restored:
        """Put the current baseline back."""

    def reader(self) -> Any:
        """Return the driver connection that reads committed rows, for the state of tables."""

    def close(self) -> None:
        """Drop the database and everything that belongs to it."""
