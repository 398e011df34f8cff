"""The registry of actions."""

from __future__ import annotations

import subprocess
import sys

import pytest

from controlplane import actions
from controlplane.errors import InvalidValueError, UnknownActionError


def test_an_action_gets_its_parameters_and_the_key(send_email):
    assert actions.run("send_email", parameters={"to": "x"}, idempotency_key="k") == {"done": {"to": "x"}}
    assert send_email.calls == [({"to": "x"}, "k")]


@pytest.mark.parametrize("name", ["nothing", "", None, [], "__class__"])
def test_an_unknown_action_is_named_with_those_that_there_are(name, send_email):
    with pytest.raises(UnknownActionError, match=r"delete_records, search, send_email"):
        actions.get(name)


def test_a_name_can_not_be_taken_twice(send_email):
    with pytest.raises(InvalidValueError, match=r"action can't be 'send_email'"):
        actions.register("send_email")(send_email)


def test_decorator_registers_and_returns_the_function():
    with actions.registered():

        @actions.register("sum")
        def add(parameters, *, idempotency_key):
            return sum(parameters["of"])

        assert actions.run("sum", parameters={"of": [1, 2]}, idempotency_key="k") == 3
        assert add({"of": [4]}, idempotency_key="k") == 4
    assert "sum" not in actions.names()


def test_result_of_action_must_be_json():
    with actions.registered(bad=lambda parameters, *, idempotency_key: {1, 2}), pytest.raises(InvalidValueError):
        actions.run("bad", parameters={}, idempotency_key="k")


def test_errors_have_their_message_without_docstrings():
    code = (
        "from controlplane.errors import *; from controlplane import errors\n"
        "print(NotFoundError(record='agent', id=7))\n"
        "assert all(vars(kind).get('message') for kind in vars(errors).values()"
        " if isinstance(kind, type) and issubclass(kind, errors.ControlPlaneError))"
    )
    answer = subprocess.run([sys.executable, "-OO", "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "There is no agent 7 in this workspace.\n"


def test_declared_level_is_kept_with_the_action():
    with actions.registered({"pay": 2}, pay=print, other=print):
        assert (actions.declared_level("pay"), actions.declared_level("other")) == (2, None)
        assert actions.declared_level("unknown") is None


@pytest.mark.parametrize("level", [0, 5, "1", True])
def test_level_out_of_range_is_not_declared(level):
    with actions.registered(), pytest.raises(InvalidValueError, match="level"):
        actions.register("x", level=level)
