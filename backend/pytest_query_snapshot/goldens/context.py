"""What one test needs to compare: its recording, its steps, the names of its ids, the paths of its goldens."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pytest_query_snapshot.databases.plans import Plan, read_plan
from pytest_query_snapshot.errors import (
    DuplicateGoldenError,
    GoldenError,
    NoBaselineError,
    NoDatabaseError,
    SharedGoldenError,
    WriteFailedError,
)
from pytest_query_snapshot.goldens import files, format_version, golden_path
from pytest_query_snapshot.goldens.comparison import Comparison, Outcome
from pytest_query_snapshot.goldens.formats import changes as state_renderer
from pytest_query_snapshot.goldens.formats import plan as plan_renderer
from pytest_query_snapshot.goldens.formats import rows as rows_renderer
from pytest_query_snapshot.goldens.formats import schema as schema_renderer
from pytest_query_snapshot.goldens.formats import sql as sql_renderer
from pytest_query_snapshot.goldens.repeated_tests import node_id_of
from pytest_query_snapshot.goldens.syrupy_bridge import GoldenAssertion
from pytest_query_snapshot.recording.recorder import Recorder
from pytest_query_snapshot.recording.statements import (
    Interpreter,
    Recorded,
    Statement,
    StepMark,
)
from pytest_query_snapshot.recording.table_snapshots import State, StateReader
from pytest_query_snapshot.sql.lexer import canonical
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.result_rows import fetch_all, to_table

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.isolation import IsolatedDatabase
    from pytest_query_snapshot.sql.format_cache import FormattedSqlCache
    from pytest_query_snapshot.values.masks import Masks


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole run."""

    root: Path
    folder: Path
    tests: Path
    update: bool
    new_only: bool
    refused: bool
    dialect: str
    publish: Callable[[Comparison], None]
    layouts: FormattedSqlCache
    tenant_columns: tuple[str, ...]
    masks: Masks
    format_version: int
    owners: dict[Path, str] = field(default_factory=dict)


class DatabaseBench:
    """What outlives a test: the recorder on an engine, and what was learned of its schema."""

    def __init__(self, database: IsolatedDatabase, *, masks: Masks) -> None:
        self.database = database
        self.masks = masks
        self.columns = IdColumns(database.metadata, reflected=database.reflected)
        self.recorder = Recorder()
        self.recorder.attach(database.engine)
        self.interpreter = Interpreter(self.columns, masks=masks)

    @cached_property
    def states(self) -> StateReader:
        """What reads the tables; it remembers them over tests, since most tests change few."""
        return StateReader(self.database.metadata.tables.values(), self.columns, masks=self.masks)


@dataclass(slots=True)
class _Side:
    """One side of a comparison: a text that is only made when somebody will read it."""

    kind: str
    text: Callable[[], str]
    equals: Callable[[str], bool]
    statements: int | None = None
    wheres: Callable[[], tuple[str, ...]] = tuple
    agrees_by_words: Callable[[str], bool] = field(default=lambda _base: False)


@dataclass(slots=True)
class TestBench:
    """What one test compares with what."""

    __test__ = False

    item: pytest.Item
    settings: Settings
    shared: DatabaseBench | None
    identities: IdAliases = field(default_factory=IdAliases)
    baseline: State | None = None
    steps: list[state_renderer.Step] = field(default_factory=list)
    _sql_identities: IdAliases = field(init=False)
    _test: str = field(init=False)
    outcomes: list[tuple[str, str, str]] = field(default_factory=list)
    _compared_until: int = 0
    _seen_until: int = 0
    _paths: set[Path] = field(default_factory=set)
    _assertion: GoldenAssertion | None = None
    _stem_folder: Path | None = None

    def __post_init__(self) -> None:
        self._sql_identities = IdAliases(self.identities)
        self._test = node_id_of(self.item)

    @property
    def root(self) -> Path:
        """The folder that paths are shown from."""
        return self.settings.root

    def compare(self, kinds: tuple[str, ...], name: str | None, received: Any) -> list[Comparison]:
        """Compare what was received with its goldens, all kinds of them, whether or not one differs."""
        sides = [self._side(kind, received) for kind in kinds]
        return [self._settle(side, name) for side in sides if side is not None]

    def begin_step(self, name: str | None = None) -> None:
        """See what the state is before a step; what happened since the last one gets a section of its own."""
        recorder = self._with_database().recorder
        if self.baseline is None:
            self.baseline = self._state()
        elif len(recorder.entries) > self._seen_until:
            self._add_between(f"before {name}")
        if name is not None:
            recorder.entries.append(StepMark(name))

    def end_step(self, name: str) -> None:
        """See what the state is after a step."""
        self.steps.append(state_renderer.Step(name, self._state()))
        self._seen_until = len(self._with_database().recorder.entries)

    def _add_between(self, name: str) -> None:
        state = self._state()
        last = self.steps[-1].state if self.steps else self.baseline
        if state != last:
            self.steps.append(state_renderer.Step(name, state))

    def _side(self, kind: str, received: Any) -> _Side | None:
        if kind == "rows":
            return self._text_side(kind, self._rows(received))
        if kind == "state":
            session = getattr(received, "sync_session", received)
            if isinstance(session, Session):
                session.flush()
            return self._text_side(kind, self._state_text())
        if kind == "sql":
            return self._sql_side()
        if kind == "plan":
            side = self._text_side(kind, self._plan(received))
            side.agrees_by_words = lambda base: plan_renderer.agrees_by_words(base, side.text())
            return side
        return self._text_side(kind, self._schema(received))

    def _text_side(self, kind: str, text: str) -> _Side:
        return _Side(kind, lambda: text, lambda base: base == text)

    def _plan(self, query: Any) -> str:
        plan = query if isinstance(query, Plan) else self._read_plan(query)
        return plan_renderer.render(plan.text, self._sql_identities, planner=plan.planner)

    def _read_plan(self, query: Any) -> Plan:
        shared = self._with_database()
        with shared.recorder.paused(), shared.database.unrecorded() as connection:
            return read_plan(connection, query)

    def _schema(self, schema: Any) -> str:
        if isinstance(schema, sa.MetaData):
            return schema_renderer.render(schema, self._with_database().database.engine.dialect)
        shared = self._with_database()
        found = sa.MetaData()
        with shared.recorder.paused(), shared.database.unrecorded() as connection:
            found.reflect(connection)
        return schema_renderer.render(found, shared.database.engine.dialect)

    def _with_database(self) -> DatabaseBench:
        if self.shared is None:
            raise NoDatabaseError
        return self.shared

    def _rows(self, received: Any) -> str:
        items = fetch_all(received)
        columns = self.shared.columns if self.shared is not None else IdColumns()
        with self.shared.recorder.paused() if self.shared is not None else nullcontext():
            rows = to_table(received, items, columns, masks=self.settings.masks)
            return rows_renderer.render(rows, self.identities)

    def _sql_side(self) -> _Side | None:
        if self.shared is None:
            return None
        entries = self.shared.recorder.entries
        fresh = entries[self._compared_until :]
        self._compared_until = len(entries)
        recorded = self.shared.interpreter.interpret(fresh)
        raw = sql_renderer.render(recorded, self._sql_identities)
        layouts, dialect = self.settings.layouts, self.settings.dialect
        return _Side(
            "sql",
            text=lambda: sql_renderer.render(recorded, self._sql_identities, layout=layouts),
            equals=lambda base: base == raw or canonical(base, dialect=dialect) == canonical(raw, dialect=dialect),
            statements=sum(isinstance(entry, Statement) for entry in recorded),
            wheres=lambda: repeated_from(recorded),
        )

    def _state(self) -> State:
        shared = self._with_database()
        with shared.recorder.paused(), shared.database.unrecorded() as connection:
            return shared.states.read(connection)

    def _state_text(self) -> str:
        if self.baseline is None:
            raise NoBaselineError
        if not self.steps:
            self.end_step(self.item.name)
        elif len(self._with_database().recorder.entries) > self._seen_until:
            self._add_between("after the last step")
        return state_renderer.render(self.baseline, self.steps, self.identities)

    def _settle(self, side: _Side, name: str | None) -> Comparison:
        path = self._path(side.kind, name)
        if path in self._paths:
            raise DuplicateGoldenError(path=self._shown(path), kind=side.kind)
        self._paths.add(path)
        owner = self.settings.owners.setdefault(path, self._test)
        if owner != self._test:
            raise SharedGoldenError(path=self._shown(path), test=self.item.nodeid, other=owner)
        try:
            base = files.read(path)
        except GoldenError:
            self.outcomes.append((self._shown(path), side.kind, "broken"))
            raise
        if base is not None and side.equals(base):
            return self._finish(side, name, path, outcome="passed", base=base, received=base)
        if base is not None and side.agrees_by_words(base):
            return self._finish(side, name, path, outcome="by words", base=base, received=base)
        settings = self.settings
        writes = (settings.update or (settings.new_only and base is None)) and not settings.refused
        outcome: Outcome = "changed" if base is not None else "missing"
        if writes:
            outcome = "updated" if base is not None else "written"
        received = side.text()
        old = base is not None and settings.format_version < format_version.CURRENT and not writes
        if old and format_version.differs_only_in_format(base or "", received, kind=side.kind):
            outcome = "old format"
        return self._finish(side, name, path, outcome=outcome, base=base, received=received)

    def _finish(
        self, side: _Side, name: str | None, path: Path, *, outcome: Outcome, base: str | None, received: str
    ) -> Comparison:
        settings = self.settings
        comparison = Comparison(
            test_id=self._test,
            kind=side.kind,
            name=name,
            dialect=self.settings.dialect,
            path=path,
            outcome=outcome,
            base=base,
            received=received,
            seeds=self.shared.database.seed_set.names if self.shared is not None else (),
            steps=tuple(step.name for step in self.steps),
            source=_source(self.item),
            doc=_doc(self.item),
            statements=side.statements,
            notes=(_REFUSED,) if settings.refused and settings.update else (),
            wheres=side.wheres() if outcome == "changed" else (),
        )
        if self._assertion is None:
            self._assertion = GoldenAssertion.of(self.item)
        if outcome in {"updated", "written"}:
            try:
                self._assertion.write(comparison)
                if settings.format_version == format_version.CURRENT:
                    format_version.mark_new_folder(settings.folder)
            except WriteFailedError:
                self.outcomes.append((self._shown(path), side.kind, "broken"))
                raise
        self.outcomes.append((self._shown(path), side.kind, outcome))
        self._assertion.enter(comparison)
        self.settings.publish(comparison)
        return comparison

    def _path(self, kind: str, name: str | None) -> Path:
        if self._stem_folder is None:
            self._stem_folder = golden_folder(self.item, self.settings)
        test = self._test.partition("::")[2]
        return self._stem_folder / (golden_path.stem(test, name) + golden_path.suffix(kind, self.settings.dialect))

    def _shown(self, path: Path) -> str:
        return os.path.relpath(path, self.settings.root)


_REFUSED = "CI is set, so nothing is written; --snapshot-update-in-ci lets it"


def repeated_from(recorded: Sequence[Recorded]) -> tuple[str, ...]:
    """Say which lines asked for the statements that ran several times in a row."""
    found = [
        run for run in sql_renderer.group_statements(recorded) if isinstance(run, sql_renderer.StatementGroup)
    ]
    return tuple(
        f"x {len(run.statements)} from {run.statements[0].where}: {run.statements[0].sql[:80]}"
        for run in found
        if len(run.statements) > 1 and run.statements[0].where
    )


def golden_folder(item: pytest.Item, settings: Settings) -> Path:
    """Return the folder of a module's goldens: the path of the module under the tests, without its suffix."""
    module = item.path.with_suffix("")
    if module.is_relative_to(settings.tests):
        return settings.folder / module.relative_to(settings.tests)
    if module.is_relative_to(settings.root):
        return settings.folder / "_outside" / module.relative_to(settings.root)
    return settings.folder / "_outside" / golden_path.slug(str(module), longest=golden_path.LONGEST_TEST)


def _source(item: pytest.Item) -> str:
    # item.location tells the same, but looks it up in the source text
    code = getattr(getattr(item, "function", None), "__code__", None)
    return f"{item.nodeid.partition('::')[0]}:{code.co_firstlineno if code is not None else 1}"


def _doc(item: pytest.Item) -> str | None:
    function = getattr(item, "function", None)
    doc = getattr(function, "__doc__", None)
    return inspect.cleandoc(doc) if doc else None


def needs_baseline(item: pytest.Item) -> bool:
    """Tell whether a test compares its state without naming steps: then the state before it must be seen."""
    code: Any = getattr(getattr(item, "function", None), "__code__", None)
    return code is not None and "state" in code.co_names and "step" not in code.co_names
