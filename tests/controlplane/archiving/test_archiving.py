"""Backups and archives: rows go into a file and come back as they were, on both databases."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from controlplane import migrations
from controlplane.archiving import archive, backup, restore
from controlplane.archiving.execution_archive import _delete
from controlplane.archiving.row_order import parents_first
from controlplane.archiving.selection import OWNERS, ROOTS
from controlplane.archiving.whole_files import written_whole
from controlplane.database import create_engine
from controlplane.errors import AppendOnlyError, ArchiveError, NotAuthorizedError, SchemaError
from controlplane.models import (
    APPEND_ONLY,
    AgentExecution,
    Base,
    LifecycleEvent,
    Proposal,
    User,
    WorkflowExecution,
    WorkflowExecutionLog,
)
from tests.controlplane.models.test_released_schemas import RELEASED, run

OWNER, VIEWER = (uuid.UUID(f"000000000000000000000000000b000{number}") for number in (1, 5))
ACME = uuid.UUID(int=1)
BEFORE, LONG_AGO = (datetime(year, 1, 1, tzinfo=UTC) for year in (2027, 2020))
pytestmark = pytest.mark.seed("one_of_each", "debug_sessions", "workflow_history")


@pytest.fixture
def database(scratch_database):
    """A filled database whose schema came from the migrations."""
    engine = create_engine(scratch_database.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        newest = migrations.revisions()[-1]
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest})
    with Session(engine) as session, session.begin():
        for run in session.scalars(
            sa.select(WorkflowExecution).where(WorkflowExecution.completed_at.is_not(None))
        ):
            ids = {"workspace_id": run.workspace_id, "execution_id": run.id}
            line = {"sequence": 900, "level": "info", "event": "e", "message": "m", "timestamp": LONG_AGO}
            session.add(WorkflowExecutionLog(**ids, **line))
            event = {"workspace_id": run.workspace_id, "record_kind": "workflow_execution", "record_id": run.id}
            session.add(LifecycleEvent(**event, sequence=900, to_status=str(run.status)))
    yield engine
    engine.dispose()


@pytest.fixture
def empty(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/empty.sqlite")
    yield engine
    engine.dispose()


def contents(engine, *, without=()):
    """Return every row of every table, as Python values."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, map(tuple, connection.execute(sa.select(table)))))
            for table in Base.metadata.sorted_tables
            if table.name not in without
        }


def moved(engine, path, *, user=OWNER, before=BEFORE):
    with Session(engine) as session, session.begin():
        return archive(session, workspace_id=ACME, user_id=user, before=before, path=path)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_backup_restores_into_an_empty_database(database, empty, tmp_path, name):
    rows = backup(database, path=tmp_path / name)
    assert restore(empty, path=tmp_path / name) == rows
    assert contents(empty) == contents(database)


def test_archive_is_read_again_without_loss(database, tmp_path):
    before = contents(database)
    result = moved(database, tmp_path / "old.jsonl")
    assert result.executions > 0
    assert result.rows > result.executions
    without = contents(database)
    assert len(without["workflow_execution"]) == len(before["workflow_execution"]) - result.executions
    assert restore(database, path=tmp_path / "old.jsonl") == result.rows
    after = contents(database)
    (audit,) = set(after["lifecycle_event"]) - set(before["lifecycle_event"])
    assert "'archive'" in audit
    after["lifecycle_event"].remove(audit)
    assert after == before


def test_archive_leaves_no_dangling_reference(database, tmp_path):
    moved(database, tmp_path / "old.jsonl")
    if database.dialect.name == "sqlite":
        with database.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_archive_keeps_running_executions_and_other_workspaces(database, tmp_path):
    stays = sa.or_(WorkflowExecution.completed_at.is_(None), WorkflowExecution.workspace_id != ACME)
    with Session(database) as session:
        expected = set(session.scalars(sa.select(WorkflowExecution.id).where(stays)))
    moved(database, tmp_path / "old.jsonl")
    with Session(database) as session:
        left = set(session.scalars(sa.select(WorkflowExecution.id)))
    assert expected
    assert expected <= left


def test_archive_takes_only_executions_ended_before_the_instant(database, tmp_path):
    result = moved(database, tmp_path / "old.jsonl", before=datetime(2000, 1, 1, tzinfo=UTC))
    assert (result.executions, result.runs, result.rows) == (0, 0, 0)


def test_append_only_triggers_refuse_again_after_an_archive(database, tmp_path):
    moved(database, tmp_path / "old.jsonl")
    for table in APPEND_ONLY:
        with database.begin() as connection:
            rows = connection.scalar(sa.select(sa.func.count()).select_from(Base.metadata.tables[table]))
        if rows:
            with database.begin() as connection, pytest.raises(AppendOnlyError):
                connection.exec_driver_sql(f"DELETE FROM {table}")


def triggers(engine):
    query = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    if engine.dialect.name == "postgresql":
        query = "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal"
        query += " ORDER BY 1, 2"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_archive_leaves_the_triggers_as_they_were(database, tmp_path):
    before = triggers(database)
    assert moved(database, tmp_path / "old.jsonl").rows > 0
    assert len(before) >= len(APPEND_ONLY)
    assert triggers(database) == before


def test_run_that_a_proposal_refers_to_stays(database, tmp_path):
    with Session(database) as session, session.begin():
        proposal = session.scalars(sa.select(Proposal).where(Proposal.workspace_id == ACME)).first()
        run = session.scalars(
            sa.select(AgentExecution).where(
                AgentExecution.workspace_id == ACME, AgentExecution.status == "completed"
            )
        ).first()
        proposal.execution_id = run.id
        kept = run.id
    moved(database, tmp_path / "old.jsonl")
    with Session(database) as session:
        assert session.get(AgentExecution, kept) is not None


def test_origin_of_a_running_replay_stays(database, tmp_path):
    with Session(database) as session, session.begin():
        ended = sa.select(WorkflowExecution).where(
            WorkflowExecution.workspace_id == ACME, WorkflowExecution.completed_at.is_not(None)
        )
        running = sa.select(WorkflowExecution).where(
            WorkflowExecution.workspace_id == ACME, WorkflowExecution.completed_at.is_(None)
        )
        child, parent = session.scalars(ended.limit(1)).one(), session.scalars(running.limit(1)).one()
        parent.replay_of_id = child.id
        kept = child.id
    moved(database, tmp_path / "old.jsonl")
    with Session(database) as session:
        assert session.get(WorkflowExecution, kept) is not None


def test_failed_archive_deletes_nothing(database, tmp_path, monkeypatch):
    before = contents(database)
    monkeypatch.setattr("controlplane.archiving.execution_archive._delete", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        moved(database, tmp_path / "old.jsonl")
    assert contents(database) == before


def test_archive_is_audited(database, tmp_path):
    moved(database, tmp_path / "old.jsonl")
    with Session(database) as session:
        event = session.scalars(sa.select(LifecycleEvent).where(LifecycleEvent.record_kind == "archive")).one()
        assert event.to_status == "archived"
        assert event.reason.split(" to ")[1].startswith("old.jsonl, sha256 ")
        assert session.get_one(User, event.actor_id).email == "olga@example.com"


def test_viewer_archives_nothing(database, tmp_path):
    with pytest.raises(NotAuthorizedError):
        moved(database, tmp_path / "old.jsonl", user=VIEWER)
    assert list(tmp_path.glob("old*")) == []


def test_existing_file_is_not_replaced(database, tmp_path):
    (tmp_path / "old.jsonl").write_text("mine")
    with pytest.raises(ArchiveError, match="it is there already"):
        moved(database, tmp_path / "old.jsonl")
    assert (tmp_path / "old.jsonl").read_text() == "mine"


KILLED = """
import os, sys, uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlalchemy.orm import Session
from controlplane import archive, create_engine
from controlplane.archiving import execution_archive, whole_files

target = {"written": (execution_archive, "_delete"), "partial": (whole_files, "_move")}[sys.argv[3]]
setattr(*target, lambda *_: os.kill(os.getpid(), 9))
ids = {"workspace_id": uuid.UUID(sys.argv[4]), "user_id": uuid.UUID(sys.argv[5])}
with Session(create_engine(sys.argv[1])) as session:
    archive(session, before=datetime.fromisoformat(sys.argv[6]), path=Path(sys.argv[2]), **ids)
"""


def killed(database, path, *, at):
    """Archive in a process that is killed before it can commit."""
    words = [database.url.render_as_string(hide_password=False), path, at, ACME, OWNER, BEFORE.isoformat()]
    done = subprocess.run([sys.executable, "-c", KILLED, *map(str, words)], check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("name", ["old.jsonl", "old.jsonl.gz", "odd[1]*.gz"])
@pytest.mark.parametrize("at", ["partial", "written"])
def test_archive_that_was_killed_is_repeated(database, tmp_path, name, at):
    before = contents(database)
    folder = tmp_path / "files"
    folder.mkdir()
    killed(database, folder / name, at=at)
    assert contents(database) == before
    assert len(list(folder.iterdir())) == 1
    moved(database, folder / name)
    assert [file.name for file in folder.iterdir()] == [name]
    assert contents(database) != before
    restore(database, path=folder / name)
    without = ("lifecycle_event",)
    assert contents(database, without=without) == {
        name: rows for name, rows in before.items() if name not in without
    }


def test_repeat_of_an_archive_that_was_committed_is_refused(database, tmp_path):
    moved(database, tmp_path / "old.jsonl")
    text = (tmp_path / "old.jsonl").read_text()
    with pytest.raises(ArchiveError, match="it is there already"):
        moved(database, tmp_path / "old.jsonl")
    assert (tmp_path / "old.jsonl").read_text() == text
    assert [file.name for file in tmp_path.glob("old*")] == ["old.jsonl"]


def test_archive_of_another_instant_is_not_replaced(database, tmp_path):
    path = tmp_path / "old.jsonl"
    killed(database, path, at="written")
    text = path.read_text()
    with pytest.raises(ArchiveError, match="it is there already"):
        moved(database, path, before=BEFORE - timedelta(days=1))
    assert path.read_text() == text


def test_partial_file_of_a_running_process_is_left(database, tmp_path):
    path = tmp_path / "old.jsonl"
    running = ExitStack()
    running.enter_context(written_whole(path)).write("half")
    (left,) = tmp_path.glob("old.*.partial.jsonl")
    moved(database, path)
    assert left.exists()
    with pytest.raises(ArchiveError, match="it is there already"):
        running.close()
    assert restore(database, path=path) > 0


def test_archive_read_twice_is_refused(database, tmp_path):
    moved(database, tmp_path / "old.jsonl")
    restore(database, path=tmp_path / "old.jsonl")
    once = contents(database)
    with pytest.raises(ArchiveError, match="don't fit in"):
        restore(database, path=tmp_path / "old.jsonl")
    assert contents(database) == once


def test_archive_of_another_database_is_refused(database, empty, tmp_path):
    moved(database, tmp_path / "old.jsonl")
    with pytest.raises(ArchiveError, match="don't fit in"):
        restore(empty, path=tmp_path / "old.jsonl")
    assert sa.inspect(empty).get_table_names() == []


def header_of(lines, **changes):
    return [json.dumps(json.loads(lines[0]) | changes), *lines[1:]]


BROKEN = {
    "empty": (lambda _: [], "not a file of rows"),
    "text": (lambda _: ["hello"], "not a file of rows"),
    "other": (lambda _: ["{}"], "not a file of rows of the control plane"),
    "cut": (lambda lines: lines[:-1], "its end is missing"),
    "one-lost": (lambda lines: lines[:5] + lines[6:], "its end is missing"),
    "later-format": (lambda lines: header_of(lines, format_version=2), "its format version is 2"),
    "later-schema": (lambda lines: header_of(lines, revision="9999"), "written by a later version"),
    "no-table": (lambda lines: [lines[0], *lines[2:]], "line 2 is not a table"),
    "null": (lambda lines: [*lines[:3], "null", *lines[3:]], "line 4 is not a row of user_account"),
    "short-row": (lambda lines: [*lines[:2], "[1]", *lines[3:]], "line 3 is not a row of user_account"),
    "nameless-table": (
        lambda lines: [lines[0], '{"table": 1, "columns": []}', *lines[2:]],
        "line 2 is not a table",
    ),
    "other-table": (
        lambda lines: [lines[0], lines[1].replace("user_account", "x"), *lines[2:]],
        "an unknown table 'x'",
    ),
    "other-column": (lambda lines: [lines[0], lines[1].replace("name", "x"), *lines[2:]], "has no column 'x'"),
    "column-twice": (lambda lines: [lines[0], lines[1].replace("name", "id"), *lines[2:]], "columns named twice"),
    "number": (
        lambda lines: [*lines[:2], json.dumps([5] * 5), *lines[3:]],
        "a value of user_account can't be read",
    ),
    "list": (
        lambda lines: [*lines[:2], json.dumps([["x"]] * 5), *lines[3:]],
        "a value of user_account can't be read",
    ),
    "deep": (lambda lines: [*lines[:2], "[" * 100_000, *lines[3:]], "not a file of rows"),
    "old-other-column": (
        lambda lines: [header_of(lines, revision="0015")[0], lines[1].replace("name", 'x\\"; --'), *lines[2:]],
        "has no column",
    ),
}


@pytest.mark.parametrize(("change", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_file_is_refused(database, empty, tmp_path, change, message):
    path = tmp_path / "rows.jsonl"
    backup(database, path=path)
    path.write_text("\n".join(change(path.read_text().splitlines())))
    with pytest.raises(ArchiveError, match=message):
        restore(empty, path=path)


@pytest.mark.parametrize("cut", [200, -9])
def test_damaged_compressed_file_is_refused(database, empty, tmp_path, cut):
    path = tmp_path / "rows.jsonl.gz"
    backup(database, path=path)
    whole = path.read_bytes()
    for damaged in (whole[:cut], whole[:cut] + b"\xff" * 9 + whole[cut:], b"no gzip"):
        path.write_bytes(damaged)
        with pytest.raises(ArchiveError, match="not a file of rows"):
            restore(empty, path=path)


@pytest.mark.parametrize("names", [("a.jsonl", "b.jsonl"), ("a.jsonl", "a.jsonl")])
def test_two_archives_at_once_move_each_row_once(database, tmp_path, names):
    before = contents(database)

    def move(name):
        try:
            return moved(database, tmp_path / name)
        except ArchiveError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(move, names))
    done = [result for result in results if not isinstance(result, ArchiveError)]
    assert sorted(result.executions > 0 for result in done) in ([True], [False, True])
    for path in tmp_path.glob("*.jsonl"):
        restore(database, path=path)
    assert contents(database, without=["lifecycle_event"]) == {
        name: rows for name, rows in before.items() if name != "lifecycle_event"
    }
    assert list(tmp_path.glob("*.partial")) == []


def test_row_added_during_an_archive_refuses_it(database, tmp_path, monkeypatch):
    before, triggers_before = contents(database), triggers(database)

    def delete_too_few(connection, ids):
        ids["workflow_execution_log"].pop()  # as if another transaction had added it
        _delete(connection, ids)

    monkeypatch.setattr("controlplane.archiving.execution_archive._delete", delete_too_few)
    with Session(database) as session, session.begin():
        with pytest.raises(ArchiveError, match="were added concurrently"):
            archive(session, workspace_id=ACME, user_id=OWNER, before=BEFORE, path=tmp_path / "old.jsonl")
        session.flush()  # the caller commits what it has
    assert contents(database) == before
    assert triggers(database) == triggers_before
    assert list(tmp_path.glob("old*")) == []


def test_backup_of_an_earlier_revision_is_upgraded(empty, tmp_path):
    old = create_engine(f"sqlite:///{tmp_path}/old.sqlite")
    for name in ("0.1.0.sqlite.sql", "first.rows.sql", "0.1.0.rows.sql"):
        assert (RELEASED / name).exists()
        run(old, name)
    lines = [json.dumps({"format": "controlplane-rows", "format_version": 1, "revision": "0015"})]
    with old.connect() as connection:
        count = 0
        for table in Base.metadata.sorted_tables:
            if not sa.inspect(connection).has_table(table.name):
                continue
            result = connection.exec_driver_sql(f"SELECT * FROM {table.name}")
            lines.append(json.dumps({"table": table.name, "columns": list(result.keys())}))
            for row in result:
                lines.append(json.dumps(list(row)))
                count += 1
    (tmp_path / "rows.jsonl").write_text("\n".join([*lines, json.dumps({"rows": count})]))
    restore(empty, path=tmp_path / "rows.jsonl")
    with old.begin() as connection:
        migrations.upgrade(connection)
    assert contents(empty) == contents(old)
    old.dispose()


def test_restore_into_an_older_database_is_refused(database, empty, tmp_path):
    backup(database, path=tmp_path / "rows.jsonl")
    with empty.begin() as connection:
        migrations.upgrade(connection, "0015")
    with pytest.raises(SchemaError, match="controlplane upgrade"):
        restore(empty, path=tmp_path / "rows.jsonl")


def test_every_table_that_refers_to_an_execution_is_owned_or_keeps_it():
    """A new table with a reference is read by itself; one that is owned must say so in OWNERS."""
    for name, column in OWNERS.items():
        (key,) = Base.metadata.tables[name].c[column].foreign_keys
        assert key.column.table.name in {*OWNERS, *(root.name for root in ROOTS)}
        assert "id" in Base.metadata.tables[name].c


def test_parents_come_first():
    table = Base.metadata.tables["workflow_execution"]
    names = ("id", "parent_execution_id", "replay_of_id")
    rows = [(4, 3, None), (3, 2, 1), (1, None, None), (2, 1, None), (5, None, 9)]
    ordered = [row[0] for row in parents_first(table, names, rows)]
    assert sorted(ordered) == [1, 2, 3, 4, 5]
    assert ordered.index(1) < ordered.index(2) < ordered.index(3) < ordered.index(4)
