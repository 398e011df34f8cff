"""Every question about governance, against a plain-Python answer over the same random rows."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from controlplane.analytics.questions.governance.human_review import (
    select_feedback_by_agent,
    select_feedback_by_status,
    select_interventions_by_agent,
    select_interventions_by_type,
    select_rating_distribution,
    select_supervision_outcomes,
    select_training_outcomes_by_category,
)
from controlplane.analytics.questions.governance.proposals import (
    select_approval_latency,
    select_approval_rate_by_reviewer,
    select_proposal_funnel,
)
from controlplane.analytics.questions.governance.triggers import (
    select_blocked_triggers_by_agent,
    select_blocked_triggers_by_decision,
    select_blocked_triggers_by_source,
    select_resolution_outcomes,
    select_time_to_resolution,
)
from controlplane.models import (
    AgentFeedback,
    BlockedTrigger,
    FeedbackStatus,
    Intervention,
    InterventionType,
    Maturity,
    Proposal,
    ProposalStatus,
    ProposalType,
    ResolutionOutcome,
    RoutingDecision,
    SupervisionSession,
    SupervisionStatus,
    TrainingSession,
    TrainingStatus,
    TriggerSource,
)
from tests.controlplane.analytics.plain import (
    HERE,
    INSTANTS,
    PEOPLE,
    SECONDS,
    SINCE,
    agents,
    grouped,
    mean,
    numbered,
    owned,
    references,
    scope,
    share,
    spread,
    within,
)

APPROVED = ("approved", "executed", "execution_failed")


@st.composite
def triggers(draw):
    rows = []
    for _ in range(draw(st.integers(0, 10))):
        created, took = draw(st.sampled_from(INSTANTS)), draw(st.sampled_from([None, *SECONDS]))
        rows.append(
            owned(draw(agents()))
            | {
                "maturity_level": Maturity.STUDENT,
                "confidence_score": 0.4,
                "trigger_source": draw(st.sampled_from(list(TriggerSource)[:3])),
                "trigger_type": "run",
                "routing_decision": draw(st.sampled_from(list(RoutingDecision))),
                "block_reason": "",
                "status": "waiting" if took is None else "resolved",
                "resolved": took is not None,
                "resolved_at": None if took is None else created + timedelta(seconds=took),
                "resolution_outcome": None if took is None else draw(st.sampled_from(list(ResolutionOutcome)[:3])),
                "created_at": created,
            }
        )
    return numbered(rows, 0x1000)


@references
@given(rows=triggers())
def test_triggers(answers, population, rows):
    of_agents, of_sources, of_decisions, of_outcomes, times = answers(
        {BlockedTrigger: rows},
        select_blocked_triggers_by_agent(**scope),
        select_blocked_triggers_by_source(**scope),
        select_blocked_triggers_by_decision(**scope),
        select_resolution_outcomes(**scope),
        select_time_to_resolution(**scope),
    )
    seen = within(rows)
    names = {agent["id"]: agent["name"] for agent in population["agents"]}
    expected = []
    for (id_,), group in grouped(seen, "agent_id").items():
        decided = Counter(row["routing_decision"] for row in group)
        open_ = sum(row["resolved_at"] is None for row in group)
        expected.append((id_, names[id_], len(group), *(decided[each] for each in RoutingDecision), open_))
    assert of_agents == sorted(expected, key=lambda row: (-row[2], row[1], row[0]))
    for found, kind, key in (
        (of_sources, TriggerSource, "trigger_source"),
        (of_decisions, RoutingDecision, "routing_decision"),
    ):
        counts = Counter(row[key] for row in seen)
        assert found == [(each, counts[each], share(counts[each], len(seen))) for each in kind]
    ends = Counter(row["resolution_outcome"] for row in seen if row["resolved_at"])
    assert of_outcomes == [(each, ends[each], share(ends[each], ends.total())) for each in ResolutionOutcome]
    resolved = grouped((row for row in seen if row["resolved_at"]), "routing_decision")
    assert times == [
        (each, *spread([(row["resolved_at"] - row["created_at"]).total_seconds() for row in resolved[(each,)]]))
        for each in RoutingDecision
        if (each,) in resolved
    ]


@st.composite
def proposals(draw):
    rows = []
    for number in range(draw(st.integers(0, 12))):
        created, took = draw(st.sampled_from(INSTANTS)), draw(st.sampled_from([None, *SECONDS]))
        by = draw(st.integers(0, 3))
        rows.append(
            owned(draw(agents()))
            | {
                "proposal_type": draw(st.sampled_from(list(ProposalType))),
                "title": f"{number}",
                "status": draw(st.sampled_from(list(ProposalStatus))),
                "reviewer_id": PEOPLE[by] if by < 2 else None,
                "reviewer_agent_id": uuid.UUID(int=0xA0) if by == 2 else None,
                "reviewed_at": None if took is None else created + timedelta(seconds=took),
                "expires_at": created,
                "created_at": created,
            }
        )
    return numbered(rows, 0x2000)


@references
@given(rows=proposals())
def test_proposals(answers, population, rows):
    funnel, latency, reviewers = answers(
        {Proposal: rows},
        select_proposal_funnel(**scope),
        select_approval_latency(**scope),
        select_approval_rate_by_reviewer(**scope),
    )
    seen = within(rows)
    decided = [row for row in seen if row["status"] in (*APPROVED, "rejected")]
    expected, waits = [], []
    for kind in ProposalType:
        of_kind = Counter(row["status"] for row in seen if row["proposal_type"] == kind)
        good = sum(of_kind[status] for status in APPROVED)
        rest = ("executed", "execution_failed", "rejected", "cancelled", "expired")
        rate = share(good, good + of_kind["rejected"])
        counts = (of_kind["pending"], good, *(of_kind[status] for status in rest))
        expected.append((kind, of_kind.total(), *counts, rate))
        seconds = [
            (row["reviewed_at"] - row["created_at"]).total_seconds()
            for row in decided
            if row["reviewed_at"] and row["proposal_type"] == kind
        ]
        if seconds:
            waits.append((kind, *spread(seconds)))
    assert funnel == expected
    assert latency == sorted(waits)
    expected = []
    for (person, agent), group in grouped(decided, "reviewer_id", "reviewer_agent_id").items():
        if person or agent:
            good = sum(row["status"] in APPROVED for row in group)
            name = "Ann" if person else "Same"
            expected.append((person, agent, name, len(group), good, len(group) - good, share(good, len(group))))
    assert reviewers == sorted(expected, key=lambda row: (-row[3], row[0] is None, row[2], str(row[0])))


@st.composite
def oversight(draw):
    trainings = [
        owned(draw(agents()))
        | {
            "proposal_id": uuid.UUID(int=0x2000 + number),
            "supervisor_id": PEOPLE[0],
            "status": draw(st.sampled_from(list(TrainingStatus))),
            "performance_score": draw(st.sampled_from([None, 0, 0.3, 1])),
            "promoted": draw(st.booleans()),
            "planned_hours": 8.0,
            "hours_per_day": 8.0,
            "scheduled_at": SINCE,
            "scheduled_end_at": SINCE,
            "created_at": draw(st.sampled_from(INSTANTS)),
            "duration_seconds": draw(st.sampled_from([None, *SECONDS])),
        }
        for number in range(draw(st.integers(0, 8)))
    ]
    supervisions = [
        owned(draw(agents()))
        | {
            "supervisor_id": PEOPLE[0],
            "intervention_count": draw(st.integers(0, 3)),
            "status": draw(st.sampled_from(list(SupervisionStatus))),
            "rating": draw(st.sampled_from([None, 1, 4, 5])),
            "duration_seconds": draw(st.sampled_from([None, *SECONDS])),
            "started_at": draw(st.sampled_from(INSTANTS)),
        }
        for _ in range(draw(st.integers(0, 8)))
    ]
    feedback = [
        owned(draw(agents()))
        | {
            "user_id": PEOPLE[0],
            "rating": draw(st.sampled_from([None, 1, 2, 3, 4, 5])),
            "status": draw(st.sampled_from(list(FeedbackStatus))),
            "user_correction": draw(st.sampled_from([None, "so"])),
            "created_at": draw(st.sampled_from(INSTANTS)),
        }
        for _ in range(draw(st.integers(0, 8)))
    ]
    asked = [
        owned(0)
        | {
            "proposal_type": "training",
            "title": "t",
            "expires_at": SINCE,
            "created_at": SINCE,
        }
        for _ in trainings
    ]
    sessions = numbered(supervisions, 0x4000)
    acts = [
        {
            "workspace_id": session["workspace_id"],
            "session_id": session["id"],
            "sequence": sequence,
            "intervention_type": draw(st.sampled_from(list(InterventionType))),
            "guidance": "",
            "supervisor_id": PEOPLE[0],
            "at": draw(st.sampled_from(INSTANTS)),
        }
        for session in sessions
        for sequence in range(1, draw(st.integers(0, 2)) + 1)
    ]
    return {
        Proposal: numbered(asked, 0x2000),
        TrainingSession: numbered(trainings, 0x3000),
        SupervisionSession: sessions,
        Intervention: numbered(acts, 0x8000),
        AgentFeedback: numbered(feedback, 0x5000),
    }


@references
@given(tables=oversight())
def test_oversight(answers, population, tables):
    trained, supervised, by_agent, overall = answers(
        tables,
        select_training_outcomes_by_category(**scope),
        select_interventions_by_agent(**scope),
        select_feedback_by_agent(**scope),
        select_rating_distribution(**scope),
    )
    of = {agent["id"]: agent for agent in population["agents"]}
    sessions = [row | {"category": of[row["agent_id"]]["category"]} for row in within(tables[TrainingSession])]
    expected = []
    for (category,), group in grouped(sessions, "category").items():
        done = [row for row in group if row["status"] == "completed"]
        counts = Counter(row["status"] for row in group)
        hours = [row["duration_seconds"] and row["duration_seconds"] / 3600 for row in done]
        expected.append(
            (
                category,
                len(group),
                len(done),
                counts["failed"],
                counts["cancelled"],
                mean(row["performance_score"] for row in done),
                share(sum(row["promoted"] for row in done), len(done)),
                mean(hours),
            )
        )
    assert trained == sorted(expected)
    expected = []
    for (id_,), group in grouped(within(tables[SupervisionSession], "started_at"), "agent_id").items():
        counts = [row["intervention_count"] for row in group]
        expected.append(
            (id_, of[id_]["name"], len(group), sum(counts), mean(counts), max(counts), counts.count(0))
        )
    assert supervised == sorted(expected, key=lambda row: (-row[4], row[1], row[0]))

    def stars(rows):
        ratings = [row["rating"] for row in rows if row["rating"]]
        return (len(rows), len(ratings), mean(ratings), *(ratings.count(number) for number in range(1, 6)))

    said = within(tables[AgentFeedback])
    assert overall == [stars(said)]
    groups = grouped(said, "agent_id")
    expected = [
        (agent["id"], agent["name"], *stars(groups[(agent["id"],)]))
        for agent in population["agents"]
        if agent["workspace_id"] == HERE and (agent["status"] != "deleted" or (agent["id"],) in groups)
    ]
    assert by_agent == sorted(expected, key=lambda row: (row[4] is None, -(row[4] or 0), row[1], row[0]))


@references
@given(tables=oversight())
def test_ends(answers, population, tables):
    said, acted, supervised = answers(
        tables,
        select_feedback_by_status(**scope),
        select_interventions_by_type(**scope),
        select_supervision_outcomes(**scope),
    )
    groups = grouped(within(tables[AgentFeedback]), "status")
    assert said == [
        (
            status,
            len(groups[(status,)]),
            sum(row["user_correction"] is not None for row in groups[(status,)]),
            mean(row["rating"] for row in groups[(status,)]),
        )
        for status in FeedbackStatus
    ]
    acts = Counter(row["intervention_type"] for row in within(tables[Intervention], "at"))
    assert acted == [(kind, acts[kind], share(acts[kind], acts.total())) for kind in InterventionType]
    groups = grouped(within(tables[SupervisionSession], "started_at"), "status")
    assert supervised == [
        (
            status,
            len(groups[(status,)]),
            sum(row["intervention_count"] for row in groups[(status,)]),
            mean(row["rating"] for row in groups[(status,)]),
            mean(row["duration_seconds"] for row in groups[(status,)]),
        )
        for status in SupervisionStatus
    ]
