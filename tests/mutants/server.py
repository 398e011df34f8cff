"""One pytest run that imports and collects once, then tries mutant after mutant on the tests that reach it."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
import traceback

import hypothesis
import pytest

from tests.mutants.patching import applied, taken_back
from tests.mutants.places import FOLDER, ROOT, is_reference, tests
from tests.mutants.rows import Reached
from tests.mutants.ties import Ties
from tests.mutants.trial import SERVER_LIMIT, Trial

MOST_REFERENCES = 4  # the quickest ones: what every question uses need not be tried on all of them
MOST_LATE = 8  # tests that a mutant may keep from ending, before it is given up


class Server(Trial):
    """Tries `made`, calling `tell(mutant, killer)` with the test that failed, or None when none did."""

    def __init__(self, made, *, jobs: int, tell) -> None:
        super().__init__()
        self.made, self.jobs, self.tell = made, jobs, tell
        self.seconds, self.is_sound, self.reached = {}, False, Reached(str(FOLDER))

    def pytest_collection_modifyitems(self, items):
        """Leave out what has processes or databases of its own: it would outlive a trial."""
        items[:] = [item for item in items if "scratch_database" not in item.fixturenames]

    def pytest_runtestloop(self, session):
        self.items = sorted(session.items, key=lambda item: is_reference(item.nodeid))
        full = [_properties_with(item, max_examples=2) for item in self.items]  # enough to see what they reach
        wrong = self._rehearse()
        if wrong:
            sys.stderr.write("".join(f"{each}\n" for each in wrong))
            session.shouldfail = "nothing can be told"
            return True
        for item, count in zip(self.items, full, strict=True):
            _properties_with(item, max_examples=count)
        self.is_sound = True
        if self.jobs:
            self._fork()
        else:
            self.limit()
            for mutant in self.made:
                with applied(mutant):
                    self.tell(mutant, self._killer(mutant))
        return True

    def _rehearse(self) -> list[str]:
        """Run every test unbroken, remember its rows and what it reaches; list those that would tell nothing."""
        for item in self.items:
            begun = time.process_time()
            self.reached.of(item.nodeid, lambda item=item: self.passes(item))
            self.seconds[item.nodeid] = time.process_time() - begun
            if self.has_failed:
                return [f"{item.nodeid} fails before anything is changed"]
        self.rows.recording = False
        self.find_connections()
        goldens = [item for item in self.items if not is_reference(item.nodeid)]
        return [
            f"{item.nodeid} has other rows where ties are settled {ties}, or each time"
            for ties in (Ties.UPWARDS, Ties.DOWNWARDS)
            for item in goldens
            if not self.passes(item, ties)
        ]

    def _killer(self, mutant) -> str | None:
        """Return the first test that fails with the mutant in place, and only with it."""
        late = 0
        for item, ties in self._trials(mutant):
            if self.passes(item, ties):
                continue
            if self.is_late:  # no answer is no other answer
                late += 1
                sys.stderr.write(f"{item.nodeid} takes too long: {mutant.name}\n")
                if late == MOST_LATE:
                    return None
            elif self._is_to_blame(mutant, item, ties):
                return item.nodeid
            else:
                sys.stderr.write(f"{item.nodeid} fails now and then, and tells nothing of: {mutant.name}\n")
        return None

    def _is_to_blame(self, mutant, item, ties) -> bool:
        """Say whether the test passes without the mutant, and then fails again with it."""
        with taken_back(mutant):
            passed = self.passes(item, ties)
        return passed and not self.passes(item, ties) and not self.is_late

    def _trials(self, mutant):
        """Yield tests that the mutant concerns and who settles ties, what is likely to fail first."""
        home = f"/test_{mutant.module.rpartition('.')[2]}.py"
        chosen = [item for item in self.items if self._concerns(item, mutant)]
        chosen.sort(key=lambda item: (home not in item.nodeid, self.seconds[item.nodeid]))
        goldens = [item for item in chosen if not is_reference(item.nodeid)]
        references = [item for item in chosen if is_reference(item.nodeid)]
        yield from ((item, ties) for ties in Ties for item in goldens)
        most = None if mutant.module.startswith("rollup.") else MOST_REFERENCES
        yield from ((item, Ties.DATABASE) for item in references[:most])

    def _concerns(self, item, mutant) -> bool:
        """Say whether a test reaches what is changed; a constant or a spelling concerns its module."""
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
            if not text:  # a process that dies has found nothing out
                raise ChildProcessError(f"{mutant.name}: the trial ended with {status}")
            self.tell(mutant, json.loads(text))

    def _child(self, mutant, writer: int) -> None:
        """Write the killer, and end at once: nothing of the parent is ended or written."""
        try:
            gc.disable()  # what is shared with the parent stays shared
            self.limit()
            with applied(mutant):
                killer = self._killer(mutant)
            os.write(writer, json.dumps(killer).encode())
        except BaseException:  # noqa: BLE001  a fork must not continue as its parent
            traceback.print_exc()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)


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
    """Run the server; say whether the tests pass unbroken, for any order of ties."""
    server = Server(made, jobs=jobs, tell=tell)
    plain = "-q --capture=no --tb=no --assert=plain -p no:cacheprovider -p no:xdist -p no:randomly"
    # rows shall tell: what is only warned of kills nothing
    arguments = [*plain.split(), "-W", "ignore", f"--rootdir={ROOT}", f"--database={database}", *tests()]
    os.environ["PGOPTIONS"] = f"-c enable_sort=off -c enable_mergejoin=off {SERVER_LIMIT}"  # no order by luck
    screen, silence = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    os.dup2(silence, 1)
    try:
        ended = pytest.main(arguments, plugins=[server])
    finally:
        sys.stdout.flush()
        os.dup2(screen, 1)
    return server.is_sound and ended is not pytest.ExitCode.INTERNAL_ERROR
