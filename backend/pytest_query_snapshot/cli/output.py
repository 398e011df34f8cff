"""The output and exit statuses that all commands share."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pytest_query_snapshot.cli.roots import project_here
from pytest_query_snapshot.settings import Project

DONE, LEFT, FAILED = 0, 1, 2
"""Exit statuses: done, something is left to decide, an error."""


def project_of(options: argparse.Namespace, *, wanted: str = "") -> Project:
    """Find the project that a command is about: here, or the one around whose state folder holds ``wanted``."""
    here = Path.cwd().resolve()
    project = project_here((options.root or here).resolve(), wanted=wanted)
    if options.root is None and project.root not in {here, *here.parents}:
        sys.stderr.write(f"query-snapshot: in {project.root.relative_to(here)}\n")
    return project


def write_json(value: Any) -> None:
    """Write a value for scripts."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def say(line: str) -> None:
    """Write a line for people."""
    sys.stdout.write(line + "\n")
