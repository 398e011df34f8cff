"""What an agent must have shown before it is ready for the next level. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from controlplane.models import Maturity

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Bar:
    """The bar to the level `to`: at least so many completed runs, at most so many interventions per run."""

    to: Maturity
    episodes: int
    intervention_rate: float


BARS: Mapping[Maturity, Bar] = MappingProxyType(
    {
        Maturity.STUDENT: Bar(to=Maturity.INTERN, episodes=10, intervention_rate=0.5),
        Maturity.INTERN: Bar(to=Maturity.SUPERVISED, episodes=25, intervention_rate=0.2),
        Maturity.SUPERVISED: Bar(to=Maturity.AUTONOMOUS, episodes=50, intervention_rate=0.0),
    }
)
