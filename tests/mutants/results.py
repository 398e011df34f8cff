"""What is known of each mutant, kept beside the repository so that a run continues where the last one stopped."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.places import FOLDER, ROOT, builders, ground, is_reference, tests

KEPT = ROOT / ".query_snapshot/mutants"


def digest(*files) -> str:
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def world() -> str:
    """Digest everything that decides whether a mutant lives."""
    return digest(*ground(), *sorted(FOLDER.rglob("*.py")), *map(Path, tests()))


def proof(mutant, killer: str) -> str:
    """Digest what a kill rests on: the changed module, the test that failed, and what every trial rests on."""
    test = ROOT / killer.split("::", maxsplit=1)[0]
    files = (*ground(), builders()[mutant.module], *([test] if test.is_file() else ()))
    return digest(*files) + sha256(mutant.source.encode()).hexdigest()[:16]


class Results:
    """One line per mutant tried on a database: its name, what killed it, and what that rests on.

    A kill stays known while its proof is the same, a survival only while nothing at all has changed.
    """

    def __init__(self, database: str) -> None:
        self.file, self.world = KEPT / f"{database}.jsonl", world()
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        self.latest = {line["name"]: line for line in map(json.loads, lines)}

    def knows(self, mutant) -> bool:
        line = self.latest.get(mutant.name)
        return line is not None and line["rests_on"] == self._rests_on(mutant, line["killer"])

    def _rests_on(self, mutant, killer: str | None) -> str:
        return self.world if killer is None else proof(mutant, killer)

    def killer(self, mutant) -> str | None:
        return self.latest[mutant.name]["killer"]

    def add(self, mutant, killer: str | None) -> None:
        line = {"name": mutant.name, "killer": killer, "rests_on": self._rests_on(mutant, killer)}
        self.latest[mutant.name] = line
        KEPT.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)
        self.latest = {}


def fate(mutant, databases) -> str:
    """Say what became of a mutant."""
    first, *others = databases
    killer = first.killer(mutant)
    if killer is not None:
        return "references" if is_reference(killer) else "goldens"
    if mutant.name in EQUIVALENT:
        return "equivalent"
    return "PostgreSQL" if any(other.killer(mutant) is not None for other in others) else "survivors"


def table(made, databases) -> tuple[str, bool]:
    """Write the table and the reasons; say whether every survivor has one, and every reason a survivor."""
    fates = {mutant.name: fate(mutant, databases) for mutant in made}
    kinds = ("goldens", "references", "PostgreSQL", "equivalent", "survivors")
    lines = ["| module | mutants | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 2) + "|"]
    for name in [*dict.fromkeys(mutant.module for mutant in made), "all"]:
        counts = Counter(fates[mutant.name] for mutant in made if name in (mutant.module, "all"))
        lines.append(f"| {name} | {counts.total()} | " + " | ".join(str(counts[kind]) for kind in kinds) + " |")
    lines += [f"- {name}\n  {EQUIVALENT[name]}" for name, end in fates.items() if end == "equivalent"]
    alive = [name for name, end in fates.items() if end == "survivors"]
    lines += [f"- SURVIVES {name}" for name in alive]
    modules = {mutant.module for mutant in made}
    known = sorted(name for name in EQUIVALENT if name.startswith(tuple(f"{module}." for module in modules)))
    wrong = [name for name in known if fates.get(name) != "equivalent"]
    lines += [f"- killed after all, or gone: {name}" for name in wrong]
    return "\n".join([*lines, ""]), not alive and not wrong
