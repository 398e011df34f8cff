"""Objects of the process are found without those whose construction failed."""

from __future__ import annotations

import gc

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.recording.process_objects import objects_of

WRITE_BESIDE_A_REFUSED_CONNECTION = """
import sqlite3
import pytest
import sqlalchemy as sa
from shop_schema import metadata

def test_it(tmp_path, golden):
    with pytest.raises(sa.exc.OperationalError) as refused:
        sa.create_engine(f"sqlite:///{tmp_path}/missing/app.db").connect()
    engine = sa.create_engine(f"sqlite:///{tmp_path}/own.db")
    metadata.create_all(engine)
    with golden.step("work"):
        one = sqlite3.connect(tmp_path / "own.db")
        one.execute("INSERT INTO workspace (name) VALUES ('plain')")
        one.commit()
        one.close()
    assert engine == golden.state
    engine.dispose()
    assert refused.tb is not None
"""


def test_connection_that_was_refused_is_not_found(tmp_path):
    with pytest.raises(sa.exc.OperationalError) as refused:
        sa.create_engine(f"sqlite:///{tmp_path}/missing/app.db").connect()
    unfinished = [
        each for each in gc.get_objects() if type(each) is sa.Connection and "_execution_options" not in vars(each)
    ]
    assert unfinished, refused.tb
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        found = list(objects_of(sa.Connection, "closed"))
    assert connection in found
    assert not any(each is one for each in found for one in unfinished)


def test_plain_driver_writes_beside_a_refused_connection(make_project):
    project = make_project("sqlite")
    project.test(WRITE_BESIDE_A_REFUSED_CONNECTION)
    project.run("--isolation=none", "--snapshot-update").assert_outcomes(passed=1)
    golden = project.pytester.path / "__snapshots__/test_it/test_it.state.md"
    assert "+ workspace#1: name='plain'" in golden.read_text("utf-8")
