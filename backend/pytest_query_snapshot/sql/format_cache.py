"""A cache of formatted statements, kept over runs: sqlparse formats each statement once."""

from __future__ import annotations

import contextlib
from hashlib import sha256
from pathlib import Path

from pytest_query_snapshot.sql.format import format_sql
from pytest_query_snapshot.sql.lexer import canonical
from pytest_query_snapshot.state_folder import make_state_folder


class FormattedSqlCache:
    """A cache in a folder. A folder that can't be written to costs time, never a failure."""

    def __init__(self, folder: Path, *, dialect: str = "") -> None:
        self._folder = folder
        self._dialect = dialect
        self._known: dict[str, str] = {}

    def __call__(self, sql: str) -> str:
        """Return the statement laid out for reading."""
        known = self._known.get(sql)
        if known is None:
            known = self._known[sql] = self._read(sql) or self._make(sql)
        return known

    def _path(self, sql: str) -> Path:
        digest = sha256(
            f"{_formatter_version()}\n{self._dialect}\n{sql}".encode("utf-8", "surrogatepass")
        ).hexdigest()
        return self._folder / f"{digest[:32]}.sql"

    def _read(self, sql: str) -> str | None:
        # a damaged cached text is replaced: the statement itself is known
        with contextlib.suppress(Exception):
            text = self._path(sql).read_text(encoding="utf-8")
            if canonical(text, dialect=self._dialect) == canonical(sql, dialect=self._dialect):
                return text
        return None

    def _make(self, sql: str) -> str:
        text = format_sql(sql, dialect=self._dialect)
        with contextlib.suppress(OSError, UnicodeError):
            path = self._path(sql)
            make_state_folder(self._folder.parent.parent, self._folder.name)
            path.write_text(text, encoding="utf-8", newline="\n")
        return text


def _formatter_version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  only needed when something is written

    return version("sqlparse")
