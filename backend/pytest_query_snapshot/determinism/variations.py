"""Run a suite again under variations that should not matter, and name the tests that they break."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_query_snapshot.review.errors import SuiteNotRunError


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to run the suite: what is varied, options for pytest, and PYTHONHASHSEED."""

    name: str
    options: tuple[str, ...] = ()
    hash_seed: str = "0"


PLAIN = Variation("as it is")
VARIATIONS = (
    Variation("rows inserted in reverse", ("--insertion-order", "reversed")),
    Variation("rows inserted in another order", ("--insertion-order", "shuffled")),
    Variation("PYTHONHASHSEED=1", hash_seed="1"),
    Variation("PYTHONHASHSEED=2", hash_seed="2"),
)


def dependent_tests(root: Path, arguments: Sequence[str]) -> Iterator[tuple[Variation, tuple[str, ...]]]:
    """Yield for each variation the tests that fail under it and pass without.

    Raises:
        SuiteNotRunError: pytest could not run the suite at all.
    """
    failing = set(_failures(root, arguments, PLAIN))
    for variation in VARIATIONS:
        yield variation, tuple(test for test in _failures(root, arguments, variation) if test not in failing)


def _failures(root: Path, arguments: Sequence[str], variation: Variation) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="query-snapshot-") as folder:
        log = Path(folder) / "junit.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={log}", *variation.options, *arguments]
        environment = {**os.environ, "PYTHONHASHSEED": variation.hash_seed, "QUERY_SNAPSHOT_PENDING": "off"}
        done = subprocess.run(  # noqa: S603  the arguments are the user's own for pytest
            command, cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in {0, 1} or not log.exists():
            raise SuiteNotRunError(command=" ".join(command[1:]), output=done.stdout[-800:] + done.stderr[-800:])
        cases = ET.parse(log).iter("testcase")  # noqa: S314  written by the pytest started above
        return [
            f"{case.get('classname', '')}::{case.get('name', '')}"
            for case in cases
            if case.find("failure") is not None or case.find("error") is not None
        ]
