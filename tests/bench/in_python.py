"""The plain loop over ORM objects that each statement replaces: loading once, then one pass per question."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from statistics import fmean, quantiles
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from controlplane.database import create_engine
from controlplane.models import AgentExecution
from tests.bench.probe import alone
from tests.bench.worlds import END, HERE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GOOD, BAD = "completed", ("failed", "timeout")


def rates(runs):
    good = sum(run.status == GOOD for run in runs)
    return len(runs), good, sum(run.status in BAD for run in runs)


def grouped(runs, key):
    groups = defaultdict(list)
    for run in runs:
        groups[key(run)].append(run)
    return groups


def spread(values):
    return fmean(values), min(values), quantiles(values, n=100, method="inclusive"), max(values)


def durations(runs):
    return spread([run.duration_seconds for run in runs if run.status == GOOD])


def durations_by_agent(runs):
    done = [run for run in runs if run.status == GOOD]
    return {key: durations(group) for key, group in grouped(done, lambda run: run.agent_id).items() if group[1:]}


def waits(runs):
    values = defaultdict(list)
    for run in runs:
        if run.started_at:
            values[run.triggered_by].append((run.started_at - run.created_at).total_seconds())
    return {key: spread(each) for key, each in values.items()}


def failures(runs):
    failed = [run for run in runs if run.status in BAD]
    groups = grouped(failed, lambda run: run.error_type).items()
    return {key: (len(group), max(run.completed_at for run in group)) for key, group in groups}


def concurrency(runs):
    changes = []
    for run in runs:
        if run.started_at:
            changes += [(run.started_at, 1), (run.completed_at or END, -1)]
    running, peaks = 0, Counter()
    for instant, change in sorted(changes):
        running += change
        peaks[instant.date()] = max(peaks[instant.date()], running)
    return peaks


def rates_by(key):
    return lambda runs: {each: rates(group) for each, group in grouped(runs, key).items()}


LOOPS: dict[str, Callable[[Sequence[AgentExecution]], object]] = {
    "by status": lambda runs: Counter(run.status for run in runs),
    "by trigger": lambda runs: Counter(run.triggered_by for run in runs),
    "by agent": lambda runs: Counter((run.agent_id, run.status) for run in runs),
    "success rate": rates,
    "success rate by agent": rates_by(lambda run: run.agent_id),
    "durations": durations,
    "durations by agent": durations_by_agent,
    "waits by trigger": waits,
    "failures by type": failures,
    "leaderboard": rates_by(lambda run: run.agent_id),
    "runs per day": rates_by(lambda run: run.created_at.date()),
    "rolling failure rate": rates_by(lambda run: run.created_at.date()),
    "week over week": rates_by(lambda run: run.created_at.isocalendar()[:2]),
    "concurrency per day": concurrency,
    "newest 20": lambda runs: sorted(runs, key=lambda run: (run.created_at, run.id), reverse=True)[:20],
    "stuck": lambda runs: [run for run in runs if run.status == "running"],
    "time range": lambda runs: (min(run.created_at for run in runs), max(run.created_at for run in runs)),
}


def loop(url: str) -> tuple[dict[str, float], float]:
    """Time each question with the loading that it needs; return also the megabytes that the objects take."""

    def asked() -> dict[str, float]:
        start = time.perf_counter()
        with Session(create_engine(url)) as session:
            runs = session.scalars(sa.select(AgentExecution).where(AgentExecution.workspace_id == HERE)).all()
            loading = time.perf_counter() - start
            times = {}
            for name, action in LOOPS.items():
                start = time.perf_counter()
                action(runs)
                times[name] = loading + time.perf_counter() - start
        return times

    return alone(asked)
