# ruff: noqa: E501  a statement is easiest to read in one line
"""The keeper of SQLite: whatever is written by whichever connection, every connection sees the baseline afterwards."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress

import pytest

from pytest_query_snapshot.databases.connections import sqlite, sqlite_log
from pytest_query_snapshot.databases.connections.sqlite import SQLiteKeeper

SCHEMA = """
CREATE TABLE plain (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER);
CREATE TABLE child (id INTEGER PRIMARY KEY AUTOINCREMENT, plain_id REFERENCES plain ON DELETE CASCADE);
CREATE TABLE pair (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE generated (n INTEGER, twice INTEGER GENERATED ALWAYS AS (n * 2) STORED, more AS (n + 1));
CREATE TABLE keyless (a, b BLOB);
CREATE TABLE audit (what TEXT);
CREATE TRIGGER audit AFTER INSERT ON plain BEGIN INSERT INTO audit VALUES ('i' || new.id); END;
CREATE INDEX plain_n ON plain (n);
INSERT INTO plain (name, n) VALUES ('a', 1), ('b', 2), ('c', 3);
INSERT INTO child (plain_id) VALUES (1), (2);
INSERT INTO pair VALUES ('x', 1), ('y', 2);
INSERT INTO generated (n) VALUES (5);
INSERT INTO keyless VALUES (1, x'00ff'), (1, x'00ff');
PRAGMA user_version = 7;
ANALYZE;
"""
MANY = "INSERT INTO keyless SELECT value, randomblob(3000) FROM (WITH RECURSIVE c (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c WHERE value < {}) SELECT * FROM c)"
WRITES = {
    "trigger": "INSERT INTO plain (name, n) VALUES (hex(randomblob(8)), 5)",
    "update": "UPDATE plain SET n = n + 1; UPDATE plain SET id = 9 WHERE id = 3",
    "cascade": "DELETE FROM plain WHERE id < 3",
    "sequence": "INSERT INTO child (plain_id) VALUES (NULL), (NULL)",
    "sequence itself": "DELETE FROM sqlite_sequence",
    "without rowid": "DELETE FROM pair; INSERT INTO pair VALUES ('z', 9)",
    "generated": "UPDATE generated SET n = 8",
    "rowids": "UPDATE keyless SET rowid = rowid + 50; INSERT INTO keyless VALUES (2, NULL)",
    "pages": MANY.format(40),
    "versions": "PRAGMA user_version = 12; PRAGMA application_id = 5",
}
FURTHER = {
    "statistics": "INSERT INTO plain (name, n) VALUES ('q', 9), ('r', 9); ANALYZE",
    "checkpoint": "DELETE FROM audit; PRAGMA wal_checkpoint",
    "truncated log": "DELETE FROM audit; PRAGMA wal_checkpoint(TRUNCATE); DELETE FROM child",
    "more than a checkpoint waits for": MANY.format(1500),
    "structure": "CREATE TABLE fresh (a); DROP TABLE audit; ALTER TABLE keyless ADD COLUMN more",
    "vacuum": "DELETE FROM plain; VACUUM",
    "full-text search": "INSERT INTO words VALUES ('new')",
}


@pytest.fixture
def keeper(request):
    made = SQLiteKeeper()
    made.create()
    with closing(sqlite3.connect(made.path)) as raw:
        raw.executescript(SCHEMA + getattr(request, "param", ""))
    made.capture()
    yield made
    made.close()


@pytest.fixture
def connections(keeper):
    """Open two connections that have read the database and stay open, as in a pool."""
    opened = [connected(keeper) for _ in range(2)]
    for raw in opened:
        digest(raw)
    yield opened
    for raw in opened:
        raw.close()


def connected(keeper):
    raw = sqlite3.connect(keeper.path, isolation_level=None, check_same_thread=False)
    raw.execute("PRAGMA foreign_keys = ON")
    return raw


def digest(raw):
    found = [raw.execute(f"PRAGMA {name}").fetchall() for name in ("user_version", "application_id")]
    rowids = raw.execute("SELECT rowid, * FROM keyless").fetchall()
    return list(raw.iterdump()), found, rowids, raw.execute("PRAGMA integrity_check").fetchall()


def schema_version(raw):
    return raw.execute("PRAGMA schema_version").fetchone()[0]


def fresh_digest(keeper):
    with closing(connected(keeper)) as raw:
        return digest(raw)


def run(raw, statements):
    for statement in statements.split("; "):
        raw.execute(statement)


@pytest.mark.parametrize(
    ("keeper", "statements"),
    [
        ("CREATE VIRTUAL TABLE words USING fts5(word); INSERT INTO words VALUES ('old');" * ("text" in name), each)
        for name, each in (WRITES | FURTHER).items()
    ],
    ids=[*WRITES, *FURTHER],
    indirect=["keeper"],
)
def test_restore_gives_back_everything_to_every_connection(keeper, connections, statements):
    before, reader = digest(connections[0]), keeper.reader()
    version, image = schema_version(reader), reader.serialize()
    for raw in (connections[0], connections[1], connections[0]):
        run(raw, statements)
        assert keeper.look().changed
        assert not keeper.restore().connections_ended
        assert [digest(each) for each in connections] == [before, before]
        assert fresh_digest(keeper) == before
        assert not keeper.look().changed
    if statements in WRITES.values():
        assert schema_version(reader) == version  # the fast way, by which no connection reads the schema again
        assert reader.serialize() == image
    else:
        assert schema_version(reader) != version


def test_copy_of_the_files_is_the_baseline(keeper, connections, tmp_path):
    before = digest(connections[0])
    run(connections[0], WRITES["pages"])
    keeper.restore()
    for file in keeper.path.parent.glob("test.db*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, tmp_path)
    with closing(sqlite3.connect(tmp_path / "test.db")) as raw:
        assert digest(raw) == before


def test_checkpoint_is_found_where_the_time_of_the_file_was_set_back(keeper, connections):
    before, times = digest(connections[0]), keeper.path.stat()
    run(connections[0], "DELETE FROM audit; PRAGMA wal_checkpoint")
    os.utime(keeper.path, ns=(times.st_mtime_ns, times.st_mtime_ns))
    keeper.restore()
    assert digest(connections[0]) == before


def test_change_of_the_structure_during_the_restore_is_not_taken_for_a_later_one(keeper, connections, monkeypatch):
    first, second = connections
    read = sqlite_log._memory_of

    def change_after_reading(raw):
        found = read(raw)
        monkeypatch.undo()
        run(first, "CREATE TABLE fresh (a)")
        second.execute("SELECT a FROM fresh")
        return found

    monkeypatch.setattr(sqlite_log, "_memory_of", change_after_reading)
    run(first, WRITES["trigger"])
    keeper.restore()
    run(first, "CREATE TABLE other (b)")
    assert second.execute("SELECT b FROM other").fetchall() == []


def test_write_during_the_restore_is_not_taken_for_the_baseline(keeper, connections, monkeypatch):
    before = digest(connections[0])
    begin = keeper._log.begin

    def write_before_it_begins(raw):
        monkeypatch.undo()
        run(connections[1], "DELETE FROM pair")
        begin(raw)

    monkeypatch.setattr(keeper._log, "begin", write_before_it_begins)
    run(connections[0], FURTHER["checkpoint"])
    keeper.restore()
    assert keeper.has_changed()
    keeper.restore()
    assert [digest(each) for each in connections] == [before, before]


def test_changes_of_the_structure_in_two_tests_are_not_taken_for_the_same(keeper, connections):
    first, second = connections
    run(first, "CREATE TABLE fresh (a); INSERT INTO fresh VALUES (1)")
    assert second.execute("SELECT a FROM fresh").fetchall() == [(1,)]
    keeper.restore()
    run(first, "CREATE TABLE other (b); INSERT INTO other VALUES (2)")
    assert second.execute("SELECT b FROM other").fetchall() == [(2,)]
    with pytest.raises(sqlite3.OperationalError):
        second.execute("SELECT a FROM fresh")


def test_reader_under_way_keeps_what_it_reads(keeper, connections):
    first, second = connections
    before = digest(first)
    run(first, WRITES["pages"])
    cursor = second.execute("SELECT a FROM keyless")
    cursor.fetchone()
    keeper.restore()
    run(first, "DELETE FROM keyless; " + WRITES["trigger"])
    assert len(cursor.fetchall()) == 41
    keeper.restore()
    assert digest(first) == digest(second) == before


READER = """
import sqlite3, sys
raw = sqlite3.connect(sys.argv[1], isolation_level=None)
raw.execute("BEGIN")
raw.execute("INSERT INTO audit VALUES ('other')")
raw.execute("COMMIT")
cursor = raw.execute("SELECT what FROM audit")
print(len(cursor.fetchmany(1)), flush=True)
sys.stdin.readline()
print(len(cursor.fetchall()), flush=True)
sys.stdin.readline()
print(len(raw.execute("SELECT what FROM audit").fetchall()), flush=True)
"""


def test_other_process_is_undone_and_keeps_what_it_reads(keeper):
    before = fresh_digest(keeper)
    command = [sys.executable, "-c", READER, str(keeper.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "1\n"
        keeper.restore()
        assert fresh_digest(keeper) == before
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "3\n"
        keeper.restore()
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "3\n"


@pytest.mark.parametrize("is_removed", [False, True], ids=["overwritten", "removed"])
def test_file_that_was_changed_without_sqlite_is_put_back(keeper, tmp_path, is_removed):
    before = fresh_digest(keeper)
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(copy)) as raw:
        keeper.reader().backup(raw)
        raw.execute("DELETE FROM pair")
        raw.commit()
    if is_removed:
        keeper.path.unlink()
    shutil.copyfile(copy, keeper.path)
    assert keeper.look().changed
    assert keeper.restore().connections_ended is is_removed
    assert fresh_digest(keeper) == before


WRITER = """
import sqlite3, sys
raw = sqlite3.connect(sys.argv[1])
raw.execute("INSERT INTO audit VALUES ('other')")
raw.commit()
raw.close()
"""


def write_in_another_process(keeper):
    subprocess.run([sys.executable, "-c", WRITER, str(keeper.path)], check=True)


def audited(raw):
    return [what for (what,) in raw.execute("SELECT what FROM audit WHERE what NOT LIKE 'i%'")]


@pytest.mark.parametrize("suffix", ["", "-shm"])
def test_other_process_leaves_the_log_where_this_one_has_read_the_files(keeper, connections, suffix):
    before = digest(connections[0])
    run(connections[0], WRITES["update"])
    keeper.path.with_name(keeper.path.name + suffix).read_bytes()  # releases the locks of SQLite in this process
    for _ in range(2):
        write_in_another_process(keeper)
    assert audited(connections[0]) == audited(keeper.reader()) == ["other", "other"]
    assert not keeper.restore().connections_ended
    assert [digest(each) for each in connections] == [before, before]


@pytest.mark.parametrize("suffixes", [("-wal",), ("-shm",), ("-wal", "-shm"), ("", "-wal", "-shm")])
def test_removed_files_are_put_back(keeper, connections, suffixes):
    before = digest(connections[0])
    run(connections[0], WRITES["update"])
    for suffix in suffixes:
        keeper.path.with_name(keeper.path.name + suffix).unlink()
    assert keeper.look().changed
    assert keeper.restore().connections_ended
    assert not keeper.look().changed
    write_in_another_process(keeper)
    assert keeper.look().changed
    keeper.restore()
    assert fresh_digest(keeper) == before


def test_removed_file_is_put_back_where_sqlite_no_longer_opens_the_others(keeper, monkeypatch):
    before = fresh_digest(keeper)
    keeper.path.with_name("test.db-wal").unlink()

    def fail(path):
        raise sqlite3.OperationalError("disk I/O error")  # as since 3.51, while connections have the old log

    monkeypatch.setattr(sqlite, "_connect", fail)
    assert keeper.look().changed
    monkeypatch.undo()
    monkeypatch.setattr(sqlite_log, "_memory_of", fail)
    monkeypatch.setattr(sqlite_log.WriteAheadLog, "begin", lambda *_: monkeypatch.undo())
    assert keeper.restore().connections_ended
    assert fresh_digest(keeper) == before


def test_file_beside_the_database_is_not_taken_for_a_change(keeper):
    keeper.path.with_name("other.db").touch()
    assert not keeper.look().changed


@pytest.mark.parametrize("is_read_first", [True, False])
def test_state_is_read_from_the_file_that_a_test_has_put_there(keeper, is_read_first):
    version = keeper.version()
    for suffix in ("", "-wal", "-shm"):
        keeper.path.with_name(keeper.path.name + suffix).unlink()
    with closing(connected(keeper)) as raw:
        raw.executescript(SCHEMA)
    write_in_another_process(keeper)
    if is_read_first:
        assert audited(keeper.reader()) == ["other"]
    assert keeper.was_written_since(version)
    assert keeper.changed_tables() is None
    again = keeper.version()
    assert keeper.version() == again
    write_in_another_process(keeper)
    assert keeper.version() != again
    for _ in range(2):
        write_in_another_process(keeper)
        keeper.restore()
        assert not keeper.look().changed
        assert audited(keeper.reader()) == []


def test_copy_in_another_journal_mode_is_named_and_put_back(keeper, tmp_path):
    before = fresh_digest(keeper)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as raw:
        raw.executescript(SCHEMA + "DELETE FROM pair")
    shutil.copyfile(tmp_path / "copy.db", keeper.path)
    restored = keeper.restore()
    assert restored.connections_ended
    assert "journal mode" in restored.noticed[0]
    assert fresh_digest(keeper) == before
    assert not keeper.restore().noticed


@pytest.mark.parametrize("seed", range(4))
def test_random_histories_are_undone_while_another_thread_reads(keeper, connections, seed):
    draw, before, ended = random.Random(seed), digest(connections[0]), threading.Event()

    def read():
        with closing(connected(keeper)) as raw:
            while not ended.is_set():
                with suppress(sqlite3.OperationalError):
                    assert raw.execute("SELECT count(*) FROM pair").fetchone()[0] in {0, 1, 2, 3}

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(15):
        for _ in range(draw.randrange(1, 5)):
            raw = draw.choice(connections)
            end = draw.choice(["COMMIT", "ROLLBACK"])
            run(raw, f"BEGIN IMMEDIATE; {draw.choice([*WRITES.values()])}; {end}")
        keeper.restore()
        assert [digest(each) for each in connections] == [before, before]
    ended.set()
    thread.join()
