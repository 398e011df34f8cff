"""What the path of a golden says: its kind, its dialect, the test it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_NAME = re.compile(
    r"(?P<stem>.+?)(?:\.(?P<shared>rows|state)\.md|\.(?P<dialect>\w+)(?P<kind>\.sql|\.plan\.txt|\.schema\.sql))\Z",
)
_KINDS = {".sql": "sql", ".plan.txt": "plan", ".schema.sql": "schema"}


@dataclass(frozen=True, slots=True)
class GoldenName:
    """The facts in the path of a golden; ``stem`` is the path without kind and dialect."""

    path: str
    stem: str
    kind: str
    dialect: str

    @property
    def module(self) -> str:
        """The module of the test, as a path under the test folder."""
        return str(PurePosixPath(self.stem).parent)

    @property
    def test(self) -> str:
        """The name of the test, and of the comparison if it has one."""
        return PurePosixPath(self.stem).name


def golden_name(path: str) -> GoldenName | None:
    """Read a path; None for a file that is no golden."""
    match = _NAME.match(path)
    if match is None:
        return None
    shared = match["shared"]
    kind = shared or _KINDS[match["kind"]]
    return GoldenName(path=path, stem=match["stem"], kind=kind, dialect="" if shared else match["dialect"])


def goldens_of(root: Path, snapshots: str) -> tuple[GoldenName, ...]:
    """List the goldens of a project, sorted."""
    folder = root / snapshots
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else ()
    names = (golden_name(path.relative_to(root).as_posix()) for path in paths)
    return tuple(name for name in names if name is not None)
