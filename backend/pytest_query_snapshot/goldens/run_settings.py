"""Settings of goldens for a whole run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.orm import Session

    from pytest_query_snapshot.goldens.comparison import Comparison
    from pytest_query_snapshot.goldens.observed import Knowledge
    from pytest_query_snapshot.recording.recorder import Recorder
    from pytest_query_snapshot.recording.statements import RecordingReader
    from pytest_query_snapshot.sql.format_cache import FormattedSqlCache
    from pytest_query_snapshot.values.masks import Masks
    from pytest_query_snapshot.values.printing.printer import RenderHook


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run, and what its tests share.

    layout_of: lays out statements of a dialect.
    notify: sends the outcome of a comparison to every plugin.
    render: returns the project's own text of a value; None if no plugin has one.
    declared: the metadata that the project names, if any.
    budget: fails when the block runs more statements than it allows.
    undeclared: reads statements that belong to no database.
    accept_risks: an update writes risks too, which are left for review otherwise.
    compare_all: a failed comparison fails its test at the end, not immediately.
    owners: which test compares a golden, by its path: no two may share one.
    folders: the folder of the goldens of each module, by the path of the module.
    abandoned: what sessions had not written when a test ended: garbage that no later test writes.
    """

    root: Path
    folder: Path
    tests: Path
    update: bool
    new_only: bool
    refused: bool
    accept_risks: bool
    compare_all: bool
    dialect: str
    compile_dialects: tuple[str, ...]
    notify: Callable[[Comparison], None]
    render: RenderHook | None
    declared: Callable[[], sa.MetaData | None]
    layout_of: Callable[[str], FormattedSqlCache]
    tenant_columns: tuple[str, ...]
    masks: Masks
    format_version: int
    recorder: Recorder
    knowledge: Knowledge
    undeclared: RecordingReader
    budget: Callable[..., AbstractContextManager[None]]
    owners: dict[str, str] = field(default_factory=dict)
    folders: dict[Path, Path] = field(default_factory=dict)
    abandoned: WeakKeyDictionary[Session, frozenset[int]] = field(default_factory=WeakKeyDictionary)
