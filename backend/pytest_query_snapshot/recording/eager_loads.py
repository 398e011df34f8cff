"""The order of eager loads: nothing settles it, so a recording lists them by relationship.

SQLAlchemy emits the SELECTs of several `selectinload` or `subqueryload` in the order of its mappers' properties,
which depends on the order in which modules were imported and mappers configured. They read, and do not write, so
the statements of one parent are a set.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.recording.entries import Execution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_query_snapshot.recording.entries import Entry

_Path = tuple[str, ...]


def in_settled_order(recorded: Iterable[Entry]) -> Iterator[Entry]:
    """Yield a recording with each run of eager loads by depth and name; one relationship keeps its order."""
    for engine, run in groupby(recorded, key=_loading_engine):
        entries = list(run)
        yield from entries if engine is None else sorted(entries, key=_depth_and_path)


def _loading_engine(entry: Entry) -> Any:
    """Return the engine of an eager load; None for everything else, which ends a run."""
    return entry.origin if isinstance(entry, Execution) and relationship_path(entry) else None


def _depth_and_path(entry: Entry) -> tuple[int, _Path]:
    path = relationship_path(entry) if isinstance(entry, Execution) else ()
    return len(path), path


def relationship_path(entry: Execution) -> _Path:
    """Return the relationships that lead to an eager load, from the outermost; empty for any other statement.

    SQLAlchemy keeps them on the compiled statement: no public API returns them, so an attribute that is missing in
    another version means that the order stays as it is.
    """
    options = (entry.options or {}).get("_sa_orm_load_options")
    if options is None or getattr(options, "_lazy_loaded_from", None) is not None:
        return ()
    state = getattr(entry.compiled, "compile_state", None)
    path = getattr(getattr(state, "current_path", None), "path", ())
    return tuple(f"{step.parent.class_.__name__}.{step.key}" for step in path if hasattr(step, "key"))
