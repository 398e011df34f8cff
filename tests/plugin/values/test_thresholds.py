"""Which parameters are ids: those that meet a key as one of its values, not those that bound it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.recording.recorder import Recorder
from pytest_query_snapshot.recording.statements import Interpreter
from pytest_query_snapshot.values.id_aliases import IdColumns
from pytest_query_snapshot.values.masks import Masks

METADATA = sa.MetaData()
TEAM = sa.Table("team", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))


@pytest.mark.parametrize(
    ("condition", "owners"),
    [
        (TEAM.c.id == 100, {"id_1": "team"}),
        (TEAM.c.id != 100, {"id_1": "team"}),
        (TEAM.c.id.in_([100]), {"id_1": "team"}),
        (TEAM.c.id.is_distinct_from(100), {"id_1": "team"}),
        (TEAM.c.id > 100, {}),
        (TEAM.c.id <= 100, {}),
        (TEAM.c.id.between(1, 100), {}),
        (TEAM.c.id + 100 == TEAM.c.id, {}),
        (TEAM.c.id % 2 == 1, {}),
    ],
)
def test_parameter_is_an_id_where_it_meets_a_key_as_a_value(condition, owners):
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    METADATA.create_all(engine)
    recorder = Recorder()
    recorder.attach(engine)
    with engine.connect() as connection:
        connection.execute(sa.select(TEAM).where(condition)).all()
    engine.dispose()
    recorded = Interpreter(IdColumns(METADATA), masks=Masks()).interpret(recorder.entries)
    (statement,) = [each for each in recorded if hasattr(each, "owners")]
    assert statement.owners == owners
