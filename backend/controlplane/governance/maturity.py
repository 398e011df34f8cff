"""The relation of confidence and maturity. Pure."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from controlplane.models import Maturity

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER: tuple[Maturity, ...] = tuple(Maturity)
FLOORS: Mapping[Maturity, float] = MappingProxyType(
    {Maturity.STUDENT: 0.0, Maturity.INTERN: 0.5, Maturity.SUPERVISED: 0.7, Maturity.AUTONOMOUS: 0.9}
)
DEMOTED_STUDENT = 0.4  # where a new agent begins, too


class Readiness(NamedTuple):
    """The requirements for leaving a level: completed executions, and interventions per execution."""

    episodes: int
    intervention_rate: float  # at most


READINESS: Mapping[Maturity, Readiness] = MappingProxyType(
    {
        Maturity.STUDENT: Readiness(10, 0.5),
        Maturity.INTERN: Readiness(25, 0.2),
        Maturity.SUPERVISED: Readiness(50, 0.0),
    }
)


class Impact(StrEnum):
    """The weight of an outcome for an agent's confidence."""

    HIGH = "high"
    LOW = "low"


def rank(level: Maturity) -> int:
    """Return 1 for a student to 4 for an autonomous agent."""
    return ORDER.index(level) + 1


def required_for(action_level: int) -> Maturity:
    """Return the least maturity for an action of this level."""
    return ORDER[action_level - 1]


def for_confidence(confidence: float) -> Maturity:
    """Return the level that a confidence stands for; each floor belongs to its level."""
    return max((level for level in ORDER if confidence >= FLOORS[level]), key=rank)


def step(*, success: bool, impact: Impact) -> float:
    """Return how far one outcome moves confidence: a failure weighs twice as much as a success."""
    if success:
        return 0.05 if impact is Impact.HIGH else 0.01
    return -0.10 if impact is Impact.HIGH else -0.02


def moved(confidence: float, by: float) -> float:
    """Return the confidence after a change: within 0..1, 4 places (so that 0.7 + 0.2 reaches 0.9)."""
    return round(min(1.0, max(0.0, confidence + by)), 4)


def level_after(current: Maturity, confidence: float, *, highest: Maturity = Maturity.AUTONOMOUS) -> Maturity:
    """Return the level at a new confidence; a rise ends at `highest`, a fall has no limit."""
    earned = for_confidence(confidence)
    ceiling = max(current, highest, key=rank)
    return min(earned, ceiling, key=rank)


def confidence_at(level: Maturity, confidence: float) -> float:
    """Return the confidence of an agent that a person puts at `level`.

    One that already stands for the level stays. Else it becomes the level's floor, both ways: otherwise the next
    outcome, of any sign, would undo what the person decided. A demoted student begins where a new one does.
    """
    if for_confidence(confidence) is level:
        return confidence
    return FLOORS[level] or DEMOTED_STUDENT
