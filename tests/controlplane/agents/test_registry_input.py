"""Bad input of the registry and of runs: a typed error that names field and value, and nothing written."""

from __future__ import annotations

import pytest

from controlplane import validation
from controlplane.errors import InvalidValueError
from controlplane.models import TriggerSource


@pytest.mark.parametrize("value", ["", "   ", None, 7, "x" * 201, "a\x00b", "caf\udce9"])
def test_a_name_is_a_text_of_1_to_200_characters(value):
    with pytest.raises(InvalidValueError, match=r"^name can't be"):
        validation.text("name", value)


def test_a_name_may_have_exactly_200_characters_and_loses_the_spaces_around_it():
    assert validation.text("name", " " + "x" * 200 + "\n") == "x" * 200


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf"), True, "0.5", None])
def test_a_score_is_a_number_from_0_to_1(value):
    with pytest.raises(InvalidValueError) as caught:
        validation.number("score", value, low=0, high=1)
    assert caught.value.field == "score"


@pytest.mark.parametrize("value", [0, 1, 0.5])
def test_the_bounds_of_a_score_belong_to_it(value):
    assert validation.number("score", value, low=0, high=1) == value


def test_an_unknown_member_is_named_with_those_that_there_are():
    with pytest.raises(InvalidValueError, match=r"'magic'.*manual, schedule"):
        validation.member("triggered_by", "magic", TriggerSource)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {1, 2}}, float("nan"), b"x", (1, 2), {"a": object()}])
def test_value_that_json_can_not_represent_is_refused(value):
    with pytest.raises(InvalidValueError):
        validation.json_value("context", value)


def test_a_window_in_which_time_runs_backwards_is_refused(clock):
    early, late = clock(), clock()
    assert validation.window(early.replace(tzinfo=None), late) == (early, late)
    with pytest.raises(InvalidValueError, match=r"^until"):
        validation.window(late, early)
