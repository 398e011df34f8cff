"""Column types: what goes in comes out, and in-place changes are seen."""

from __future__ import annotations

import copy
import pickle
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from controlplane.database import create_engine
from controlplane.models import Agent, Base, Workspace


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/plain.sqlite")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def stored(engine, **values):
    with Session(engine) as session:
        workspace = Workspace(name=f"w {uuid.uuid4()}")
        session.add(workspace)
        session.flush()
        identity = {"category": "c", "module_path": "m", "class_name": "k"}
        agent = Agent(workspace_id=workspace.id, name="n", **identity, **values)
        session.add(agent)
        session.commit()
        return agent.id


JSON_VALUES = [
    *({"a": [1, {"b": None}]}, [], {}, [1, 2.5], "text", "", 7, 1.5, True, False, None),
    *(6.0, [6.0], 2**70, -(2**63) - 1, "6.0", "1e3", "null"),
]


@pytest.mark.parametrize("value", JSON_VALUES, ids=repr)
def test_json_round_trips(engine, value):
    key = stored(engine, capabilities=value)
    with Session(engine) as session:
        back = session.get_one(Agent, key).capabilities
    assert back == value
    assert type(back) is type(value) or isinstance(back, type(value))


CHANGES = {
    "append": lambda value: value["list"].append(9),
    "nested key": lambda value: value["list"][0].update(x=2),
    "item": lambda value: value["list"].__setitem__(0, {}),
    "slice": lambda value: value["list"].__setitem__(slice(0, 1), []),
    "extend in place": lambda value: value["list"].__iadd__([1]),
    "pop": lambda value: value.pop("list"),
    "setdefault": lambda value: value.setdefault("new", {}).update(deep=1),
    "del": lambda value: value["list"].__delitem__(0),
    "merge": lambda value: value.__ior__({"z": 1}),
    "sort": lambda value: value["numbers"].sort(),
    "clear": lambda value: value["numbers"].clear(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes_in_place_are_stored(engine, change):
    start = {"list": [{"x": 1}], "numbers": [3, 1]}
    expected = copy.deepcopy(start)
    change(expected)
    assert expected != start
    key = stored(engine, capabilities=start)
    with Session(engine) as session:
        change(session.get_one(Agent, key).capabilities)
        session.commit()
    with Session(engine) as session:
        assert session.get_one(Agent, key).capabilities == expected


def test_a_value_moved_to_another_row_belongs_to_that_row(engine):
    first, second = stored(engine, capabilities={"a": [1]}), stored(engine, capabilities={})
    with Session(engine) as session:
        one, two = session.get_one(Agent, first), session.get_one(Agent, second)
        two.capabilities = one.capabilities
        session.commit()
        two.capabilities["a"].append(2)
        session.commit()
    with Session(engine) as session:
        assert session.get_one(Agent, first).capabilities == {"a": [1]}
        assert session.get_one(Agent, second).capabilities == {"a": [1, 2]}


def test_a_tracked_value_pickles_as_plain_json(engine):
    key = stored(engine, capabilities={"a": [1]})
    with Session(engine) as session:
        back = pickle.loads(pickle.dumps(session.get_one(Agent, key).capabilities))
    assert type(back) is dict
    assert back == {"a": [1]}


AWARE = datetime(2026, 3, 29, 1, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [AWARE, AWARE.replace(tzinfo=None), AWARE.astimezone(timezone(timedelta(hours=5, minutes=45)))],
    ids=["utc", "naive", "elsewhere"],
)
def test_an_instant_comes_back_in_utc_to_the_microsecond(engine, value):
    key = stored(engine, created_at=value, capabilities=[])
    with Session(engine) as session:
        back = session.get_one(Agent, key).created_at
    assert (back, back.tzinfo) == (AWARE, UTC)


def test_a_stored_text_that_would_sort_wrongly_is_refused(engine):
    key = stored(engine, capabilities=[])
    with Session(engine) as session:
        session.execute(text("UPDATE agent SET created_at = '2026-01-05 09:00:00'"))
        with pytest.raises(ValueError, match=r"write '2026-01-05 09:00:00.000000'"):
            session.get_one(Agent, key)
