"""Coexistence with the snapshots of syrupy: its options are shared, its discovery must not find goldens.

Syrupy treats every unknown file in a folder of snapshots as unused, fails the run for it, and
deletes it on update. Its own setting against this ignores file extensions globally, also the `.md` and `.sql`
snapshots of the project; so, while syrupy looks for unused files, the walk over a folder leaves out goldens and
nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from syrupy.extensions import base

from pytest_query_snapshot.goldens.storage.golden_path import golden_name


@contextmanager
def hidden_from_syrupy(folder: Path) -> Iterator[None]:
    """Let no walk of syrupy meet a golden while the block lasts."""
    walk: Any = base.walk_snapshot_dir  # type: ignore[attr-defined]  # imported there, not declared there

    def without_goldens(root: Any, **options: Any) -> Iterator[str]:
        return (path for path in walk(root, **options) if not _is_golden(Path(path), folder))

    base.walk_snapshot_dir = without_goldens  # type: ignore[attr-defined]
    try:
        yield
    finally:
        base.walk_snapshot_dir = walk  # type: ignore[attr-defined]


def _is_golden(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder) and golden_name(path.relative_to(folder).as_posix()) is not None
