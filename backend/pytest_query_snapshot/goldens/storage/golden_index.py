"""Every golden of a project, put together by the test that asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_query_snapshot.goldens.storage.golden_path import GoldenName, goldens_of
from pytest_query_snapshot.goldens.storage.text import parse_leniently
from pytest_query_snapshot.settings import Project

_ORDER = ("rows", "state", "sql", "plan", "schema")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a test that its golden does not hold."""

    test: str = ""
    about: str = ""
    seeds: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of the catalogue: a comparison of a test with all its goldens."""

    stem: str
    module: str
    name: str
    facts: Facts
    goldens: tuple[tuple[GoldenName, str], ...] = field(repr=False)


def catalogue(project: Project, facts: Mapping[str, Facts]) -> tuple[Entry, ...]:
    """Read every golden; ``facts`` are by the path of a golden."""
    stems: dict[str, list[GoldenName]] = {}
    for name in goldens_of(project.root, project.snapshots):
        stems.setdefault(name.stem, []).append(name)
    entries = []
    for stem, names in sorted(stems.items()):
        names.sort(key=lambda name: (_ORDER.index(name.kind), name.dialect))
        known = next((facts[name.path] for name in names if name.path in facts), Facts())
        module = names[0].module.removeprefix(f"{project.snapshots}/")
        read = tuple((name, _text(project.root / name.path)) for name in names)
        entries.append(Entry(stem, module, names[0].test, known, read))
    return tuple(entries)


def _text(path: Path) -> str:
    return parse_leniently(path.read_bytes())


def readable(name: str) -> str:
    """Turn the name of a test into a sentence."""
    words = name.removeprefix("test_").replace("_", " ")
    return words[:1].upper() + words[1:]
