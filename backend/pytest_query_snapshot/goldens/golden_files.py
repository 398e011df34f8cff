"""Comparison of a received value with a golden file; the outcome is sent once, and stored nowhere else."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.databases.observed import databases_of
from pytest_query_snapshot.errors import DuplicateGoldenError, GoldenError, SharedGoldenError, WriteFailedError
from pytest_query_snapshot.goldens.comparison import Comparison, Outcome
from pytest_query_snapshot.goldens.repeated_tests import node_id_of
from pytest_query_snapshot.goldens.storage import format_version, golden_path
from pytest_query_snapshot.goldens.storage import text as files

if TYPE_CHECKING:
    import pytest

    from pytest_query_snapshot.goldens.run_settings import Settings


@dataclass(slots=True)
class Rendered:
    """A received value and its text, rendered on first use."""

    kind: str
    dialect: str
    text: Callable[[], str]
    equals: Callable[[str], bool]
    statements: int | None = None
    call_sites: Callable[[], tuple[str, ...]] = tuple
    agrees_by_words: Callable[[str], bool] = field(default=lambda _base: False)


class GoldenFiles:
    """The golden files of one test, and the outcomes of its comparisons."""

    def __init__(self, item: pytest.Item, settings: Settings) -> None:
        self.comparisons: list[Comparison] = []
        self._item = item
        self._settings = settings
        self._test = node_id_of(item)
        self._stem = golden_path.slug_of_test(self._test.partition("::")[2])
        self._paths: set[str] = set()
        folder = settings.folders.get(item.path)
        if folder is None:
            folder = settings.folders[item.path] = golden_folder(item, settings)
        self._folder = folder
        function = getattr(item, "function", None)
        # item.location has the line as well, but looks it up in the source text
        line = getattr(getattr(function, "__code__", None), "co_firstlineno", 1)
        self._source = f"{item.nodeid.partition('::')[0]}:{line}"
        doc = getattr(function, "__doc__", None)
        self._doc = inspect.cleandoc(doc) if doc else None

    def compare(
        self, rendered: Sequence[Rendered], name: str | None, *, steps: tuple[str, ...]
    ) -> list[Comparison]:
        """Compare the texts of one comparison with their goldens; an update writes all of them, or none."""
        undecided = self._settings.update and not self._settings.accept_risks
        held = self._reason_to_hold(rendered, name) if undecided else ""
        return [self._compare_one(each, name, steps=steps, held=held) for each in rendered]

    def stored(self, kind: str, dialect: str, name: str | None) -> str | None:
        """Return the text of a golden, if there is one that can be read."""
        with suppress(GoldenError):
            return files.read(self._folder / self._file_name(kind, dialect, name))
        return None

    def _reason_to_hold(self, rendered: Sequence[Rendered], name: str | None) -> str:
        """Return why a person must decide on what an update would write; empty if none must.

        Goldens of rows are shared by the databases: where they changed and this database has no golden of the
        statement yet, nothing tells whether a lost condition changed them.
        """
        bases = [(each, files.read(self._path(each, name))) for each in rendered]
        changed = [
            (each, base)
            for each, base in bases
            if base is not None and not each.equals(base) and not each.agrees_by_words(base)
        ]
        if any(self._is_risk(each, base) for each, base in changed):
            return _HELD
        is_unexplained = any(each.kind == "sql" and base is None for each, base in bases)
        return _UNEXPLAINED if changed and is_unexplained else ""

    def _is_risk(self, rendered: Rendered, base: str) -> bool:
        from pytest_query_snapshot.goldens.classify import classify_golden  # noqa: PLC0415  in updates alone

        changes = classify_golden(
            base,
            rendered.text(),
            kind=rendered.kind,
            tenant_columns=self._settings.tenant_columns,
            dialect=rendered.dialect,
        )
        return any(change.risk for change in changes)

    def _compare_one(
        self, rendered: Rendered, name: str | None, *, steps: tuple[str, ...], held: str
    ) -> Comparison:
        path = self._claim(rendered, name)
        facts: dict[str, Any] = {"name": name, "path": path, "steps": steps}
        base: str | None = None
        try:
            base = files.read(path)
            outcome, received = self._outcome(rendered, path, base, held=held)
        except (GoldenError, WriteFailedError):
            self._record(rendered, **facts, outcome="broken", base=base, received="")
            raise
        notes = (held,) if held and outcome in {"changed", "missing"} else ()
        return self._record(rendered, **facts, outcome=outcome, base=base, received=received, notes=notes)

    def _claim(self, rendered: Rendered, name: str | None) -> Path:
        """Return the path of a golden, which nothing else may be compared with."""
        path = self._path(rendered, name)
        key = str(path)  # a Path compares its parts
        if key in self._paths:
            raise DuplicateGoldenError(path=self._relative(path), kind=rendered.kind)
        self._paths.add(key)
        owner = self._settings.owners.setdefault(key, self._test)
        if owner != self._test:
            raise SharedGoldenError(path=self._relative(path), test=self._item.nodeid, other=owner)
        return path

    def _outcome(self, rendered: Rendered, path: Path, base: str | None, *, held: str) -> tuple[Outcome, str]:
        settings = self._settings
        if base is not None and rendered.equals(base):
            return "passed", base
        if base is not None and rendered.agrees_by_words(base):
            return "by words", base
        received = rendered.text()
        if held or settings.refused or not (settings.update or (settings.new_only and base is None)):
            return self._difference(base, received, rendered.kind), received
        files.write(path, received)
        if settings.format_version == format_version.CURRENT:
            format_version.mark_new_folder(settings.folder)
        return ("written" if base is None else "updated"), received

    def _difference(self, base: str | None, received: str, kind: str) -> Outcome:
        if base is None:
            return "missing"
        is_old = self._settings.format_version < format_version.CURRENT
        if is_old and format_version.differs_only_in_format(base, received, kind=kind):
            return "old format"
        return "changed"

    def _record(
        self,
        rendered: Rendered,
        *,
        name: str | None,
        path: Path,
        outcome: Outcome,
        base: str | None,
        received: str,
        steps: tuple[str, ...],
        notes: tuple[str, ...] = (),
    ) -> Comparison:
        """Send the outcome of a comparison to whom it concerns."""
        settings = self._settings
        comparison = Comparison(
            test_id=self._test,
            kind=rendered.kind,
            name=name,
            dialect=rendered.dialect,
            path=path,
            outcome=outcome,
            base=base,
            received=received,
            seeds=tuple(seed for own in databases_of(self._item) for seed in own.seed_set.names),
            steps=steps,
            source=self._source,
            doc=self._doc,
            statements=rendered.statements,
            notes=(*notes, *((_REFUSED,) if settings.refused and settings.update else ())),
            call_sites=rendered.call_sites() if outcome == "changed" else (),
        )
        self.comparisons.append(comparison)
        settings.notify(comparison)
        return comparison

    def _path(self, rendered: Rendered, name: str | None) -> Path:
        return self._folder / self._file_name(rendered.kind, rendered.dialect, name)

    def _file_name(self, kind: str, dialect: str, name: str | None) -> str:
        return golden_path.with_name(self._stem, name) + golden_path.suffix(kind, dialect)

    def _relative(self, path: Path) -> str:
        return os.path.relpath(path, self._settings.root)


_HELD = "a risk is not updated: decide with query-snapshot review, or add --accept-risks"
_UNEXPLAINED = (
    "rows are not updated, because this database has no golden of the statement to tell why they changed: "
    "decide with query-snapshot review, or add --accept-risks"
)
_REFUSED = "CI is set, so nothing is written; --snapshot-update-in-ci lets it"


def golden_folder(item: pytest.Item, settings: Settings) -> Path:
    """Return the folder of a module's goldens: the path of the module under the tests, without its suffix."""
    module = item.path.with_suffix("")
    if module.is_relative_to(settings.tests):
        return settings.folder / module.relative_to(settings.tests)
    if module.is_relative_to(settings.root):
        return settings.folder / "_outside" / module.relative_to(settings.root)
    return settings.folder / "_outside" / golden_path.slug(str(module), longest=golden_path.LONGEST_TEST)
