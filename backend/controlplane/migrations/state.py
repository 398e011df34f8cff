"""The schema version of a database, and the one that this code needs; reads without Alembic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from controlplane.errors import SchemaError

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSIONS = Path(__file__).parent / "versions"


class SchemaState(StrEnum):
    """The state of a database's schema, compared with this code."""

    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    EMPTY = "empty"
    FOREIGN = "foreign"


ADVICE = {
    SchemaState.OLDER: "it has revision {found}, this code needs {needed}: run `controlplane upgrade`",
    SchemaState.NEWER: "it has revision {found}, this code knows no later one than {needed}: "
    "install the version that upgraded it",
    SchemaState.EMPTY: "it holds no control plane yet: run `controlplane init` first",
    SchemaState.FOREIGN: "it holds the tables of another application: name another database",
}


@dataclass(frozen=True)
class SchemaVersion:
    """The state, with the revision that was found."""

    state: SchemaState
    found: str | None = None


def revisions() -> tuple[str, ...]:
    """Return every revision, oldest first: the number that each file's name begins with."""
    return tuple(sorted(path.name.partition("_")[0] for path in VERSIONS.glob("0*.py")))


def read_version(connection: Connection) -> SchemaVersion:
    """Return how the schema of this database stands to the code."""
    inspector = sa.inspect(connection)
    tables = set(inspector.get_table_names())
    if not tables:
        return SchemaVersion(SchemaState.FOREIGN if inspector.get_view_names() else SchemaState.EMPTY)
    if not {"alembic_version", "workspace", "lifecycle_event"} <= tables:
        return SchemaVersion(_without_ours(connection, tables))
    found: list[str] = list(connection.scalars(sa.text("SELECT version_num FROM alembic_version")))
    known = revisions()
    if len(found) != 1 or not (found[0].isdecimal() and len(found[0]) == len(known[-1])):
        return SchemaVersion(SchemaState.FOREIGN)
    if found[0] == known[-1]:
        return SchemaVersion(SchemaState.CURRENT, found[0])
    return SchemaVersion(SchemaState.OLDER if found[0] in known else SchemaState.NEWER, found[0])


def _without_ours(connection: Connection, tables: set[str]) -> SchemaState:
    """Distinguish a database that a downgrade emptied from one of another application."""
    if tables == {"alembic_version"} and not connection.scalar(sa.text("SELECT count(*) FROM alembic_version")):
        return SchemaState.EMPTY
    return SchemaState.FOREIGN


def require_current(connection: Connection) -> None:
    """Raise SchemaError with what to do unless the schema is the one that this code needs."""
    version = read_version(connection)
    if version.state is not SchemaState.CURRENT:
        raise schema_error(connection.engine.url, version)


def schema_error(url: sa.URL, version: SchemaVersion) -> SchemaError:
    """Return the error that says what is wrong with a database's schema, and what to do."""
    advice: str = ADVICE[version.state].format(found=version.found, needed=revisions()[-1])
    return SchemaError(database=url.render_as_string(), state=version.state, found=version.found, problem=advice)
