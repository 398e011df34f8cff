"""Tests that moved to another module: their old goldens stay until the new place has its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from pytest_query_snapshot.goldens.storage.golden_path import GoldenName, may_be_slug_of
from pytest_query_snapshot.sessions.module_source import read_source
from pytest_query_snapshot.sessions.store import module_hash
from pytest_query_snapshot.settings import Project

_SKIPPED = frozenset({"node_modules", "site-packages", "venv", "env", "build", "dist", "__pycache__"})


class MovedTests:
    """Looks for the test of a golden that lost its own in the other modules of a project."""

    def __init__(self, project: Project, record: Mapping[str, Any], names: Sequence[GoldenName]) -> None:
        self.project = project
        self.modules: Mapping[str, Any] = record["modules"]
        self.goldens: Mapping[str, Any] = record["goldens"]
        self.paths = {name.path for name in names}

    def doubt(self, name: GoldenName) -> str | None:
        """Name a module that has the test now and lacks this golden, if there is one."""
        file_name = PurePosixPath(name.path).name
        for module in self._candidates(name):
            folder = _golden_folder(self.project, module)
            if folder == name.module or f"{folder}/{file_name}" in self.paths:
                continue
            if self._defines(module, name) and not self._stood_beside(f"{folder}/", name):
                return f"{module} has a test of this name, whose golden is missing"
        return None

    def _candidates(self, name: GoldenName) -> tuple[str, ...]:
        """Return the modules that may hold the test: also its own, which other `testpaths` may leave out."""
        fact = self.goldens.get(name.path)
        if fact is None:
            return self._all_files
        own = str(fact.get("test", "")).partition("::")[0]
        return (own, *self._files) if own and (self.project.root / own).is_file() else self._files

    @cached_property
    def _files(self) -> tuple[str, ...]:
        return self._files_below(self.project.root / self.project.tests)

    @cached_property
    def _all_files(self) -> tuple[str, ...]:
        return self._files_below(self.project.root)

    def _files_below(self, top: Path) -> tuple[str, ...]:
        root = self.project.root
        found = _test_files(top, root / self.project.snapshots)
        return tuple(path.relative_to(root).as_posix() for path in found)

    def _defines(self, module: str, name: GoldenName) -> bool:
        if not module.endswith(".py"):
            return may_be_slug_of(PurePosixPath(module).name, name.test_slug)
        known = self.modules.get(module)
        if known is not None and known["hash"] == module_hash(self.project.root, module):
            # collected as it is: only tests that use goldens can have taken one along
            functions = known["functions"]
            found = [functions[each] for each in functions if may_be_slug_of(each, name.test_slug)]
            if found:
                return any(facts["golden"] for facts in found)
        last = name.readable_test.rpartition(".")[2]
        try:
            text = (self.project.root / module).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return False
        source = read_source(text) if last in text else None
        return source is not None and any(may_be_slug_of(each, name.test_slug) for each in source.names)

    def _stood_beside(self, folder: str, name: GoldenName) -> bool:
        """Return whether the other module had goldens of such a test when this golden was last compared."""
        own = self.goldens.get(name.path, {}).get("last", 0)
        others = (
            fact.get("first", own + 1)
            for path, fact in self.goldens.items()
            if path.startswith(folder) and PurePosixPath(path).name.startswith(name.test_slug)
        )
        return own > 0 and any(first <= own for first in others)


def _golden_folder(project: Project, module: str) -> str:
    path = PurePosixPath(module).with_suffix("")
    if not project.tests:
        return f"{project.snapshots}/{path}"
    is_below = path.is_relative_to(project.tests)
    return f"{project.snapshots}/{path.relative_to(project.tests) if is_below else f'_outside/{path}'}"


def _test_files(top: Path, snapshots: Path) -> Iterator[Path]:
    """Yield the files that may hold tests, without environments, hidden and built folders."""
    for folder, folders, files in os.walk(top):
        if Path(folder) == snapshots:
            folders.clear()
            continue
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _SKIPPED)
        yield from (Path(folder) / each for each in sorted(files) if each.endswith((".py", ".md", ".rst", ".txt")))
