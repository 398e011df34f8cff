"""Hooks of the review: what a failing comparison leaves behind; nothing heavy is imported before one fails."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from pytest_query_snapshot.hooks.determinism import is_experiment

if TYPE_CHECKING:
    from pytest_query_snapshot.goldens.comparison import Comparison
    from pytest_query_snapshot.review.pending import Pending

_TROUBLE: pytest.StashKey[list[str]] = pytest.StashKey()
_WORKER_KEY = "query_snapshot_pending_trouble"


def pytest_query_snapshot_compared(config: pytest.Config, comparison: Comparison) -> None:
    """Leave a failing comparison for review, and forget it once it passes."""
    root = config.rootpath
    wanted = "pending" if comparison.failed else "migration" if comparison.outcome == "old format" else ""
    left = f"{root}{os.sep}.query_snapshot{os.sep}"  # a Path for each comparison takes ten times as long
    folders = [name for name in ("pending", "migration") if os.path.exists(left + name)]  # noqa: PTH110  see above
    if not wanted and not folders:
        return
    from pytest_query_snapshot.goldens.storage.golden_path import below  # noqa: PLC0415  loaded with the comparison

    path = below(comparison.path, root)
    if comparison.outcome == "broken" or path is None or is_experiment(config):
        return
    golden = path.replace(os.sep, "/")
    from pytest_query_snapshot.errors import WriteFailedError  # noqa: PLC0415  only after a failure
    from pytest_query_snapshot.review.pending import Pending, clear, record  # noqa: PLC0415

    try:
        for folder in folders:
            if folder != wanted:
                clear(root, golden, dialect=comparison.dialect, folder=folder)
        if wanted:
            pending = Pending(
                golden=golden,
                test=comparison.test_id,
                kind=comparison.kind,
                dialect=comparison.dialect,
                base=comparison.base,
                received=comparison.received,
                seeds=comparison.seeds,
                about=(comparison.doc or "").partition("\n\n")[0].replace("\n", " "),
            )
            if wanted == "pending" and pending.base is not None:
                pending = _classified(config, pending)
            record(root, pending, wanted)
    except WriteFailedError as error:  # the comparison has its own verdict: a full disk must not change it
        config.stash.setdefault(_TROUBLE, []).append(str(error))


def _classified(config: pytest.Config, pending: Pending) -> Pending:
    """Add the classes: the message of the failure needs them, and so do the summary and the commands of review."""
    from pytest_query_snapshot.goldens.classify import classify_golden  # noqa: PLC0415  only after a failure
    from pytest_query_snapshot.review.classified import with_classes  # noqa: PLC0415

    tenant_columns = tuple(config.getini("query_snapshot_tenant_columns"))
    changes = classify_golden(
        pending.base,
        pending.received,
        kind=pending.kind,
        tenant_columns=tenant_columns,
        dialect=pending.dialect,
    )
    return with_classes(pending, changes, settings=tenant_columns)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the trouble of a worker to the process that talks to the user."""
    output: Any = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_WORKER_KEY] = session.config.stash.get(_TROUBLE, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the trouble of a worker of pytest-xdist."""
    found = getattr(node, "workeroutput", {}).get(_WORKER_KEY, [])
    node.config.stash.setdefault(_TROUBLE, []).extend(found)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print how many changes wait for review, and which could not be left for it."""
    troubles: list[str] = config.stash.get(_TROUBLE, [])
    for trouble in dict.fromkeys(troubles):
        terminalreporter.write_line(f"query-snapshot: not left for review: {trouble}", red=True)
    folder = config.rootpath / ".query_snapshot" / "pending"
    waiting = sum(1 for _ in folder.glob("*.json")) if folder.is_dir() else 0
    if waiting:
        changes = "change waits" if waiting == 1 else "changes wait"
        terminalreporter.write_line(f"query-snapshot: {waiting} {changes} for review: query-snapshot review")
