"""Goldens whose test is gone from the source, and goldens about which the source leaves a doubt.

A golden is an orphan when its module's file is gone, when the module's source can't define its function any more,
or when its parameter set is gone from a list that the source spells out. That a session did not mention a golden
proves nothing: selections, skips, shards, early returns and parameters of another environment look the same. A
golden without proof stays, and is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from pytest_query_snapshot.errors import RunNotWholeError
from pytest_query_snapshot.goldens.storage.golden_path import (
    GoldenName,
    goldens_of,
    may_be_slug_of,
    slug_of_test,
)
from pytest_query_snapshot.sessions.lock import running_sessions
from pytest_query_snapshot.sessions.module_source import ModuleSource, read_source
from pytest_query_snapshot.sessions.moved_tests import MovedTests
from pytest_query_snapshot.sessions.store import module_hash, read_record
from pytest_query_snapshot.settings import Project

_GONE = ""
"""The reason to doubt of a golden that is proved to be an orphan."""


@dataclass(frozen=True, slots=True)
class Orphans:
    """The goldens that can go, and those that no test seems to use, each with the reason to doubt."""

    paths: tuple[str, ...]
    unproved: Mapping[str, str]


def orphans(project: Project) -> Orphans:
    """Judge every golden of a project.

    Raises:
        RunNotWholeError: a session is running, or none is on record.
    """
    running = running_sessions(project.root)
    if running:
        raise RunNotWholeError(reason=f"a session is running ({running[0].name})")
    record = read_record(project.root)
    if not record["modules"]:
        raise RunNotWholeError(reason="no session is on record")
    names = goldens_of(project.root, project.snapshots)
    moved = MovedTests(project, record, names)
    modules: dict[str, _Module] = {}
    found: dict[str, str] = {}
    for name in names:
        if name.module.startswith(f"{project.snapshots}/_outside"):
            continue  # the module is outside of the root: another checkout may hold it
        module = modules.get(name.module)
        if module is None:
            module = modules[name.module] = _Module(project, name.module, record)
        doubt = module.doubt(name, record)
        if doubt == _GONE:
            doubt = moved.doubt(name) or _GONE
        if doubt is not None:
            found[name.path] = doubt
    paths = tuple(path for path, doubt in found.items() if doubt == _GONE)
    return Orphans(paths, {path: doubt for path, doubt in found.items() if doubt != _GONE})


class _Module:
    """The source of the goldens of one folder, and what collection found in it."""

    def __init__(self, project: Project, folder: str, record: Mapping[str, Any]) -> None:
        self.root = project.root
        self.below = PurePosixPath(folder).relative_to(project.snapshots).as_posix()
        self.files = tuple(_files_of(project, self.below))
        self.record = record["modules"]

    def doubt(self, name: GoldenName, record: Mapping[str, Any]) -> str | None:
        """Return None for a golden in use, "" for an orphan, else why nothing is proved."""
        if not self.files:
            return _GONE
        head = name.readable_test
        if self.source is None or any(path.name == head for path in self.files):
            return None
        functions = [function for function in self._functions() if may_be_slug_of(function, name.test_slug)]
        if functions:
            return self._parameters(name, functions, record)
        if self.record.get(self.module, {}).get("hash") != self.hash:
            return f"{self.module} was not collected since it changed"
        is_open = self.source.is_open(head) or self._is_doctest(head)
        return f"{self.module} defines tests that its source does not name" if is_open else _GONE

    @property
    def module(self) -> str:
        """The test module of the folder."""
        return self._python[0].relative_to(self.root).as_posix()

    @cached_property
    def hash(self) -> str:
        """The hash of the module as it is now."""
        return module_hash(self.root, self.module)

    @property
    def _python(self) -> list[Path]:
        return [path for path in self.files if path.suffix == ".py"]

    @cached_property
    def source(self) -> ModuleSource | None:
        """The names that the module can define; None without exactly one readable Python file."""
        try:
            (path,) = self._python
            return read_source(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _functions(self) -> Iterator[str]:
        assert self.source is not None  # noqa: S101  the caller has looked
        yield from self.source.names
        yield from self._collected

    @cached_property
    def _collected(self) -> dict[str, Any]:
        known = self.record.get(self.module, {})
        return dict(known["functions"]) if known.get("hash") == self.hash else {}

    def _is_doctest(self, head: str) -> bool:
        return PurePosixPath(self.below).name in head.split(".")

    def _parameters(self, name: GoldenName, functions: list[str], record: Mapping[str, Any]) -> str | None:
        """Judge a golden whose function is in the source by the parameter sets that collection found."""
        found = [self._collected[function] for function in functions if function in self._collected]
        if not found:
            return None
        tests = {slug_of_test(test): test for facts in found for test in facts["tests"]}
        if name.test_slug in tests:
            return self._unasked(name, f"{self.module}::{tests[name.test_slug]}", record)
        fact = record["goldens"].get(name.path, {})
        if all(facts["literal"] for facts in found) and fact.get("literal"):
            return _GONE
        return (
            f"{self.module} computes the parameters of {functions[0]}, and the last session had none of this name"
        )

    def _unasked(self, name: GoldenName, test: str, record: Mapping[str, Any]) -> str | None:
        """Doubt a golden whose test passed from this very source and did not compare it."""
        passed = {dialect for dialect, at in record["passed"].get(test, {}).items() if at == self.hash}
        if name.dialect:
            passed &= {name.dialect}
        asked = record["goldens"].get(name.path, {}).get("asked", {})
        if not passed or any(at == self.hash for at in asked.values()):
            return None
        return f"{test} passed without comparing it"


def _files_of(project: Project, below: str) -> Iterator[Path]:
    """Yield the files whose goldens are in a folder: any suffix, since doctests live in text files."""
    for folder in dict.fromkeys((project.root / project.tests, project.root)):
        path = folder / below
        if path.parent.is_dir():
            yield from sorted(
                each for each in path.parent.iterdir() if each.is_file() and each.stem == path.name and each.suffix
            )
