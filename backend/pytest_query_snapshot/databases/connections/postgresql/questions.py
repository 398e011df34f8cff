# ruff: noqa: S608  names come from the catalog, quoted by the server itself
"""The questions that a keeper asks after each test: what has changed, and which transactions are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus

from pytest_query_snapshot.databases.schema.catalog import KEEPER_SCHEMA

# the next transaction number: it moves with every write, those that were rolled back included
XMAX = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
SNAPSHOT = "SELECT pg_current_snapshot()::text"
_OWN_OID = "SELECT oid::int8 FROM pg_database WHERE datname = current_database()"
_IS_OPEN = """
a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
  AND (a.state <> 'idle' OR a.backend_xid IS NOT NULL)
"""
# the function below the view pg_stat_activity, which joins names that are not needed
_OPEN = f"""
FROM pg_stat_get_activity(NULL) AS a
WHERE a.datid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND {_IS_OPEN}
"""
# an idle connection with an advisory lock would make the next test wait, like an open transaction
_LOCKING = """
FROM pg_stat_get_activity(NULL) AS a
WHERE a.pid IN (SELECT l.pid FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
                WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database())
"""
# what a failed transaction has written is lost already
_HAS_WRITTEN = "a.backend_xid IS NOT NULL AND a.state IS DISTINCT FROM 'idle in transaction (aborted)'"
_WRITING = (
    "(SELECT count(*) FROM pg_stat_get_activity(NULL) WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() "
    "AND datid = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)
OPEN_TRANSACTIONS = f"""
SELECT a.pid, coalesce(a.state, ''), coalesce(a.query, ''), {_HAS_WRITTEN} {_OPEN}
UNION SELECT a.pid, coalesce(a.state, '') || ' with an advisory lock', coalesce(a.query, ''), {_HAS_WRITTEN}
{_LOCKING}
ORDER BY 1
"""
STILL_THERE = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)"
END = "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid"
PREPARED = "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"
# what belongs to the server or can't be put back by rows
_SETTINGS = (
    "(SELECT coalesce(sum(s.xmin::text::int8), 0) FROM pg_db_role_setting AS s "
    "WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)
_LARGE_OBJECTS = "(SELECT coalesce(sum(xmin::text::int8), 0) FROM pg_largeobject_metadata)"
# without its event triggers a keeper would see no change of the structure any more
_EVENT_TRIGGERS = "(SELECT coalesce(sum(xmin::text::int8), 0) FROM pg_event_trigger)"
_DDL = f"(SELECT last_value * 2 + is_called::int FROM {KEEPER_SCHEMA}.ddl)"
_STRUCTURE = (_DDL, _EVENT_TRIGGERS, _SETTINGS, _LARGE_OBJECTS)
_PREPARED = "(SELECT count(*) FROM pg_prepared_xact())"
_ROLES = "(SELECT sum(xmin::text::int8) FROM pg_authid)"
_DATABASES = "(SELECT count(*) FROM pg_database WHERE NOT starts_with(datname, 'query_snapshot_'))"
_SERVER = {"a prepared transaction": _PREPARED, "a role": _ROLES, "a database of the server": _DATABASES}


NEXT, QUICK, DETAILED = b"query_snapshot_next", b"query_snapshot_quick", b"query_snapshot_detailed"
"""Prepared questions: the next transaction number; the same, and how many transactions are open; all facts."""


def prepare(raw: Any) -> None:
    """Prepare the questions that come with each test."""
    database = raw.execute(_OWN_OID).fetchone()[0]
    # in one level and with the oid of the database, it takes half the time of subqueries
    quick = f"{XMAX}, count(*) FROM pg_stat_get_activity(NULL) AS a WHERE a.datid = {database} AND {_IS_OPEN}"
    for name, question in ((NEXT, XMAX), (QUICK, quick)):
        prepare_one(raw, name, question)


def prepare_one(raw: Any, name: bytes, question: str) -> None:
    """Prepare a question: to plan one takes several times as long as to answer it."""
    with raw.lock:
        _checked(raw.pgconn.prepare(name, question.encode()))


def ask(raw: Any, prepared: bytes) -> list[str]:
    """Return the one row that answers a prepared question; a cursor would take as long as the server does.

    Raises psycopg.Error.
    """
    with raw.lock:
        result = _checked(raw.pgconn.exec_prepared(prepared, None))
    return [result.get_value(0, column).decode() for column in range(result.nfields)]


def _checked(result: Any) -> Any:
    """Return what the server has answered. Raises psycopg.Error when that is an error."""
    if result.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        state = result.error_field(DiagnosticField.SQLSTATE)
        kind = psycopg.OperationalError if state is None else psycopg.errors.lookup(state.decode())
        raise kind(result.error_message.decode(errors="replace").strip())
    return result


@dataclass(frozen=True, slots=True)
class Facts:
    """The position of every flag and sequence at one moment.

    structure: moves with DDL, with settings of the database and with large objects.
    server: what belongs to the whole server, by its name for users.
    is_writing: a transaction on another connection has written: its flags have moved, its rows are to come.
    """

    xmax: str
    is_writing: bool = False
    structure: tuple[str, ...] = ()
    server: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    sequences: tuple[str, ...] = ()


class Question:
    """The detailed question about some tables and sequences, as one statement with one text as its answer.

    sequences: their names, with the position of each at the baseline. The cheap way to read a position does not
    distinguish two sequences that were never advanced; those are read in full.
    oids: those of the sequences. A scan of an array reads them in a sixth of the time of an expression for each.
    """

    def __init__(self, flags: Sequence[int], sequences: Mapping[str, str], oids: Sequence[int]) -> None:
        self._flags = len(flags)
        self._called = [place for place, at in enumerate(sequences.values()) if at.endswith("true")]
        self._uncalled = [place for place, at in enumerate(sequences.values()) if not at.endswith("true")]
        names = list(sequences)
        full = [f"(SELECT last_value || ',' || is_called FROM {names[place]})" for place in self._uncalled]
        parts = [f"{part}::text" for part in (*_STRUCTURE, *_SERVER.values(), *full)]
        scanned = [*(oids[place] for place in self._called), *flags]
        places = f"unnest('{{{', '.join(map(str, scanned))}}}'::oid[]) WITH ORDINALITY AS one (oid, place)"
        moved = f"SELECT coalesce(pg_sequence_last_value(one.oid), 0)::text FROM {places} ORDER BY one.place"
        answers = f"array_to_string(ARRAY[{', '.join(parts)}] || ARRAY({moved}), ' ')"
        self.text = f"{XMAX} || ' ' || {_WRITING} || ' ' || {answers}"

    def read(self, answer: str) -> Facts:
        """Cut the answer into facts."""
        values = tuple(answer.split(" "))
        server = 2 + len(_STRUCTURE)
        sequences, flags = server + len(_SERVER), len(values) - self._flags
        places = (*self._uncalled, *self._called)
        by_place = dict(zip(places, values[sequences:flags], strict=True))
        return Facts(
            xmax=values[0],
            is_writing=values[1] != "0",
            structure=values[2:server],
            server=values[server:sequences],
            sequences=tuple(by_place[place] for place in range(len(places))),
            flags=values[flags:],
        )


def after_restore(now: Facts, *, sequences: tuple[str, ...], xmax: str) -> Facts:
    """Return the facts after a restore, which moves no flag and takes one transaction number.

    If another transaction has ended since the facts were read, the number stays the old one: what that one has
    written is then found by the next question.
    """
    is_alone = int(xmax) == int(now.xmax) + 1
    return replace(now, sequences=sequences, xmax=xmax if is_alone else now.xmax)


def server_changes(before: Facts, now: Facts) -> tuple[str, ...]:
    """Name what was changed that belongs to the whole server."""
    pairs = zip(_SERVER, before.server, now.server, strict=True)
    return tuple(name for name, was, is_now in pairs if was != is_now)


def moved(names: Sequence[Any], before: Sequence[str], now: Sequence[str]) -> Mapping[Any, str]:
    """Return the flags or sequences that moved, with where they were."""
    pairs = zip(names, before, now, strict=True)
    return {name: was for name, was, is_now in pairs if was != is_now}
