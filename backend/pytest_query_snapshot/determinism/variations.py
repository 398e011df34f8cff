"""Run a suite again under variations that should not matter, and name the tests that they break.

Each run is a process of its own. Repetitions find what depends on the process: sets and dictionaries that are
ordered by hashes, identities of objects, the order in which modules and mappers were set up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_query_snapshot.errors import SuiteNotRunError


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to run the suite: what is varied, options for pytest, and PYTHONHASHSEED."""

    name: str
    options: tuple[str, ...] = ()
    hash_seed: str = "0"


FAILED_TESTS_FILE = "QUERY_SNAPSHOT_FAILED_TESTS"
"""The environment variable that names the file for the ids of the failed tests."""
PLAIN = Variation("as it is")
ROW_ORDERS = (
    Variation("rows inserted in reverse", ("--row-order", "reversed")),
    Variation("rows inserted in another order", ("--row-order", "shuffled")),
)
DEFAULT_REPEATS = 2


def repeats(number: int) -> tuple[Variation, ...]:
    """List runs in processes of their own: each hashes text otherwise, and places objects elsewhere in memory."""
    return tuple(Variation(f"PYTHONHASHSEED={seed}", hash_seed=str(seed)) for seed in range(1, number + 1))


def dependent_tests(
    root: Path, arguments: Sequence[str], *, repeat: int = DEFAULT_REPEATS
) -> Iterator[tuple[Variation, tuple[str, ...]]]:
    """Yield for each variation the tests that fail under it and pass without.

    The run without a variation comes last: what fails in it and passes in a repetition depends on the process.

    Raises:
        SuiteNotRunError: pytest could not run the suite at all.
    """
    plain = _failures(root, arguments, PLAIN)
    always = set(plain)
    for variation in (*ROW_ORDERS, *repeats(repeat)):
        failing = _failures(root, arguments, variation)
        if not variation.options:
            always &= set(failing)
        yield variation, tuple(test for test in failing if test not in plain)
    yield PLAIN, tuple(test for test in plain if test not in always)


def _failures(root: Path, arguments: Sequence[str], variation: Variation) -> list[str]:
    """Run the suite once and return the ids of the tests that failed."""
    with tempfile.TemporaryDirectory(prefix="query-snapshot-") as folder:
        failed = Path(folder) / "failed.json"
        plugin = ("-p", "pytest_query_snapshot.determinism.failed_tests_plugin")
        command = [sys.executable, "-m", "pytest", "-q", *plugin, *variation.options, *arguments]
        environment = {
            **os.environ,
            "PYTHONHASHSEED": variation.hash_seed,
            "QUERY_SNAPSHOT_PENDING": "off",
            FAILED_TESTS_FILE: str(failed),
        }
        done = subprocess.run(  # noqa: S603  the arguments are the user's own for pytest
            command, cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in {0, 1} or not failed.exists():
            raise SuiteNotRunError(command=" ".join(command[1:]), output=done.stdout[-800:] + done.stderr[-800:])
        return [str(test) for test in json.loads(failed.read_text(encoding="utf-8"))]
