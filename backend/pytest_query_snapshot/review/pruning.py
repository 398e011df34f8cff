"""Goldens that provably belong to no test.

A golden is an orphan when its module ran whole, every test of it to the end, and no test asked for anything of its
name; or when its module is gone. Whatever is not proved stays: a golden that is lost is lost without a trace, one
that stays too long is found by the next whole run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pytest_query_snapshot.review.errors import RunNotWholeError
from pytest_query_snapshot.review.names import GoldenName, golden_name, goldens_of
from pytest_query_snapshot.review.project import Project
from pytest_query_snapshot.review.record import RUNNING, read_record


def orphans(project: Project) -> tuple[str, ...]:
    """List the goldens that the last run proves to belong to no test.

    Raises:
        RunNotWholeError: the last run proves nothing: none, failed, interrupted, partial.
    """
    record = read_record(project.root)
    _check(record, running=(project.root / RUNNING).exists())
    proof = _Proof.of(project, record)
    return tuple(name.path for name in goldens_of(project.root, project.snapshots) if proof.covers(name))


def _check(record: Mapping[str, Any], *, running: bool) -> None:
    if not record:
        raise RunNotWholeError(reason="no run is on record")
    if running:
        raise RunNotWholeError(reason="a run is going on, or the last one was cut off")
    if record.get("exit_status") != 0:
        raise RunNotWholeError(reason="the last run did not pass")
    if record.get("deselected"):
        raise RunNotWholeError(reason=f"the last run left out {record['deselected']} tests")
    if record.get("by_node_id"):
        raise RunNotWholeError(reason="the last run was of single tests")


def _folder(project: Project, module: str) -> str:
    """Where the goldens of a module are: its path below the test folder."""
    path = PurePosixPath(module).with_suffix("")
    below = path.relative_to(project.tests) if project.tests and path.is_relative_to(project.tests) else path
    return f"{project.snapshots}/{below}"


@dataclass(frozen=True, slots=True)
class _Proof:
    """What a whole run proves: the folders it covers, and what it asked for."""

    project: Project
    folders: frozenset[str]
    paths: frozenset[str]
    stems: frozenset[str]
    dialects: frozenset[str]

    @classmethod
    def of(cls, project: Project, record: Mapping[str, Any]) -> _Proof:
        names = [name for name in map(golden_name, record["asked"]) if name is not None]
        return cls(
            project=project,
            folders=frozenset(_folder(project, module) for module in record["whole_modules"]),
            paths=frozenset(record["asked"]),
            stems=frozenset(name.stem for name in names),
            dialects=frozenset(name.dialect for name in names),
        )

    def covers(self, name: GoldenName) -> bool:
        """Whether this golden provably belongs to no test."""
        if name.path in self.paths:
            return False
        if name.module not in self.folders:
            return _module_is_gone(name, self.project)
        if name.stem not in self.stems:
            return True
        # the test is there, and does not ask for this kind any more; of another dialect nothing is known
        return not name.dialect or name.dialect in self.dialects


def _module_is_gone(name: GoldenName, project: Project) -> bool:
    below = name.module.removeprefix(f"{project.snapshots}/")
    places = [project.root / f"{below}.py"]
    if project.tests:
        places.append(project.root / project.tests / f"{below}.py")
    return not below.startswith("outside") and not any(place.exists() for place in places)
