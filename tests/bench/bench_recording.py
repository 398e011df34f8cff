"""What recording adds to a statement."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pytest_query_snapshot.recording.recorder import Recorder
from tests.bench.figures import Figure, best

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STATEMENTS = 5_000
PER_TEST = 50
TABLE = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))


def run() -> Iterator[Figure]:
    recorder = Recorder()
    recorded = _executions(recorder)
    plain = _executions(None)

    with_it, without = best(recorded, plain, rounds=25, timer=time.process_time)
    added = (with_it - without) / STATEMENTS * 1e6
    each = without / STATEMENTS * 1e6
    yield Figure("recording one statement", added, "µs", 8, detail=f"on {each:.1f} µs of a plain execute")


def _executions(recorder: Recorder | None) -> Callable[[], None]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    TABLE.metadata.create_all(engine)
    query = sa.select(TABLE.c.name).where(TABLE.c.id == sa.bindparam("key"))

    def execute() -> None:
        if recorder is not None:
            recorder.start()
        with engine.connect() as connection:
            for key in range(STATEMENTS):
                connection.execute(query, {"key": key}).all()
                if recorder is not None and not key % PER_TEST:
                    recorder.entries.clear()  # as the end of a test does
        if recorder is not None:
            recorder.uninstall()

    return execute
