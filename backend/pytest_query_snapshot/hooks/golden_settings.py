"""The settings of goldens, read from the configuration of a run; imported when a test asks for its golden."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_query_snapshot.databases.process import configured_metadata
from pytest_query_snapshot.errors import ConfigurationError
from pytest_query_snapshot.goldens.observed import Knowledge
from pytest_query_snapshot.goldens.run_settings import Settings
from pytest_query_snapshot.goldens.storage.format_version import read_version
from pytest_query_snapshot.recording.statements import RecordingReader
from pytest_query_snapshot.sql.format_cache import FormattedSqlCache
from pytest_query_snapshot.values.id_aliases import IdColumns
from pytest_query_snapshot.values.masks import Masks

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pytest_query_snapshot.goldens.comparison import Comparison
    from pytest_query_snapshot.recording.recorder import Recorder
    from pytest_query_snapshot.values.printing.printer import RenderHook


def make_settings(config: pytest.Config, *, dialect: str, recorder: Recorder) -> Settings:
    """Read the settings of a run, and make what its tests share."""
    option: Any = config.option
    masks = Masks(config.getini("query_snapshot_mask"))
    layouts = config.rootpath / ".query_snapshot" / "layouts"
    return Settings(
        root=config.rootpath,
        folder=config.rootpath / config.getini("query_snapshot_dir"),
        tests=_tests_folder(config),
        update=option.update_snapshots,
        new_only=getattr(option, "update_new_snapshots_only", False),  # not in the oldest syrupy
        refused=_in_ci() and not option.snapshot_update_in_ci,
        accept_risks=option.accept_risks,
        compare_all=option.compare_all,
        dialect=dialect,
        compile_dialects=tuple(config.getini("query_snapshot_compile_dialects")),
        tenant_columns=tuple(config.getini("query_snapshot_tenant_columns")),
        format_version=read_version(config.rootpath, config.getini("query_snapshot_dir")),
        notify=_notifier(config),
        render=_render_hook(config),
        declared=lambda: _declared(config),
        budget=_budget,
        masks=masks,
        recorder=recorder,
        knowledge=Knowledge(masks=masks),
        undeclared=RecordingReader(IdColumns(), masks=masks),
        layout_of=cache(lambda dialect: FormattedSqlCache(layouts, dialect=dialect)),
    )


def _budget(*args: Any, **options: Any) -> AbstractContextManager[None]:
    from pytest_query_snapshot.budgets.block import query_budget  # noqa: PLC0415  few tests have one

    return query_budget(*args, **options)


def _tests_folder(config: pytest.Config) -> Path:
    """Return the folder that the golden folder mirrors: the project's only one of tests, or its root."""
    testpaths = config.getini("testpaths")
    return config.rootpath / testpaths[0] if len(testpaths) == 1 else config.rootpath


def _notifier(config: pytest.Config) -> Callable[[Comparison], None]:
    """Return a function that sends the outcome of a comparison to every plugin."""
    notify = config.hook.pytest_query_snapshot_compared
    return lambda comparison: notify(config=config, comparison=comparison)


def _render_hook(config: pytest.Config) -> RenderHook | None:
    """Return a function that asks the project's plugins for the text of a value; None where none has one."""
    render = config.hook.pytest_query_snapshot_render
    if not render.get_hookimpls():
        return None

    def rendered(value: object) -> str | None:
        text: object = render(config=config, value=value)
        if text is not None and not isinstance(text, str):
            raise ConfigurationError(
                f"pytest_query_snapshot_render returned a {type(text).__name__} for a {type(value).__name__}: "
                "return its text, or None for values of other types"
            )
        return text

    return rendered


def _declared(config: pytest.Config) -> sa.MetaData | None:
    """Return the metadata that the project names, if it names any. Raises ConfigurationError."""
    if not any(map(config.getini, ("query_snapshot_metadata", "query_snapshot_alembic"))):
        return None
    return configured_metadata(config)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}
