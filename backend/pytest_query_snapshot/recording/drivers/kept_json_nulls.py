"""Drivers that make None of JSON null by themselves return `JSON_NULL` for the statements that are watched.

psycopg2 casts by types that can be registered on one cursor. asyncpg decodes by codecs of the connection, so they
return it only while a watched statement is under way.
"""

from __future__ import annotations

import functools
import gc
import sys
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from pytest_query_snapshot.values.printing.printer import JSON_NULL

KEEPING_DRIVERS = frozenset({"asyncpg", "psycopg2"})
"""The drivers whose JSON nulls are kept here."""
_OIDS = {"json": 114, "jsonb": 3802}
_ASYNCPG_DIALECT = "sqlalchemy.dialects.postgresql.asyncpg"


class KeptJsonNulls:
    """Lets cursors return JSON nulls as what they are."""

    def __init__(self) -> None:
        self._decoders: WeakKeyDictionary[Any, _Decoders | None] = WeakKeyDictionary()

    def begin(self, cursor: Any, dialect: Any) -> bool:
        """Let the rows of a cursor hold `JSON_NULL` until `end`; return whether they do."""
        if dialect.driver == "psycopg2":
            _register_casts(cursor)
            return True
        decoders = self._of(cursor, dialect)
        if decoders is None:
            return False
        decoders.are_keeping = True
        return True

    def end(self, cursor: Any) -> None:
        """Let the connection of a cursor return None again."""
        connection = _asyncpg_connection(cursor)
        decoders = None if connection is None else self._decoders.get(connection)
        if decoders is not None:
            decoders.are_keeping = False

    def _of(self, cursor: Any, dialect: Any) -> _Decoders | None:
        connection = _asyncpg_connection(cursor)
        if connection is None:
            return None
        if connection not in self._decoders:
            self._decoders[connection] = _with_decoders(cursor, connection, dialect)
        return self._decoders[connection]


class _Decoders:
    """The decoders of one connection of asyncpg."""

    def __init__(self) -> None:
        self.are_keeping = False

    def keeping(self, plain: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Make a decoder that returns JSON null as such while it is asked to."""

        def decode(data: Any) -> Any:
            value = plain(data)
            return JSON_NULL if value is None and self.are_keeping else value

        return decode


class _Codecs:
    """Stands for a connection of asyncpg, to learn the codecs that SQLAlchemy sets."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}
        self._connection = self

    async def set_type_codec(self, name: str, **codec: Any) -> None:
        self.found[name] = codec


def _asyncpg_connection(cursor: Any) -> Any:
    connection = getattr(cursor, "_connection", None)
    return getattr(connection, "_con", connection)  # that of a pool of asyncpg


def _with_decoders(cursor: Any, connection: Any, dialect: Any) -> _Decoders | None:
    """Give a connection decoders that keep JSON null; None if the project has set codecs of its own."""
    settings = connection._protocol.get_settings()  # noqa: SLF001  no public way to read a codec
    if any(not _is_codec_of_sqlalchemy(settings.get_data_codec(oid)) for oid in _OIDS.values()):
        return None
    decoders, codecs = _Decoders(), _Codecs()
    for name, oid in _OIDS.items():
        setting = getattr(dialect, f"setup_asyncpg_{name}_codec")(codecs)
        try:
            setting.send(None)
        except StopIteration:
            codec = codecs.found[name]
            kept = decoders.keeping(codec["decoder"])
            settings.add_python_codec(
                oid, name, "pg_catalog", [], "scalar", codec["encoder"], kept, codec["format"]
            )
    # statements that are prepared already decode by the codecs that they found then
    connection._drop_local_statement_cache()  # noqa: SLF001  see above
    prepared = cursor._adapt_connection._prepared_statement_cache  # noqa: SLF001  see above
    if prepared is not None:
        prepared.clear()
    return decoders


def _is_codec_of_sqlalchemy(codec: Any) -> bool:
    """Return whether the functions of a codec, which only the garbage collector shows, are the dialect's."""
    return any(getattr(each, "__module__", None) == _ASYNCPG_DIALECT for each in gc.get_referents(codec))


def _register_casts(cursor: Any) -> None:
    """Let one cursor of psycopg2 keep JSON null."""
    extensions = sys.modules["psycopg2.extensions"]
    raw = getattr(cursor, "_raw", cursor)  # of a contained connection
    for name, oid in _OIDS.items():
        known = (raw.connection.string_types or {}).get(oid) or extensions.string_types.get(oid)
        if known is not None:
            cast = extensions.new_type((oid,), name, functools.partial(_cast, known))
            extensions.register_type(cast, raw)


def _cast(plain: Callable[[Any, Any], Any], text: str | None, cursor: Any) -> Any:
    value = plain(text, cursor)
    return JSON_NULL if value is None and text is not None else value
