"""The page of the documentation that holds the figures of the last benchmarks, a table for each topic."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = Path(__file__).parent.parent.parent / "backend" / "docs" / "reference" / "benchmarks.md"
HEAD = """# Benchmarks

Figures of `make bench`, which writes this page; `make bench TOPIC=name` measures one topic again. All are ratios
or differences of two measurements that were taken in turn. The date and the machine stand above each table: the
figures of a busy machine say little.
"""


def write(topic: str, description: str, rows: Sequence[Sequence[str]], *, page: Path = PAGE) -> None:
    """Replace the table of a topic, or add it; topics stand in the order of their names."""
    sections = read(page.read_text(encoding="utf-8") if page.exists() else "")
    sections[topic] = section(topic, description, rows)
    page.write_text("\n".join([HEAD, *(sections[name] for name in sorted(sections))]), encoding="utf-8")


def read(text: str) -> dict[str, str]:
    """Return the sections of a page by topic."""
    parts = re.split(r"^## (\w+)\n", text, flags=re.MULTILINE)[1:]
    names, bodies = parts[::2], parts[1::2]
    return {name: f"## {name}\n{body.rstrip()}\n" for name, body in zip(names, bodies, strict=True)}


def section(topic: str, description: str, rows: Sequence[Sequence[str]]) -> str:
    lines = [
        f"## {topic}",
        "",
        description,
        "",
        f"{machine()}, {dt.datetime.now(tz=dt.UTC):%Y-%m-%d}.",
        "",
        "| figure | measured | aim | | detail |",
        "|---|---|---|---|---|",
        *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """Name the processor, its cores and the load that other programs put on it, and the versions."""
    found = re.search(r"^model name\s*: (.*)$", _cpuinfo(), re.MULTILINE)
    processor = found[1].strip() if found else platform.machine()
    load = os.getloadavg()[2]
    return (
        f"{os.cpu_count()} cores of {processor} (load {load:.1f}), Python {platform.python_version()}, "
        f"SQLAlchemy {sa.__version__}"
    )


def _cpuinfo() -> str:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ""
