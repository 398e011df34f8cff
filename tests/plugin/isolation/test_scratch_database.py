"""A scratch database is real: what one connection commits, another one and another process see."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

pytestmark = pytest.mark.usefixtures("nothing_left_from_another_test")

ADD = sa.text("INSERT INTO item (name) VALUES (:name)")
COUNT = """
import sys, sqlalchemy as sa
with sa.create_engine(sys.argv[1]).connect() as connection:
    print(connection.scalar(sa.text("SELECT count(*) FROM item")))
"""


def test_two_connections_see_only_what_is_committed(scratch_database):
    engine = scratch_database.engine()
    with engine.connect() as writer, engine.connect() as reader:
        writer.execute(ADD, {"name": "a"})
        assert reader.scalar(sa.text("SELECT count(*) FROM item")) == 0
        reader.rollback()
        writer.commit()
        assert reader.scalar(sa.text("SELECT count(*) FROM item")) == 1


def test_another_process_connects_by_url(scratch_database):
    with scratch_database.engine().begin() as connection:
        connection.execute(ADD, {"name": "a"})
    seen = subprocess.run(
        [sys.executable, "-c", COUNT, scratch_database.url], check=True, capture_output=True, text=True
    )
    assert seen.stdout.strip() == "1"


def test_isolated_database_sees_nothing_of_it(scratch_database, names):
    with scratch_database.engine().begin() as connection:
        connection.execute(ADD, {"name": "a"})
    assert names() == []


def test_constraints_hold(scratch_database):
    with scratch_database.engine().begin() as connection:
        connection.execute(ADD, {"name": "a"})
        with pytest.raises(IntegrityError):
            connection.execute(ADD, {"name": "a"})


def test_nothing_of_the_last_one_is_in_the_next(scratch_database):
    with scratch_database.engine().connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM item")) == 0
