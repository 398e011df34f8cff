"""Goldens of a test that uses several databases name them."""

from __future__ import annotations

import pytest

from tests.plugin.goldens.own_engines.conftest import golden

FLASK = """
import flask
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()

class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)

class Event(db.Model):
    __bind_key__ = "events"
    id = db.Column(db.Integer, primary_key=True)

@pytest.fixture
def app(tmp_path):
    app = flask.Flask("app", instance_path=str(tmp_path))
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path / 'main.db'}"
    app.config["SQLALCHEMY_BINDS"] = {"events": f"sqlite:///{tmp_path / 'events.db'}"}
    db.init_app(app)
    with app.app_context():
        db.create_all()
        yield app

def test_flask(app, golden):
    db.session.add_all([User(id=1), Event(id=2)])
    db.session.commit()
    assert db.session == golden.state
"""


def test_flask_sqlalchemy_binds_are_named(run):
    pytest.importorskip("flask_sqlalchemy")
    run(FLASK, "-W", "ignore").assert_outcomes(passed=1)
    text = golden(run, "test_flask.state.md")
    assert "### events.db: event" in text
    assert "### main.db: user" in text
    assert "-- database: events.db" in golden(run, "test_flask.sqlite.sql")


ALIKE = """
@pytest.fixture
def shards(tmp_path):
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
    engines = [sa.create_engine(f"sqlite:///{tmp_path / name / 'shard.db'}") for name in ("north", "south")]
    for engine in engines:
        metadata.create_all(engine)
    yield engines
    for engine in engines:
        engine.dispose()

def test_shards(shards, golden):
    session = Session(binds={workspace: shards[0], agent: shards[1]})
    with session, golden.step("add"):
        session.execute(INSERT)
        session.execute(sa.insert(agent).values(workspace_id=1, name="a"))
        session.commit()
    assert session == golden.changes
"""


def test_databases_of_one_name_are_distinguished(run):
    run(ALIKE).assert_outcomes(passed=1)
    text = golden(run, "test_shards.state.md")
    assert "### shard.db: workspace" in text
    assert "### shard.db 2: agent" in text


ROUTED = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Main(DeclarativeBase): pass
class Audit(DeclarativeBase): pass
class User(Main):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
class Event(Audit):
    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)

class Routing(Session):
    engines = {}
    def get_bind(self, mapper=None, **kwargs):
        if mapper is None:
            raise LookupError("no bind")
        return self.engines[mapper.class_]

@pytest.fixture
def engines(tmp_path):
    engines = [sa.create_engine(f"sqlite:///{tmp_path / name}") for name in ("main.db", "audit.db")]
    for engine, base in zip(engines, (Main, Audit)):
        base.metadata.create_all(engine)
    Routing.engines = dict(zip((User, Event), engines))
    yield engines
    for engine in engines:
        engine.dispose()

def make_bound(main, audit): return Session(binds={Main: main, Audit: audit})
def make_default(main, audit): return Session(main, binds={Audit: audit})
def make_routing(main, audit): return Routing()

@pytest.mark.parametrize("make", [make_bound, make_default, make_routing])
def test_used(engines, make, golden):
    with make(*engines) as session, golden.step("add"):
        session.add_all([User(id=1), Event(id=2)])
        session.commit()
    assert session == golden.state

@pytest.mark.parametrize("make", [make_bound, make_default])
def test_unused(engines, make, golden):
    with make(*engines) as session, golden.step("add"):
        session.add_all([User(id=1), Event(id=2)])
        session.commit()
    with make(*engines) as session:
        assert session == golden.state
"""
MAKERS = (
    "used[make_bound]",
    "used[make_default]",
    "used[make_routing]",
    "unused[make_bound]",
    "unused[make_default]",
)


def test_session_of_several_engines_names_each(run):
    body = ROUTED + "".join(f"# def test {number}" for number in range(len(MAKERS) - 2))
    run(body).assert_outcomes(passed=len(MAKERS))
    for maker in MAKERS:
        text = golden(run, f"test_{maker}.state.md")
        assert "### audit.db: event" in text
        assert "### main.db: user" in text
