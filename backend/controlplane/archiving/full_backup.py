"""A backup: every row of every workspace at one instant, for a database of either kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controlplane import clock
from controlplane.archiving.file_format import TableRows, select_stored, to_stored, write_rows
from controlplane.archiving.row_order import parents_first
from controlplane.archiving.whole_files import written_whole
from controlplane.migrations import revisions
from controlplane.models import Base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy as sa


def backup(database: sa.Engine, *, path: Path) -> int:
    """Write every row to a file, while others may write; return how many.

    Raises:
        ArchiveError: the file is there already.
    """
    options = {"sqlite_begin": "DEFERRED"}
    if database.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ"}
    header = {"kind": "backup", "revision": revisions()[-1], "made_at": clock.now().isoformat()}
    with written_whole(path) as file, database.execution_options(**options).connect() as connection:
        return write_rows(file, header=header, tables=stored_tables(connection))


def stored_tables(connection: sa.Connection) -> Iterator[TableRows]:
    """Yield the rows of every table."""
    for table in Base.metadata.sorted_tables:
        convert = to_stored(table)
        rows = [convert(row) for row in connection.execute(select_stored(table))]
        names = tuple(column.name for column in table.columns)
        yield TableRows(table.name, names, parents_first(table, names, rows))
