"""Actions that the golden workflows call."""

from __future__ import annotations

import pytest

from controlplane import actions
from controlplane.execution.engine import statements


def double(parameters, *, idempotency_key):
    return {"n": parameters["n"] * 2}


def echo(parameters, *, idempotency_key):
    return parameters


def refuse(parameters, *, idempotency_key):
    raise ValueError(parameters.get("why", "it can't be done"))


class Flaky:
    """Fails as often as its parameters say before it succeeds."""

    def __init__(self):
        self.calls = 0

    def __call__(self, parameters, *, idempotency_key):
        self.calls += 1
        if self.calls <= parameters["failures"]:
            raise ConnectionError(f"attempt {self.calls}: nobody answers")
        return {"calls": self.calls}


@pytest.fixture(autouse=True)
def _actions():
    with actions.registered(double=double, echo=echo, refuse=refuse, flaky=Flaky(), search=echo):
        yield


@pytest.fixture
def one_insert_per_table(monkeypatch):
    """Have a unit of work run the same statements on both databases: PostgreSQL joins its inserts."""
    monkeypatch.setattr(statements, "MAX_JOINED_ROWS", 0)
