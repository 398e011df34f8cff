"""An estimate of the duration of a student's training. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

USUAL_HOURS = 40.0
HOURS_PER_GAP = 4.0
INTERN_FLOOR = 0.5
USUAL_SCORE = 0.7


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Hours (2 places): the estimate, its range, and how sure it is (0..0.9)."""

    hours: float
    low: float
    high: float
    confidence: float


def estimate_training(
    *, confidence: float, gaps: int, peer_hours: Sequence[float], past_scores: Sequence[float]
) -> Estimate:
    """Estimate the hours of training for an agent at `confidence` with `gaps` missing capabilities.

    `peer_hours` are the total training hours of up to 5 agents of its category that made it (none: 40 is usual);
    `past_scores` its own scores so far: who scored better than 0.7 learns faster, up to twice.
    """
    usual = fmean(peer_hours) if peer_hours else USUAL_HOURS
    rate = min(2.0, max(0.5, fmean(past_scores) / USUAL_SCORE)) if past_scores else 1.0
    hours = (
        0.2 * USUAL_HOURS
        + 0.2 * 50 * max(0.0, INTERN_FLOOR - confidence)
        + 0.25 * HOURS_PER_GAP * gaps
        + 0.25 * usual
        + 0.1 * USUAL_HOURS / rate
    )
    return Estimate(
        hours=round(hours, 2),
        low=round(hours * 0.7, 2),
        high=round(hours * 1.5, 2),
        confidence=round(min(0.9, 0.5 + 0.05 * len(peer_hours)), 2),
    )
