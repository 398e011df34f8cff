"""The pure rules of the debugger, by properties."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlplane.debugging.lifecycle import DEBUG, LIVE, diff_variables, due_stop, includes, same_json
from controlplane.models import DebugMode, DebugPermission, DebugStatus, StopReason

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=5,
)
VARIABLES = st.dictionaries(st.sampled_from("abcd"), JSON)
DEPTH = st.integers(0, 8)


@given(VARIABLES, VARIABLES)
def test_a_difference_leads_from_before_to_after_and_back(before, after):
    diff = diff_variables(before, after)
    there = {name: value for name, value in before.items() if name not in diff["removed"]}
    there |= diff["added"] | {name: change["new"] for name, change in diff["changed"].items()}
    assert same_json(there, after)
    back = {name: value for name, value in after.items() if name not in diff["added"]}
    back |= diff["removed"] | {name: change["old"] for name, change in diff["changed"].items()}
    assert same_json(back, before)


@given(VARIABLES)
def test_nothing_differs_from_itself(variables):
    again = json.loads(json.dumps(variables))
    assert diff_variables(variables, again) == {"added": {}, "changed": {}, "removed": {}}


def test_true_is_not_1():
    assert diff_variables({"x": True}, {"x": 1})["changed"] == {"x": {"old": True, "new": 1}}


@given(st.sampled_from(DebugMode), DEPTH, DEPTH)
def test_into_stops_wherever_over_does_and_over_wherever_out_does(mode, began, depth):
    def stops(one):
        return due_stop(mode=one, mode_depth=began, depth=depth, is_entry=False, is_asked=False) is not None

    assert stops(DebugMode.INTO)
    assert stops(DebugMode.OVER) or not stops(DebugMode.OUT)
    assert not stops(DebugMode.CONTINUE)
    assert due_stop(mode=mode, mode_depth=began, depth=depth, is_entry=True, is_asked=False) is StopReason.ENTRY
    assert due_stop(mode=mode, mode_depth=began, depth=depth, is_entry=True, is_asked=True) is StopReason.PAUSE


@pytest.mark.parametrize(
    ("mode", "shallower", "same", "deeper"),
    [
        ("over", True, True, False),
        ("into", True, True, True),
        ("out", True, False, False),
        ("continue", *[False] * 3),
    ],
)
def test_each_mode_stops_at_its_step(mode, shallower, same, deeper):
    stops = [
        due_stop(mode=DebugMode(mode), mode_depth=1, depth=depth, is_entry=False, is_asked=False) is not None
        for depth in (0, 1, 2)
    ]
    assert stops == [shallower, same, deeper]


def test_each_permission_includes_those_below():
    ranks = list(DebugPermission)
    assert ranks == ["viewer", "operator", "owner"]
    for held in ranks:
        assert [includes(held, needed) for needed in ranks] == [ranks.index(held) >= n for n in range(3)]
        assert not includes(None, held)


def test_a_session_that_has_ended_stays_so():
    assert {status for status in DebugStatus if DEBUG.is_final(status)} == set(DebugStatus) - set(LIVE)
