"""The rules of governance as plain functions, at and around each of their bounds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlplane.governance.actions.action_risk import LEVELS, level_of, words_of
from controlplane.governance.authorization import LEAST_ROLE, Permission, has_permission
from controlplane.governance.feedback import change_for
from controlplane.governance.maturity import (
    Impact,
    confidence_at,
    for_confidence,
    level_after,
    moved,
    rank,
    required_for,
    step,
)
from controlplane.governance.review import autonomous_review
from controlplane.governance.review.approval import merged
from controlplane.governance.supervision import completion as supervision
from controlplane.governance.training import sessions as training
from controlplane.governance.training.estimate import Estimate, estimate_training
from controlplane.models import Maturity, Role

STUDENT, INTERN, SUPERVISED, AUTONOMOUS = Maturity


@pytest.mark.parametrize(
    ("confidence", "level"),
    [
        *((0, STUDENT), (0.4999, STUDENT), (0.5, INTERN), (0.6999, INTERN)),
        *((0.7, SUPERVISED), (0.8999, SUPERVISED), (0.9, AUTONOMOUS), (1, AUTONOMOUS)),
    ],
)
def test_a_level_begins_at_its_floor(confidence, level):
    assert for_confidence(confidence) is level


@pytest.mark.parametrize(
    ("success", "impact", "by"),
    [
        *((True, Impact.HIGH, 0.05), (True, Impact.LOW, 0.01)),
        *((False, Impact.HIGH, -0.10), (False, Impact.LOW, -0.02)),
    ],
)
def test_an_outcome_moves_confidence_by_its_sign_and_impact(success, impact, by):
    assert step(success=success, impact=impact) == by


@pytest.mark.parametrize(
    ("confidence", "by", "after"),
    [(0.7, 0.2, 0.9), (0.98, 0.05, 1.0), (0.05, -0.1, 0.0), (0.1, 0.2, 0.3), (0.12345, 0, 0.1235), (0, -0.02, 0)],
)
def test_confidence_stays_within_0_and_1_and_keeps_4_places(confidence, by, after):
    assert moved(confidence, by) == after


def test_a_rise_ends_at_the_highest_level_that_is_allowed_and_a_fall_does_not():
    assert level_after(STUDENT, 0.95, highest=INTERN) is INTERN
    assert level_after(STUDENT, 0.95) is AUTONOMOUS
    assert level_after(SUPERVISED, 0.75, highest=INTERN) is SUPERVISED
    assert level_after(AUTONOMOUS, 0.2, highest=INTERN) is STUDENT


@pytest.mark.parametrize(
    ("level", "confidence", "after"),
    [
        (SUPERVISED, 0.75, 0.75),
        (AUTONOMOUS, 0.75, 0.9),
        (INTERN, 0.75, 0.5),
        (STUDENT, 0.75, 0.4),
        (STUDENT, 0.1, 0.1),
    ],
)
def test_set_level_moves_confidence(level, confidence, after):
    assert confidence_at(level, confidence) == after


def test_an_action_level_takes_the_maturity_of_the_same_rank():
    assert [rank(required_for(level)) for level in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert [rank(level) for level in Maturity] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("action", "level", "origin"),
    [
        *(("search", 1, "name"), ("present_form", 2, "name"), ("send_email", 3, "name"), ("payment", 4, "name")),
        *(("update_canvas", 2, "name"), ("update", 3, "name"), ("  SEARCH ", 1, "name"), ("Delete", 4, "name")),
        *(
            ("sendEmail", 3, "name"),
            ("GETList", 1, "words"),  # the last capital of a run begins a word
            ("send-email", 3, "name"),
            ("send.email", 3, "name"),
            ("Send Email", 3, "name"),
        ),
        *(("getPayment", 4, "words"), ("list_search", 1, "words"), ("search_send_email", 3, "words")),
        *(("get_draft", 2, "words"), ("HTTPGet", 4, "unknown"), ("get_payment_status", 4, "unknown")),
        *(("forget_user", 4, "unknown"), ("budget_override", 4, "unknown"), ("drop_table", 4, "unknown")),
        *(("wire_money", 4, "unknown"), ("frobnicate", 4, "unknown"), ("list_drafts", 4, "unknown")),
        *(("", 4, "unknown"), ("___", 4, "unknown"), ("get2", 4, "unknown"), ("get/list", 4, "unknown")),
        *(("gét", 4, "unknown"), ("email", 4, "unknown"), ("send", 4, "unknown"), ("chart_present", 4, "unknown")),
    ],
)
def test_level_of_an_action_follows_its_name(action, level, origin):
    found = level_of(action)
    assert (found.level, found.origin) == (level, origin)


@pytest.mark.parametrize(
    ("action", "declared", "workspace", "level", "origin"),
    [
        *(("wire_money", 1, None, 1, "declared"), ("search", 4, None, 1, "name")),
        *(("list_search", 3, None, 3, "declared"), ("search", None, 4, 4, "workspace")),
        *(("wire_money", 1, 2, 2, "workspace"), ("delete", None, 1, 1, "workspace")),
    ],
)
def test_level_comes_from_workspace_then_name_then_declaration(action, declared, workspace, level, origin):
    found = level_of(action, declared=declared, workspace=workspace)
    assert (found.level, found.origin) == (level, origin)


@given(st.text(max_size=30))
def test_name_below_the_highest_level_holds_known_words_only(action):
    """Governance fails closed: any name with a lower level consists of names in the table."""
    found = level_of(action)
    known = {word for name in LEVELS for word in name.split("_")}
    assert found.level == 4 or set(words_of(action)) <= known


def test_every_action_of_the_table_is_known():
    assert [sum(1 for level in LEVELS.values() if level == n) for n in (1, 2, 3, 4)] == [8, 11, 6, 8]


@pytest.mark.parametrize(
    ("score", "boost"),
    [
        *((0, 0.05), (0.2999, 0.05), (0.3, 0.10), (0.4999, 0.10)),
        *((0.5, 0.15), (0.6999, 0.15), (0.7, 0.20), (1, 0.20)),
    ],
)
def test_a_training_adds_by_its_grade(score, boost):
    assert training.boost_for(score) == boost


@pytest.mark.parametrize(
    ("rating", "interventions", "boost"),
    [
        *((5, 0, 0.1), (5, 1, 0.09), (5, 5, 0.05), (5, 6, 0.05), (5, 100, 0.05)),
        *((4, 0, 0.075), (3, 0, 0.05), (3, 5, 0), (2, 0, 0.025), (2, 2, 0.005), (2, 3, 0), (1, 0, 0), (1, 9, 0)),
    ],
)
def test_a_supervision_adds_by_its_rating_less_its_interventions(rating, interventions, boost):
    assert supervision.boost_for(rating, interventions) == boost


@pytest.mark.parametrize(
    ("facts", "hours", "low", "high", "sure"),
    [
        # 8 + 10 * 0.1 + 0 + 10 + 4
        ({"confidence": 0.4}, 23.0, 16.1, 34.5, 0.5),
        ({"confidence": 0.5}, 22.0, 15.4, 33.0, 0.5),
        ({"confidence": 0.9}, 22.0, 15.4, 33.0, 0.5),
        ({"confidence": 0.0}, 27.0, 18.9, 40.5, 0.5),
        ({"confidence": 0.5, "gaps": 3}, 25.0, 17.5, 37.5, 0.5),
        # H = mean of the peers, 20: 8 + 5 + 4
        ({"confidence": 0.5, "peer_hours": [10.0, 30.0]}, 17.0, 11.9, 25.5, 0.6),
        ({"confidence": 0.5, "peer_hours": [0.0]}, 12.0, 8.4, 18.0, 0.55),
        ({"confidence": 0.5, "peer_hours": [40.0] * 5}, 22.0, 15.4, 33.0, 0.75),
        # never surer than 0.9
        ({"confidence": 0.5, "peer_hours": [40.0] * 9}, 22.0, 15.4, 33.0, 0.9),
        # r = 1, then twice as fast at most, half as fast at least
        ({"confidence": 0.5, "past_scores": [0.7]}, 22.0, 15.4, 33.0, 0.5),
        ({"confidence": 0.5, "past_scores": [1.0, 0.75]}, 21.2, 14.84, 31.8, 0.5),
        ({"confidence": 0.5, "past_scores": [0.35]}, 26.0, 18.2, 39.0, 0.5),
        ({"confidence": 0.5, "past_scores": [0.0]}, 26.0, 18.2, 39.0, 0.5),
    ],
)
def test_the_duration_of_a_training_is_estimated_from_gaps_peers_and_past(facts, hours, low, high, sure):
    given = {"gaps": 0, "peer_hours": [], "past_scores": [], **facts}
    assert estimate_training(**given) == Estimate(hours=hours, low=low, high=high, confidence=sure)


@pytest.mark.parametrize(
    ("rating", "high", "low"),
    [(1, -0.1, -0.02), (2, -0.1, -0.02), (3, 0, 0), (4, 0.05, 0.01), (5, 0.05, 0.01), (None, -0.1, -0.02)],
)
def test_feedback_counts_by_its_rating_and_a_bare_correction_says_it_was_wrong(rating, high, low):
    assert change_for(rating=rating, corrects=True, impact=Impact.HIGH) == high
    assert change_for(rating=rating, corrects=True, impact=Impact.LOW) == low


def test_comment_without_rating_moves_nothing():
    assert change_for(rating=None, corrects=False, impact=Impact.HIGH) == 0


@pytest.mark.parametrize(("level", "risk"), [(1, "safe"), (2, "safe"), (3, "medium"), (4, "high")])
def test_risk_of_an_action_follows_its_level(level, risk):
    assert autonomous_review.risk_of(level) == risk


def test_modifications_are_merged_object_by_object():
    proposed = {"action": "a", "parameters": {"to": "x", "cc": ["y", "z"], "opts": {"n": 1, "m": 2}}}
    changes = {"parameters": {"cc": [], "opts": {"n": 9}, "extra": None}}
    assert merged(proposed, changes) == {
        "action": "a",
        "parameters": {"to": "x", "cc": [], "opts": {"n": 9, "m": 2}, "extra": None},
    }
    assert proposed["parameters"]["opts"] == {"n": 1, "m": 2}


def test_viewer_has_no_permission_and_higher_roles_include_lower_ones():
    assert not any(has_permission(Role.VIEWER, permission) for permission in Permission)
    for higher, lower in itertools.pairwise(Role):
        assert {permission for permission in Permission if has_permission(lower, permission)} <= {
            permission for permission in Permission if has_permission(higher, permission)
        }
    assert set(LEAST_ROLE) == set(Permission)
