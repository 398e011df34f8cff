"""What each statement means for the transaction it runs in."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.sql.effects.transactions import Kind, classify

BOTH = pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])


@BOTH
@pytest.mark.parametrize(
    ("statement", "kind", "name"),
    [
        ("SELECT 1", Kind.READ, ""),
        ("  -- c\n/* c */ select replace(name, 'update', 'x') FROM t", Kind.READ, ""),
        ("SELECT * FROM t FOR UPDATE", Kind.READ, ""),
        ("SELECT * INTO copied FROM t", Kind.WRITE, ""),
        ("WITH a AS (SELECT 1) SELECT * FROM a FOR NO KEY UPDATE", Kind.READ, ""),
        ("WITH a AS (INSERT INTO t VALUES (1) RETURNING id) SELECT * FROM a", Kind.WRITE, ""),
        ("WITH a AS (SELECT 1) UPDATE t SET x = 1", Kind.WRITE, ""),
        ("EXPLAIN SELECT 1", Kind.READ, ""),
        ("EXPLAIN (ANALYZE, COSTS OFF) DELETE FROM t", Kind.WRITE, ""),
        ("", Kind.READ, ""),
        ("INSERT INTO t VALUES ('; COMMIT')", Kind.WRITE, ""),
        ("CREATE TABLE t (id INTEGER)", Kind.WRITE, ""),
        ("BEGIN IMMEDIATE", Kind.BEGIN, ""),
        ("START TRANSACTION", Kind.BEGIN, ""),
        ("COMMIT TRANSACTION;", Kind.COMMIT, ""),
        ("END", Kind.COMMIT, ""),
        ("rollback work", Kind.ROLLBACK, ""),
        ("ABORT", Kind.ROLLBACK, ""),
        ("SAVEPOINT sp_1", Kind.SAVEPOINT, "SP_1"),
        ("RELEASE SAVEPOINT sp_1", Kind.RELEASE, "SP_1"),
        ("ROLLBACK TRANSACTION TO SAVEPOINT sp_1", Kind.ROLLBACK_TO, "SP_1"),
        ("ROLLBACK TO sp_1;", Kind.ROLLBACK_TO, "SP_1"),
        ("COMMIT/*x*/", Kind.COMMIT, ""),
        ("/* a */ COMMIT -- b", Kind.COMMIT, ""),
        ("ROLLBACK/**/TO/**/sp_1", Kind.ROLLBACK_TO, "SP_1"),
        ("WITH a AS (SELECT 1) INSERT OR IGNORE INTO t SELECT * FROM a", Kind.WRITE, ""),
        ("WITH a AS (SELECT 1) INSERT /* c */ INTO t SELECT * FROM a", Kind.WRITE, ""),
        ("WITH a AS (SELECT 1) DELETE/**/FROM t", Kind.WRITE, ""),
        ('WITH a AS (SELECT 1 AS "insert") SELECT "insert", b.delete FROM a', Kind.READ, ""),
        ("SELECT 'x' AS y /* into */ FROM t -- into", Kind.READ, ""),
        ("EXPLAIN ANALYSE INSERT INTO t VALUES (1)", Kind.WRITE, ""),
        ("EXPLAIN ANALYZE SELECT 1", Kind.READ, ""),
        ("EXPLAIN /* c */ (VERBOSE, ANALYSE) UPDATE t SET a = 1", Kind.WRITE, ""),
        ("EXPLAIN QUERY PLAN INSERT INTO t VALUES (1)", Kind.READ, ""),
        ("(SELECT 1) UNION (SELECT 2)", Kind.READ, ""),
        ("/*x*/ BEGIN /*y*/ TRANSACTION", Kind.BEGIN, ""),
    ],
)
def test_kind(statement, kind, name, dialect_name):
    found = classify(statement, dialect_name)
    assert (found.kind, found.name) == (kind, name.upper())


@pytest.mark.parametrize(
    ("pragma", "kind"),
    [
        ("PRAGMA table_info(agent)", Kind.READ),
        ("PRAGMA main.index_list('agent')", Kind.READ),
        ("PRAGMA foreign_keys", Kind.READ),
        ("PRAGMA foreign_keys=ON", Kind.IGNORED),
        ("PRAGMA foreign_keys = 0", Kind.REFUSED),
        ("PRAGMA busy_timeout = 5000;", Kind.IGNORED),
        ("PRAGMA user_version = 7", Kind.WRITE),
        ("PRAGMA query_only(1)", Kind.REFUSED),
        ("PRAGMA/**/main . query_only /* c */ = /* c */ 1", Kind.REFUSED),
        ("PRAGMA foreign_keys(0)", Kind.REFUSED),
        ("PRAGMA foreign_keys(on)", Kind.IGNORED),
        ('PRAGMA "user_version" = 7', Kind.WRITE),
        ("PRAGMA optimize", Kind.IGNORED),
        ("PRAGMA ignore_check_constraints = true", Kind.REFUSED),
    ],
)
def test_pragma(pragma, kind):
    assert classify(pragma, "sqlite").kind is kind


@pytest.mark.parametrize(
    ("statements", "kind"),
    [
        ("SELECT 1; SELECT 2", Kind.READ),
        ("SELECT 1; INSERT INTO t VALUES (1)", Kind.WRITE),
        ("SELECT 1; COMMIT; SELECT 2", Kind.REFUSED),
        ("INSERT INTO t VALUES ($$; COMMIT;$$)", Kind.WRITE),
        ("SELECT 1; VACUUM", Kind.REFUSED),
    ],
)
def test_several_at_once(statements, kind):
    assert classify(statements, "postgresql").kind is kind
