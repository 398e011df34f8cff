"""Goldens that provably belong to no test.

A golden is an orphan when its module ran whole, every test of it to the end, and no test asked for anything of its
name; or when its module is gone. A golden of one database is judged by the last run on that database, a shared one
by the last runs on all databases that the project has goldens of. Whatever is not proved stays: a golden that is
lost is lost without a trace, one that stays too long is found by the next whole run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pytest_query_snapshot.errors import RunNotWholeError
from pytest_query_snapshot.goldens.golden_path import GoldenName, goldens_of
from pytest_query_snapshot.sessions.lock import cut_off, going_on
from pytest_query_snapshot.sessions.store import module_hash, read_record
from pytest_query_snapshot.settings import Project


@dataclass(frozen=True, slots=True)
class Orphans:
    """What can go, and of which databases nothing is known, each with the reason."""

    paths: tuple[str, ...]
    unproved: Mapping[str, str]


def orphans(project: Project) -> Orphans:
    """List the goldens that the last runs prove to belong to no test.

    Raises:
        RunNotWholeError: no database's last run proves anything: none, failed, interrupted, partial.
    """
    if going_on(project.root):
        raise RunNotWholeError(reason=f"a run is going on ({going_on(project.root)[0].name})")
    if cut_off(project.root):
        raise RunNotWholeError(reason=f"a run was cut off ({cut_off(project.root)[0].name})")
    runs: dict[str, Any] = read_record(project.root).get("runs", {})
    if not runs:
        raise RunNotWholeError(reason="no run is on record")
    names = goldens_of(project.root, project.snapshots)
    dialects = sorted({*runs, *(name.dialect for name in names if name.dialect)})
    reasons = {dialect: _doubt(runs.get(dialect)) for dialect in dialects}
    proofs = {dialect: _Proof.of(project, runs[dialect]) for dialect in dialects if not reasons[dialect]}
    if not proofs:
        said = [f"{reason} on {dialect}" for dialect, reason in reasons.items() if dialect in runs]
        raise RunNotWholeError(reason="; ".join(said))
    found = tuple(name.path for name in names if _is_orphan(name, project, proofs, dialects))
    return Orphans(found, {dialect: reason for dialect, reason in reasons.items() if reason})


def _doubt(run: Mapping[str, Any] | None) -> str:
    """Say why a run proves nothing; empty when it proves what it ran."""
    if run is None:
        return "there was no run"
    if run.get("exit_status") != 0:
        return "the last run did not pass"
    if run.get("deselected"):
        return f"the last run left out {run['deselected']} tests"
    return "the last run was of single tests" if run.get("by_node_id") else ""


def _is_orphan(name: GoldenName, project: Project, proofs: Mapping[str, _Proof], dialects: list[str]) -> bool:
    if _module_is_gone(name, project):
        return True
    judges = [name.dialect] if name.dialect else dialects
    return all(dialect in proofs and proofs[dialect].covers(name) for dialect in judges)


def _folder(project: Project, module: str) -> str:
    """Where the goldens of a module are: its path below the test folder."""
    path = PurePosixPath(module).with_suffix("")
    below = path.relative_to(project.tests) if project.tests and path.is_relative_to(project.tests) else path
    return f"{project.snapshots}/{below}"


@dataclass(frozen=True, slots=True)
class _Proof:
    """What a whole run on one database proves: the folders it covers, and what it asked for."""

    project: Project
    folders: frozenset[str]
    paths: frozenset[str]
    began: float

    @classmethod
    def of(cls, project: Project, run: Mapping[str, Any]) -> _Proof:
        # a module that was edited since may hold other tests now
        same = [
            module for module, known in run["whole_modules"].items() if known == module_hash(project.root, module)
        ]
        return cls(
            project=project,
            folders=frozenset(_folder(project, module) for module in same),
            paths=frozenset(run["asked"]),
            began=float(run["began"]),
        )

    def covers(self, name: GoldenName) -> bool:
        """Whether this golden was there during the run, and no test of its module asked for it."""
        if name.path in self.paths or name.module not in self.folders:
            return False
        return (self.project.root / name.path).stat().st_mtime < self.began


def _module_is_gone(name: GoldenName, project: Project) -> bool:
    below = name.module.removeprefix(f"{project.snapshots}/")
    places = [project.root / f"{below}.py"]
    if project.tests:
        places.append(project.root / project.tests / f"{below}.py")
    return not below.startswith("_outside") and not any(place.exists() for place in places)
