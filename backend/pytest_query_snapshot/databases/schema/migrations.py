"""The schema that Alembic's migrations make, with the project's env.py as it is."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from pytest_query_snapshot.errors import ConfigurationError

_ASYNC = re.compile(r"\b(?:create_async_engine|async_engine_from_config)\b")


class AlembicSchema:
    """Upgrades the database to the heads of a migration script folder.

    env.py gets the connection as `config.attributes["connection"]`. One that makes an engine of its own gets an
    empty SQLite database to connect to, and its `context.configure` is given our connection in the place of that
    one: no migration ever runs on the database that alembic.ini names.
    """

    def __init__(self, ini: Path, *, metadata: sa.MetaData | None = None) -> None:
        self._ini = ini
        self.metadata = metadata
        if not ini.is_file():
            raise ConfigurationError(f"query_snapshot_alembic: {ini} does not exist")

    def __call__(self, connection: sa.Connection) -> None:
        """Run `alembic upgrade heads`."""
        try:
            from alembic import command  # noqa: PLC0415  the project has it, if it has migrations
            from alembic.config import Config  # noqa: PLC0415
            from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
        except ImportError as error:
            raise ConfigurationError("query_snapshot_alembic is set, but alembic is not installed") from error
        config = Config(str(self._ini))
        config.attributes["connection"] = connection
        config.set_main_option("sqlalchemy.url", "sqlite+aiosqlite://" if self._is_async(config) else "sqlite://")
        original = EnvironmentContext.configure

        def configure(context: Any, _connection: Any = None, *given: Any, **named: Any) -> None:
            named.pop("connection", None)
            original(context, connection, *given, **named)

        with (
            contextlib.chdir(self._ini.parent),
            _logging_restored(),
            patch.object(EnvironmentContext, "configure", configure),
        ):
            command.upgrade(config, "heads")

    def _is_async(self, config: Any) -> bool:
        folder = Path(config.get_main_option("script_location") or "")
        env = (folder if folder.is_absolute() else self._ini.parent / folder) / "env.py"
        return env.is_file() and _ASYNC.search(env.read_text(encoding="utf-8")) is not None


@contextlib.contextmanager
def _logging_restored() -> Iterator[None]:
    """Undo what env.py's fileConfig does: it disables every logger that exists."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = [(one, one.disabled, one.level, one.propagate, list(one.handlers)) for one in loggers]
    try:
        yield
    finally:
        for logger, disabled, level, propagate, handlers in before:
            logger.disabled, logger.propagate, logger.handlers = disabled, propagate, handlers
            logger.setLevel(level)
