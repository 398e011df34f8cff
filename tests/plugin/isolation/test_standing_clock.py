"""The time that a schema reads is reported with the line that met it: in the mode `savepoint` it stands still."""

from __future__ import annotations

import pytest

CONFTEST = """
import pytest, sqlalchemy as sa

SCHEMA = '''
CREATE TABLE item (id serial PRIMARY KEY, name text, made timestamptz DEFAULT now(), changed timestamptz);
CREATE TABLE plain (id serial PRIMARY KEY, made timestamptz);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.changed := current_timestamp; RETURN NEW; END $$;
CREATE TRIGGER stamped BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE FUNCTION days_old() RETURNS interval LANGUAGE sql AS $$ SELECT now() - timestamptz '2026-01-01' $$;
CREATE VIEW due AS SELECT id FROM item WHERE made < now();
'''

@pytest.fixture(scope="session")
def query_snapshot_schema():
    return lambda connection: connection.exec_driver_sql(SCHEMA)
"""
TEST = """
import sqlalchemy as sa

def test_it(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("{statement}"))
"""
NOTE = "*test_it.py:5: {}: their time is the same in the whole run*isolation(*connections*"


@pytest.fixture
def project(make_project):
    made = make_project("postgresql")
    made.pytester.makeconftest(CONFTEST)
    return made


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("INSERT INTO item (name) VALUES ('a')", "the default of item.made"),
        ("INSERT INTO item (name) VALUES ('a') RETURNING id, made", "the default of item.made"),
        ("UPDATE item SET name = 'b'", "the trigger stamped of item"),
        ("SELECT days_old()", "the function days_old"),
        ("SELECT id FROM due", "the view due"),
    ],
)
def test_schema_clock_is_reported_with_the_line_that_met_it(project, statement, shown):
    project.test(TEST.format(statement=statement))
    result = project.run()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([NOTE.format(shown)])


@pytest.mark.parametrize(
    ("statement", "options"),
    [
        ("SELECT name, made FROM item", ()),
        ("INSERT INTO plain (made) VALUES (now())", ()),
        ("INSERT INTO item (name) VALUES ('a')", ("--isolation=connections",)),
    ],
)
def test_moving_time_is_not_reported(project, statement, options):
    project.test(TEST.format(statement=statement))
    result = project.run(*options)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*their time is the same*")
