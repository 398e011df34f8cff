"""Notes of one session while it runs; every session imports this, so it imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_query_snapshot.goldens.comparison import Comparison


class SessionNotes:
    """Observations of one process: goldens by path, tests by module, as collected before any selection."""

    def __init__(self) -> None:
        self.facts: dict[str, dict[str, Any]] = {}
        # module -> qualified function -> names of its items, its parameters, whether it uses `golden`
        self.collected: dict[str, dict[str, dict[str, Any]]] = {}
        self.complete: set[str] = set()
        self.passed: set[str] = set()
        # goldens that tests of two workers claimed: each worker knows its own tests alone
        self.shared: dict[str, tuple[str, str]] = {}

    def note_comparison(self, comparison: Comparison, golden: str, *, parameters: list[str]) -> None:
        """Keep the facts of a golden that its file does not hold."""
        self.facts[golden] = {
            "test": comparison.test_id,
            "doc": comparison.doc or "",
            "seeds": list(comparison.seeds),
            "source": comparison.source or "",
            "parameters": parameters,
        }

    def note_item(self, node_id: str, *, parameters: list[str], uses_golden: bool) -> None:
        """Keep that the source of a module yields this test."""
        module, _, test = node_id.partition("::")
        function = test.partition("[")[0].replace("::", ".")
        known = self.collected.setdefault(module, {}).setdefault(
            function, {"tests": [], "parameters": [], "golden": False}
        )
        known["tests"].append(test)
        known["parameters"] = sorted({*known["parameters"], *parameters})
        known["golden"] = known["golden"] or uses_golden

    def notes_of_worker(self) -> dict[str, Any]:
        """Return the notes of a worker, for the process that writes the record."""
        return {"facts": self.facts, "collected": self.collected, "complete": sorted(self.complete)}

    def merge(self, found: Mapping[str, Any] | None) -> None:
        """Add the notes of a worker; a worker that crashed has none."""
        if not found:
            return
        for golden, fact in found["facts"].items():
            first = self.facts.setdefault(golden, fact)["test"]
            if first != fact["test"]:
                self.shared[golden] = (first, fact["test"])
        self.facts.update(found["facts"])
        self.complete.update(found["complete"])
        for module, functions in found["collected"].items():
            mine = self.collected.setdefault(module, {})
            for function, seen in functions.items():
                known = mine.setdefault(function, {"tests": [], "parameters": [], "golden": False})
                # workers that disagree about the parameters: every set that one of them had counts as there
                known["tests"] = list(dict.fromkeys((*known["tests"], *seen["tests"])))
                known["parameters"] = sorted({*known["parameters"], *seen["parameters"]})
                known["golden"] = known["golden"] or seen["golden"]
