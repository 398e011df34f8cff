"""Seed files: found by name, in the order that their `-- requires:` lines ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pytest_query_snapshot.errors import SeedCycleError, SeedError, SeedNotFoundError
from pytest_query_snapshot.sql.splitter import ScriptStatement, UnterminatedError, split

_REQUIRES = re.compile(r"--\s*requires:\s*(.*)", re.IGNORECASE)
_COPY = re.compile(r"copy\b.*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class SeedFile:
    """One file: what it needs and what it says."""

    name: str
    shown: str  # the path as errors print it
    text: str
    requires: tuple[tuple[int, str], ...]  # line and name

    def statements(self, dialect_name: str) -> tuple[ScriptStatement, ...]:
        """Cut the file into statements. Raises SeedError."""
        return _statements(self, dialect_name)


@dataclass(frozen=True, slots=True)
class SeedSet:
    """The files of one test, each after what it requires; equal sets share one loaded database."""

    files: tuple[SeedFile, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The seeds in the order of loading."""
        return tuple(file.name for file in self.files)


class SeedFolder:
    """Seeds by name: `agents` is `agents.sql` in the folder, `governance/agents` lies deeper."""

    def __init__(self, folder: Path, *, root: Path) -> None:
        self.folder = folder
        self._root = root
        self._files: dict[str, SeedFile] = {}
        self._sets: dict[tuple[str, ...], SeedSet] = {}

    def resolve(self, names: tuple[str, ...], *, asked_by: str, line: int = 0) -> SeedSet:
        """Collect the files for some names. Raises SeedNotFoundError at who asks, SeedCycleError, SeedError."""
        known = self._sets.get(names)
        if known is None:
            ordered: dict[str, SeedFile] = {}
            for name in names:
                self._visit(name, ordered, path=(), asked_by=(asked_by, line))
            known = self._sets[names] = SeedSet(tuple(ordered.values()))
        return known

    def _visit(
        self, name: str, ordered: dict[str, SeedFile], *, path: tuple[str, ...], asked_by: tuple[str, int]
    ) -> None:
        if name in path:
            cycle = " -> ".join((*path[path.index(name) :], name))
            raise SeedCycleError(*asked_by, f"seeds require each other: {cycle}")
        if name in ordered:
            return
        file = self._read(name, asked_by)
        for line, required in file.requires:
            self._visit(required, ordered, path=(*path, name), asked_by=(file.shown, line))
        ordered[name] = file

    def _read(self, name: str, asked_by: tuple[str, int]) -> SeedFile:
        if name not in self._files:
            path = self.folder / f"{name}.sql"
            if not path.is_file():
                raise SeedNotFoundError(
                    *asked_by, f"no seed {name!r}: {self._shown(path)} does not exist{self._near(name)}"
                )
            self._files[name] = _parse(name, self._shown(path), path)
        return self._files[name]

    def _near(self, name: str) -> str:
        from difflib import get_close_matches  # noqa: PLC0415  only for an error

        names = [path.relative_to(self.folder).with_suffix("").as_posix() for path in self.folder.rglob("*.sql")]
        near = get_close_matches(name, names)
        return f"; did you mean {' or '.join(near)}?" if near else ""

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)


def _parse(name: str, shown: str, path: Path) -> SeedFile:
    try:
        text = path.read_text(encoding="utf-8-sig")  # newlines become \n: the same rows on every checkout
    except UnicodeDecodeError as error:
        line = 1 + path.read_bytes()[: error.start].count(b"\n")
        raise SeedError(shown, line, "is not UTF-8") from error
    requires: list[tuple[int, str]] = []
    for line, row in enumerate(text.splitlines(), start=1):
        row = row.strip()  # noqa: PLW2901  only its words matter
        if row and not row.startswith("--"):
            break
        if match := _REQUIRES.match(row):
            requires += [(line, word) for word in re.split(r"[,\s]+", match.group(1)) if word]
    return SeedFile(name, shown, text, tuple(requires))


@lru_cache(maxsize=256)
def _statements(file: SeedFile, dialect_name: str) -> tuple[ScriptStatement, ...]:
    try:
        found = tuple(split(file.text, dialect_name=dialect_name))
    except UnterminatedError as error:
        raise SeedError(file.shown, error.line, f"{error.what} is never closed") from error
    for statement in found:
        if statement.text[:4].lower() == "copy" and _COPY.match(statement.text):
            line = statement.line(file.text)
            raise SeedError(file.shown, line, "COPY data is not SQL; write INSERTs", statement.text)
    return found
