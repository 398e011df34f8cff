"""The interface of a test's database that goldens use, the same in every isolation mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final, Protocol

import pytest

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable
    from pytest_query_snapshot.databases.touched_rows import TouchedRows
    from pytest_query_snapshot.seeds.files import SeedSet

MAIN_NAME: Final = "tests"
"""The name, in goldens of several databases, of the one with the schema and the seeds."""


class TestDatabase(Protocol):
    """A database of the plugin's own, as one test uses it: a mode adds it with ``add_test_database``."""

    seed_set: SeedSet
    reflected: bool
    name: str

    @property
    def engine(self) -> sa.Engine:
        """An engine on it."""

    @property
    def metadata(self) -> sa.MetaData:
        """The tables it holds."""

    @property
    def baseline(self) -> object:
        """Return the state at the test's start: the same object for the same state."""

    def owns(self, engine: sa.Engine) -> bool:
        """Return whether an engine connects to this database."""

    def is_as_seeded(self) -> bool:
        """Return whether nothing was written since the seeds were loaded; False when that is not known."""

    def version(self) -> object:
        """Return a value that each commit changes, also one that no recorder sees; None where there is none."""

    def writes(self) -> object:
        """Return a mark of the writes so far, by any connection; None if later ones could go unnoticed."""

    def was_written_since(self, mark: object) -> bool:
        """Return whether the database was written since a mark."""

    def changed_tables(self) -> frozenset[str] | None:
        """Return the tables written since the seeds were loaded, by full name; None when any may be."""

    def mark(self, tables: Sequence[CatalogTable]) -> Any:
        """Return a mark of the rows of these tables as they are now; None where that is not possible."""

    def touched_since(self, mark: Any) -> TouchedRows | None:
        """Return what was written since a mark; None when any row may be another."""

    def uncommitted(self) -> frozenset[int]:
        """Return the owners of transactions whose work `unrecorded` does not see."""

    def owner_of(self, connection: sa.Connection) -> int | None:
        """Return what identifies a connection among those owners."""

    def unrecorded(self) -> AbstractContextManager[sa.Connection]:
        """Give a connection that sees the test's work, and that no recorder sees."""

    def listen_to_cursors(self, listener: CursorListener | None) -> None:
        """Report to a listener what raw cursors execute; those of the driver report it themselves."""


class CursorListener(Protocol):
    """Hears what raw cursors of a test database execute."""

    def before(self, statement: str) -> None:
        """Hear what is about to be executed."""

    def after(self, execution: Any) -> None:
        """Hear what was executed."""


_DATABASES: pytest.StashKey[list[TestDatabase]] = pytest.StashKey()
_LISTENERS: pytest.StashKey[Callable[[TestDatabase], CursorListener]] = pytest.StashKey()


def databases_of(item: pytest.Item) -> list[TestDatabase]:
    """Return the plugin's databases that a test uses so far; the list grows as fixtures set them up."""
    return item.stash.setdefault(_DATABASES, [])


def add_test_database(item: pytest.Item, database: TestDatabase) -> None:
    """Take note that a test uses a database: its goldens observe it."""
    databases_of(item).append(database)
    if _LISTENERS in item.stash:
        database.listen_to_cursors(item.stash[_LISTENERS](database))


def listen_to_cursors(item: pytest.Item, listener: Callable[[TestDatabase], CursorListener]) -> None:
    """Listen to the raw cursors of every database that a test uses now or later."""
    item.stash[_LISTENERS] = listener
    for database in databases_of(item):
        database.listen_to_cursors(listener(database))


def stop_listening(item: pytest.Item) -> None:
    """Listen no longer."""
    del item.stash[_LISTENERS]
    for database in databases_of(item):
        database.listen_to_cursors(None)
