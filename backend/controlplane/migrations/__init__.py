"""The schema's history: the same tables on SQLite and PostgreSQL, one migration after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection

HERE = Path(__file__).parent


def config(connection: Connection) -> Config:
    """Return Alembic's configuration for one open connection; no ini file is needed."""
    settings = Config()
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def upgrade(connection: Connection, revision: str = "head") -> tuple[str, ...]:
    """Bring the schema up to `revision` in the connection's transaction; return notes on data that was mended."""
    settings = config(connection)
    command.upgrade(settings, revision)
    return tuple(settings.attributes.get("notes", ()))


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Take the schema back to `revision`; `base` is an empty database."""
    command.downgrade(config(connection), revision)


def revisions() -> tuple[str, ...]:
    """Return every revision, oldest first."""
    script = ScriptDirectory(str(HERE))
    return tuple(step.revision for step in reversed(list(script.walk_revisions())))
