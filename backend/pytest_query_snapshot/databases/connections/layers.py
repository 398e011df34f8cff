"""The states that tests start from: the schema, and on top of it what fixtures of wider scopes added."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.connections.keeper import Keeper
    from pytest_query_snapshot.seeds.files import SeedSet

_SEEDED_BASELINES = 8


@dataclass(slots=True)
class _Layer:
    baseline: Any
    seeded: dict[SeedSet, Any] = field(default_factory=dict)


class Layers:
    """A stack of baselines of one database, each with those of the seed sets that were loaded on it."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._layers: list[_Layer] = []

    def __len__(self) -> int:
        return len(self._layers)

    @property
    def top(self) -> Any:
        """The baseline that a test without seeds starts from."""
        return self._layers[-1].baseline

    def push(self, baseline: Any) -> None:
        """Add a baseline that tests start from."""
        self._layers.append(_Layer(baseline))

    def of_seeds(self, seeds: SeedSet) -> Any:
        """Return the baseline of a seed set on the top one; None if it was not loaded."""
        return self._layers[-1].seeded.get(seeds) if seeds.files else self.top

    def keep_seeds(self, seeds: SeedSet, baseline: Any) -> None:
        """Keep the baseline of a seed set; the oldest ones are forgotten."""
        seeded = self._layers[-1].seeded
        seeded[seeds] = baseline
        while len(seeded) > _SEEDED_BASELINES:
            self._keeper.forget(seeded.pop(next(iter(seeded))))

    def drop(self, depth: int = 0) -> bool:
        """Forget the layers above a number of them; return whether there were any."""
        dropped = self._layers[depth:]
        for layer in dropped:
            for baseline in (layer.baseline, *layer.seeded.values()):
                self._keeper.forget(baseline)
        del self._layers[depth:]
        return bool(dropped)
