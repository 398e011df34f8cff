"""The output and exit statuses that all commands share."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pytest_query_snapshot.settings import Project, find_project

DONE, LEFT, FAILED = 0, 1, 2
"""Exit statuses: done, something is left to decide, an error."""


def project_of(options: argparse.Namespace) -> Project:
    """Find the project that a command is about."""
    return find_project((options.root or Path()).resolve())


def write_json(value: Any) -> None:
    """Write a value for scripts."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def say(line: str) -> None:
    """Write a line for people."""
    sys.stdout.write(line + "\n")
