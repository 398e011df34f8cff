"""Seeds: found by name, in the order that their `-- requires:` lines ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from pytest_query_snapshot.errors import SeedCycleError, SeedError, SeedNotFoundError
from pytest_query_snapshot.seeds import mysqldump
from pytest_query_snapshot.seeds.tables import statements_of_csv, statements_of_json
from pytest_query_snapshot.sql.splitter import ScriptStatement, UnterminatedError, split

_REQUIRES = re.compile(r"--\s*requires:\s*(.*)", re.IGNORECASE)
# a line that is meant as one and would be a comment
_NEARLY_REQUIRES = re.compile(r"(?:--|#|/\*)\s*(?:requires?|required|require[sd]?_?seeds?)\s*[:=]", re.IGNORECASE)
_UUID = re.compile(
    r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}(?:(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{24})(?![0-9a-fA-F-])"
)
SUFFIXES = (".sql", ".csv", ".json")


@dataclass(frozen=True, slots=True)
class SeedFile:
    """One seed: what it needs and what it holds.

    function: the code of a Python seed, called with an ORM session; its `text` is empty.
    """

    name: str
    shown: str  # the path as errors print it
    text: str
    requires: tuple[tuple[int, str], ...] = ()  # line and name
    suffix: str = ".sql"
    function: Callable[[Any], object] | None = None
    line: int = 1

    def statements(self, dialect_name: str) -> tuple[ScriptStatement, ...]:
        """Cut the file into statements. Raises SeedError, also for a file that would load nothing."""
        found = _statements(self, dialect_name)
        if not found and not self.requires:
            raise SeedError(self.shown, 1, "holds no row and requires no other seed: it would load nothing")
        return found


@dataclass(frozen=True, slots=True)
class SeedSet:
    """The files of one test, each after what it requires; equal sets share one loaded database."""

    files: tuple[SeedFile, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The seeds in the order of loading."""
        return tuple(file.name for file in self.files)

    def uuids(self) -> frozenset[UUID]:
        """Return the UUIDs that the files name: they were chosen, even if they look as drawn at random."""
        return _uuids(self)


@lru_cache(maxsize=64)
def _uuids(seeds: SeedSet) -> frozenset[UUID]:
    return frozenset(UUID(found) for file in seeds.files for found in _UUID.findall(file.text))


class SeedFolder:
    """Seeds by name: `agents` is `agents.sql`, `.csv` or `.json` in the folder, or a registered function."""

    def __init__(self, folder: Path, *, root: Path, functions: Mapping[str, SeedFile] | None = None) -> None:
        self.folder = folder
        self._root = root
        self._functions = functions or {}
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
            paths = [path for path in (self.folder / f"{name}{suffix}" for suffix in SUFFIXES) if path.is_file()]
            function = self._functions.get(name)
            if not paths and function is None:
                shown = self._shown(self.folder / f"{name}.sql")
                raise SeedNotFoundError(*asked_by, f"no seed {name!r}: {shown} does not exist{self._near(name)}")
            found = [*([function.shown] if function else []), *map(self._shown, paths)]
            if len(found) > 1:
                raise SeedError(*asked_by, f"seed {name!r} is ambiguous: {' and '.join(found)}")
            self._files[name] = function or _parse(name, self._shown(paths[0]), paths[0])
        return self._files[name]

    def _near(self, name: str) -> str:
        from difflib import get_close_matches  # noqa: PLC0415  only for an error

        paths = (path for path in self.folder.rglob("*") if path.suffix in SUFFIXES)
        names = [path.relative_to(self.folder).with_suffix("").as_posix() for path in paths]
        near = get_close_matches(name, [*names, *self._functions])
        return f"; did you mean {' or '.join(near)}?" if near else ""

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)


def _parse(name: str, shown: str, path: Path) -> SeedFile:
    try:
        text = path.read_text(encoding="utf-8-sig")  # newlines become \n: the same rows on every checkout
    except UnicodeDecodeError as error:
        line = 1 + path.read_bytes()[: error.start].count(b"\n")
        raise SeedError(shown, line, "is not UTF-8") from error
    suffix = mysqldump.SUFFIX if path.suffix == ".sql" and mysqldump.is_mysqldump(text) else path.suffix
    return SeedFile(name, shown, text, _requires(text, shown) if path.suffix == ".sql" else (), suffix)


def _requires(text: str, shown: str) -> tuple[tuple[int, str], ...]:
    """Read the lines above the first statement. Raises SeedError for one that would require nothing."""
    requires: list[tuple[int, str]] = []
    above = True
    for line, row in enumerate(text.splitlines(), start=1):
        row = row.strip()  # noqa: PLW2901  only its words matter
        above = above and (not row or row.startswith("--"))
        match = _REQUIRES.match(row)
        if match and above:
            words = [word for word in re.split(r"[,\s]+", match.group(1)) if word]
            if not words:
                raise SeedError(shown, line, "names no seed that it requires", row)
            requires += [(line, word) for word in words]
        elif match or _NEARLY_REQUIRES.match(row):
            reason = "requires nothing: write `-- requires: users`, above the first statement"
            raise SeedError(shown, line, reason, row)
    return tuple(requires)


@lru_cache(maxsize=256)
def _statements(file: SeedFile, dialect_name: str) -> tuple[ScriptStatement, ...]:
    table = file.name.rpartition("/")[2]
    if file.suffix == ".csv":
        return tuple(statements_of_csv(file.text, table=table, shown=file.shown, dialect_name=dialect_name))
    if file.suffix == ".json":
        return tuple(statements_of_json(file.text, table=table, shown=file.shown, dialect_name=dialect_name))
    try:
        if file.suffix == mysqldump.SUFFIX:
            dump = mysqldump.statements_of_mysqldump(file.text, shown=file.shown, dialect_name=dialect_name)
            return tuple(dump)
        return tuple(split(file.text, dialect_name=dialect_name))
    except UnterminatedError as error:
        raise SeedError(file.shown, error.line, f"{error.what} is never closed") from error
