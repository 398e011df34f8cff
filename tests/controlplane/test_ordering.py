"""No builder leaves the order of texts to the database, whose collation is not ours to choose."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import uuid
from collections import Counter
from datetime import UTC, datetime
from operator import eq
from pathlib import Path

import pytest
from sqlalchemy import Enum, Select, String
from sqlalchemy.sql.elements import BinaryExpression, UnaryExpression
from sqlalchemy.sql.visitors import iterate

import controlplane
from controlplane.collation import code_points
from controlplane.models import StepRole, StepStatus


def builders():
    """Every public function of a module or package of queries, by its full name."""
    for found in pkgutil.walk_packages(controlplane.__path__, "controlplane."):
        if "queries" in found.name.split("."):
            module = importlib.import_module(found.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == found.name and not name.startswith("_"):
                    yield f"{found.name.removeprefix('controlplane.')}.{name}", function


BUILDERS = dict(builders())
ID, NOW = uuid.UUID(int=1), datetime(2026, 1, 1, tzinfo=UTC)
SAMPLES = {"UUID": ID, "Id": ID, "datetime": NOW, "Instant": NOW, "int": 1, "str": "a", "bool": True}
SAMPLES |= {"StepStatus": StepStatus.WAITING, "StepRole": next(iter(StepRole))}


def statement_of(builder):
    """Build with a sample of each required argument; None if it takes something else than plain values."""
    needed = {
        name: parameter.annotation
        for name, parameter in inspect.signature(builder).parameters.items()
        if parameter.default is parameter.empty
    }
    given = {name: _sample(str(annotation)) for name, annotation in needed.items()}
    return None if None in given.values() else builder(**given)


def _sample(annotation):
    if annotation.startswith(("tuple", "Sequence")):
        return ()
    return SAMPLES.get(annotation.split("|")[0].strip().rsplit(".", 1)[-1])


def sort_keys(statement):
    for key in statement._order_by_clauses:  # SQLAlchemy has no public way to ask
        while isinstance(key, UnaryExpression):
            key = key.element  # noqa: PLW2901  what is under DESC
        yield key


STATEMENTS = {name: statement_of(builder) for name, builder in BUILDERS.items()}
ORDERED = {name: list(sort_keys(found)) for name, found in STATEMENTS.items() if isinstance(found, Select)}


@pytest.mark.parametrize("name", sorted(ORDERED))
def test_texts_are_sorted_by_code_point(name):
    """Members of an enum may be sorted as they are: one word each, small letters, the same in every collation."""
    for key in ORDERED[name]:
        if isinstance(key.type, Enum):
            assert all(member.isalpha() and member.islower() for member in key.type.enums)
        elif isinstance(key.type, String):
            assert isinstance(key, code_points), f"{name} sorts by {key}"


LOCKING = [name for name in ORDERED if STATEMENTS[name]._for_update_arg is not None]


def names_one_row(statement):
    return any(
        isinstance(part, BinaryExpression) and part.operator is eq and part.left.name == "id"
        for part in iterate(statement.whereclause)
    )


@pytest.mark.parametrize("name", sorted(LOCKING))
def test_rows_are_locked_in_a_total_order(name):
    """Two transactions that lock the same rows in different orders would wait for each other."""
    assert names_one_row(STATEMENTS[name]) or (ORDERED[name] and ORDERED[name][-1].name == "id")


def test_every_builder_is_used():
    """What only tests call answers a question that no verb asks."""
    folder = Path(controlplane.__file__).parent
    texts = [path.read_text() for path in folder.rglob("*.py")]
    words = Counter(re.findall(r"\w+(?=\()", "\n".join(texts)))
    assert [name for name in BUILDERS if words[name.rsplit(".", 1)[-1]] < 2] == []


def test_nearly_every_builder_is_looked_at():
    """What is left out takes more than plain values and sorts nothing: it writes, or reads one row."""
    left_out = {name for name, found in STATEMENTS.items() if found is None and ".select_" in name}
    assert left_out == {"lifecycle.queries.select_status"}
    assert sum(bool(keys) for keys in ORDERED.values()) > 40
