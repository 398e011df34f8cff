"""One pytest run that imports and collects once, then tries mutant after mutant on the tests that reach it."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest

from tests.mutants.patching import applied, backwards
from tests.mutants.rows import Reached, RowsOnly

ROOT = Path(__file__).parents[2]
FOLDER = str(ROOT / "backend/controlplane/analytics")
GOLDENS, REFERENCES = "tests/golden/analytics", "tests/controlplane/analytics"
LONGEST = {GOLDENS: 5, REFERENCES: 40}  # seconds of CPU for one test: many times what it takes unbroken

MOST_REFERENCES = 4  # the quickest ones: what every question uses need not be tried on all of them


class Server(RowsOnly):
    """Tries `made`, calling `tell(mutant, killer)` with the test that failed, or None when none did."""

    def __init__(self, made, *, jobs: int, tell) -> None:
        super().__init__()
        self.made, self.jobs, self.tell = made, jobs, tell
        self.seconds, self.steady, self.reversible, self.is_sound = {}, frozenset(), frozenset(), False
        self.reached, self.failed, self.is_child = Reached(FOLDER), False, False

    def pytest_runtestloop(self, session):
        self.items = sorted(session.items, key=lambda item: REFERENCES in item.nodeid)
        full = [_properties_with(item, max_examples=2) for item in self.items]  # enough to see what they reach
        for item in self.items:
            begun = time.process_time()
            self.reached.of(item.nodeid, lambda item=item: self._passes(item))
            self.seconds[item.nodeid] = time.process_time() - begun
            if self.failed:
                sys.stderr.write(f"{item.nodeid} fails before anything is changed\n")
                session.shouldfail = "nothing can be told"
                return True
        self.rows.recording, self.is_sound = False, True
        # whose rows differ from run to run, in whatever order, tells nothing of a mutant
        self.steady = {item.nodeid for item in self.items if REFERENCES in item.nodeid or self._passes(item)}
        backwards(on=True)
        self.reversible = {
            each.nodeid for each in self.items if REFERENCES not in each.nodeid and self._passes(each)
        }
        backwards(on=False)
        for item, count in zip(self.items, full, strict=True):
            _properties_with(item, max_examples=count)
        if self.jobs:
            self._fork()
        else:
            for mutant in self.made:
                with applied(mutant):
                    self.tell(mutant, self._killer(mutant))
        return True

    def pytest_runtest_logreport(self, report):
        self.failed = self.failed or report.failed

    def _passes(self, item) -> bool:
        """Run one test; fixtures of wider scope stay."""
        self.failed = False
        if self.is_child:
            signal.setitimer(signal.ITIMER_PROF, LONGEST[REFERENCES if REFERENCES in item.nodeid else GOLDENS])
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)
        return not self.failed

    def _killer(self, mutant) -> str | None:
        """Return the first test that fails with the mutant in place."""
        home = f"/test_{mutant.module}.py"
        chosen = [item for item in self.items if self._concerns(item, mutant)]
        chosen.sort(
            key=lambda item: (REFERENCES in item.nodeid, home not in item.nodeid, self.seconds[item.nodeid])
        )
        goldens = [item for item in chosen if REFERENCES not in item.nodeid]
        references = [item for item in chosen if REFERENCES in item.nodeid][:MOST_REFERENCES]
        killer = self._first_failing(goldens)
        if killer is None and self.is_child:
            backwards(on=True)
            killer = self._first_failing(item for item in goldens if item.nodeid in self.reversible)
            backwards(on=False)
        return killer or self._first_failing(references)

    def _first_failing(self, items) -> str | None:
        return next((item.nodeid for item in items if not self._passes(item)), None)

    def _concerns(self, item, mutant) -> bool:
        """Say whether a steady test reaches what is changed; a constant or a spelling concerns its module."""
        if item.nodeid not in self.steady:
            return False
        reached = self.reached.names[item.nodeid]
        if mutant.is_function:
            return (mutant.module, mutant.function) in reached
        return any(module == mutant.module for module, _ in reached)

    def _fork(self) -> None:
        """Try each mutant in a child of its own, `jobs` at a time."""
        waiting, running = list(reversed(self.made)), {}
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant = waiting.pop()
                reader, writer = os.pipe()
                pid = os.fork()
                if pid == 0:
                    os.close(reader)
                    self._child(mutant, writer)
                os.close(writer)
                running[pid] = (mutant, reader)
            pid, status = os.wait()
            mutant, reader = running.pop(pid)
            with os.fdopen(reader) as answer:
                text = answer.read()
            self.tell(mutant, json.loads(text) if text else f"(ended with {status})")

    def _child(self, mutant, writer: int) -> None:
        os.nice(10)
        self.is_child = True
        killer = "(the statement can't be built)"
        with suppress(Exception), applied(mutant):
            killer = self._killer(mutant)
        os.write(writer, json.dumps(killer).encode())
        os.kill(os.getpid(), signal.SIGKILL)  # nothing of the parent is ended or written


def _properties_with(item, *, max_examples: int | None) -> int | None:
    """Let a property try so many examples, until one fails, without making it small; return the old number."""
    test = getattr(item, "obj", None)
    known = getattr(test, "_hypothesis_internal_use_settings", None)
    if known is None or max_examples is None:
        return None
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    test._hypothesis_internal_use_settings = hypothesis.settings(
        known, phases=phases, report_multiple_bugs=False, max_examples=max_examples
    )
    return known.max_examples


def serve(made, *, database: str, jobs: int, tell) -> bool:
    """Run the server; say whether the tests pass unbroken."""
    server = Server(made, jobs=jobs, tell=tell)
    arguments = [
        *(
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-p",
            "no:randomly",
            "--capture=no",
            "--tb=no",
            "--assert=plain",
        ),
        *(f"--rootdir={ROOT}", f"--database={database}"),
        *(str(path) for path in sorted((ROOT / GOLDENS).glob("test_*.py")) if path.stem != "test_plans"),
        *(str(path) for path in sorted((ROOT / REFERENCES).glob("test_*_reference.py"))),
    ]
    os.environ["PGOPTIONS"] = "-c enable_sort=off -c enable_mergejoin=off"  # no order by luck
    screen, silence = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    os.dup2(silence, 1)
    try:
        pytest.main(arguments, plugins=[server])
    finally:
        sys.stdout.flush()
        os.dup2(screen, 1)
    return server.is_sound
