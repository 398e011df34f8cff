"""What the answers in plain Python are made of: odd instants, small definitions, and how values are summed up."""

from __future__ import annotations

import statistics
import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from controlplane.models import Workflow, WorkflowStep, WorkflowVersion

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
SINCE, UNTIL = datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)
EDGE = timedelta(microseconds=1)
INSTANTS = [base + step * EDGE for base in (SINCE, SINCE + timedelta(days=2), UNTIL) for step in (-1, 0, 1)]
SECONDS = [0, 0.000001, 60, 60, 1 / 4, 86400]
PEOPLE = [uuid.UUID(int=0xB0 + number) for number in range(3)]
NAMES = ("one", "One", "two", "one")  # the last one elsewhere
KEYS = ("a", "B", "c", "d")
NEEDS = {"a": [], "B": ["a"], "c": ["a"], "d": ["B", "c"]}
scope = {"workspace_id": HERE, "since": SINCE, "until": UNTIL}
references = settings(settings.get_profile("analytics"))


def place(workflow):
    return ELSEWHERE if workflow == 3 else HERE


def workflow_id(number):
    return uuid.UUID(int=0xC0 + number)


def definitions():
    workflows, versions, steps = [], [], []
    for number, name in enumerate(NAMES):
        workspace = {"workspace_id": place(number)}
        workflows.append(workspace | {"id": workflow_id(number), "name": name})
        version = uuid.UUID(int=0xC10 + number)
        versions.append(
            workspace
            | {"id": version, "workflow_id": workflow_id(number), "version": 1, "definition": {}, "digest": ""}
        )
        steps += [
            workspace
            | {
                "id": uuid.UUID(int=0xC200 + number * 16 + position),
                "version_id": version,
                "position": position,
                "key": key,
                "kind": "task",
                "depends_on": NEEDS[key],
            }
            for position, key in enumerate(KEYS)
        ]
    return {Workflow: workflows, WorkflowVersion: versions, WorkflowStep: steps}


def share(part, whole):
    return None if whole == 0 else round(part / whole, 9)


def mean(values):
    values = [value for value in values if value is not None]
    return round(statistics.fmean(values), 9) if values else None


def spread(values):
    if not values:
        return (0, *[None] * 6)
    cuts = statistics.quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
    several = (statistics.fmean(values), min(values), cuts[49], cuts[94], cuts[98], max(values))
    return (len(values), *(round(value, 9) for value in several))


def within(rows, key="created_at"):
    return [row for row in rows if row["workspace_id"] == HERE and SINCE <= row[key] < UNTIL]


def grouped(rows, *keys):
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def agents():
    return st.integers(0, 4)


def owned(agent):
    return {"agent_id": uuid.UUID(int=0xA0 + agent), "workspace_id": ELSEWHERE if agent == 4 else HERE}


def numbered(rows, first):
    return [{"id": uuid.UUID(int=first + number), **row} for number, row in enumerate(rows)]
