"""The end of a whole run: names and patterns of settings that match nothing, and so have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_query_snapshot.hooks import goldens as goldens_hooks

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pytest_query_snapshot.values.masks import Masks

_FOUND: pytest.StashKey[list[list[str]]] = pytest.StashKey()
_OUTPUT = "query_snapshot_unmatched"
_SELECTIONS = ("keyword", "markexpr", "deselect", "lf", "stepwise", "maxfail")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """List what matched nothing in this process, or send it to the controller."""
    config = session.config
    settings = goldens_hooks.settings_in_use(config)
    if settings is None:
        return
    from pytest_query_snapshot.errors import ConfigurationError  # noqa: PLC0415  only where goldens were compared

    try:
        declared = settings.declared()
        found = [*_unmatched_masks(settings.masks, declared), *_unknown_names(config, declared)]
    except ConfigurationError as error:  # a test that needs it has failed for it; in the mode none no test may
        found = [str(error)]
    output: Any = getattr(config, "workeroutput", None)
    if output is not None:
        output[_OUTPUT] = found
    else:
        config.stash.setdefault(_FOUND, []).append(found)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over the list of an xdist worker."""
    found = getattr(node, "workeroutput", {}).get(_OUTPUT)
    if found is not None:
        node.config.stash.setdefault(_FOUND, []).append(found)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what matched nothing in any process; a part of the tests proves nothing."""
    found = config.stash.get(_FOUND, [])
    if found and _is_whole(config):
        for message in (each for each in found[0] if all(each in others for others in found)):
            terminalreporter.write_line(f"query-snapshot: {message}", yellow=True)


def _is_whole(config: pytest.Config) -> bool:
    """Return whether the run was of all tests: no selection, and no path but those of the whole project."""
    if any(getattr(config.option, name, None) for name in _SELECTIONS):
        return False
    whole = {config.rootpath, *(config.rootpath / path for path in config.getini("testpaths"))}
    return {(config.invocation_params.dir / Path(path)) for path in config.args} <= whole


def _unmatched_masks(masks: Masks, declared: sa.MetaData | None) -> Iterator[str]:
    from fnmatch import fnmatchcase  # noqa: PLC0415  only at the end

    tables = () if declared is None else declared.tables.values()
    columns = {
        f"{table.fullname}.{column.name}": column.primary_key for table in tables for column in table.columns
    }
    for pattern in masks.unmatched():
        keys = [is_key for name, is_key in columns.items() if fnmatchcase(name, pattern)]
        if not keys:
            yield f"query_snapshot_mask: {pattern!r} matches no column{_near(pattern, columns)}"
        elif all(keys):
            yield f"query_snapshot_mask: {pattern!r} is a primary key, which is shown as an id and never masked"


def _unknown_names(config: pytest.Config, declared: sa.MetaData | None) -> Iterator[str]:
    """Yield the names that the tables of the project do not have; without metadata nothing is known of them."""
    if declared is None:
        return
    from pytest_query_snapshot.hooks.settings import read_setting  # noqa: PLC0415  only at the end
    from pytest_query_snapshot.settings import TENANT_COLUMNS  # noqa: PLC0415

    columns = {column.name for table in declared.tables.values() for column in table.columns}
    tables = {name for table in declared.tables.values() for name in (table.name, table.fullname)}
    tenants = tuple(config.getini("query_snapshot_tenant_columns"))
    for name in tenants if tenants != TENANT_COLUMNS else ():
        if name not in columns:
            yield f"query_snapshot_tenant_columns: no table has a column {name!r}{_near(name, columns)}"
    for name in read_setting(config, "query_snapshot_unbounded_tables"):
        if name not in tables:
            yield f"query_snapshot_unbounded_tables: the metadata has no table {name!r}{_near(name, tables)}"


def _near(name: str, known: Any) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  only for a message

    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""
