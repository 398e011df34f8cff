"""This repository's own golden suite: what recording and comparing add to it, and what a second worker gains."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, children_cpu, paired

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 3


def run() -> Iterator[Figure]:
    suite()  # formats statements, and writes bytecode
    ratio, on, off = paired(
        suite, lambda: suite("-p", "tests.bench.switched_off"), rounds=ROUNDS, timer=children_cpu
    )
    detail = f"{on:.1f} s / {off:.1f} s of processor time"
    yield Figure("recording and comparing add to tests/golden", 100 * (ratio - 1), "%", 12, detail=detail)
    ratio, one, two = paired(suite, lambda: suite("-n", "2"), rounds=ROUNDS)
    detail = f"{one:.1f} s / {two:.1f} s"
    yield Figure("tests/golden, one worker / two", ratio, limit=1.7, at_least=True, detail=detail)


def suite(*arguments: str) -> None:
    """Run the golden suite; with `-n`, in workers."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, "tests/golden"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(result.stdout[-3000:] + result.stderr[-3000:])
