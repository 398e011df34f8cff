"""The report and the commands of review with 2,500 goldens, by processor time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_query_snapshot.cli.commands import write_report
from pytest_query_snapshot.goldens.classify import classify_golden
from pytest_query_snapshot.review.classified import with_classes
from pytest_query_snapshot.review.pending import Pending, record
from pytest_query_snapshot.settings import TENANT_COLUMNS, Project
from tests.bench.figures import Figure

GOLDENS = 2_500
PENDING = 2_000
ROWS = "order: agents.name\n\n| id uuid | name text |\n|---|---|\n" + "".join(
    f"| agent#{number} | Agent {number} of the workspace |\n" for number in range(1, 9)
)
SQL = """\
SELECT agents.id,
       agents.name,
       agents.status
FROM agents
JOIN runs ON runs.agent_id = agents.id
WHERE agents.workspace_id = :workspace_id_1
  AND agents.status = :status_{number}
ORDER BY agents.name
LIMIT :param_1;
-- 8 rows
-- :workspace_id_1 = workspace#1
-- :status_{number} = 'active'
-- :param_1 = 50
"""
WRITE = """\
INSERT INTO audit (id, agent_id, kind) VALUES (:id, :agent_id, :kind);
-- x 3: 1 row each
-- :id = audit#1, audit#2, audit#3
-- :agent_id = agent#1
-- :kind = 'seen'
"""


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
        write_goldens(root)
        page = root / "report.html"
        yield _written(root, page)
        yield from _opened(page)
        leave_pending(root, 200)
        cpu_seconds(root, "list")  # the summary of the failing run classifies, and keeps the classes
        yield Figure("list, 200 pending of 2,500", cpu_seconds(root, "list"), "s CPU", 0.7)
        leave_pending(root, PENDING)
        first = cpu_seconds(root, "list")
        yield Figure(f"list, {PENDING:,} pending, classified", first, "s CPU")
        yield Figure(f"list, {PENDING:,} pending, again", cpu_seconds(root, "list"), "s CPU", 2.0)
        yield Figure(f"accept {PENDING:,} of one cause", cpu_seconds(root, "accept", "--all"), "s CPU", 2.0)
    yield from _differing()


def _differing() -> Iterator[Figure]:
    """List changes of statements that have no table in common: no answer about one serves another."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
        leave_pending(root, PENDING, differing=True)
        label = f"list, {PENDING:,} pending that differ"
        yield Figure(f"{label}, not classified by a run", cpu_seconds(root, "list"), "s CPU")
        (root / ".query_snapshot/classified.json").unlink()
        leave_pending(root, PENDING, differing=True, classified=True)
        yield Figure(f"{label}, after a run", cpu_seconds(root, "list"), "s CPU", 2.0)


def write_goldens(root: Path) -> None:
    """Write goldens of 25 modules in 5 folders, half rows and half SQL."""
    for number in range(GOLDENS // 2):
        folder = root / f"__snapshots__/golden/slice_{number % 5}/test_module_{number % 25}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"test_query_{number}.rows.md").write_text(ROWS)
        (folder / f"test_query_{number}.sqlite.sql").write_text(SQL.format(number=number))


def leave_pending(root: Path, count: int, *, differing: bool = False, classified: bool = False) -> None:
    """Leave changes that are the same edit: a column less; ``differing`` statements have tables of their own."""
    for number in range(count):
        module = f"slice_{number % 5}/test_module_{number % 25}"
        golden = f"__snapshots__/golden/{module}/test_query_{number}.sqlite.sql"
        old = SQL.format(number=number)
        if differing:
            old = f"BEGIN;\n\n{old}\n{WRITE}\nCOMMIT;\n"
            old = re.sub(r"\b(agents|runs|audit)\b", rf"\1_{number}", old)
        path = root / golden
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(old)
        new = re.sub(r",\n       agents\w*\.status\n", "\n", old)
        test = f"tests/golden/{module}.py::test_query_{number}"
        pending = Pending(golden, test, "sql", "sqlite", old, new, (), "")
        if classified:
            changes = classify_golden(old, new, kind="sql", dialect="sqlite")
            pending = with_classes(pending, changes, settings=TENANT_COLUMNS)
        record(root, pending)


def cpu_seconds(root: Path, *command: str) -> float:
    """Run a command and return the processor time of its process."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "pytest_query_snapshot.cli", *command],
        cwd=root, check=False, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _written(root: Path, page: Path) -> Figure:
    start = time.process_time()
    write_report(Project(root=root), page)
    return Figure("report of 2,500 goldens, written", time.process_time() - start, "s CPU", 3.0)


def _opened(page: Path) -> Iterator[Figure]:
    """Open the page; the time is that of the renderer's main thread, which does not wait for other processes."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where a browser is installed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        times = [_open_once(browser, page) for _ in range(5)]
        browser.close()
    best = min(times, key=lambda each: each["TaskDuration"])
    detail = ", ".join(f"{name[:-8].lower()} {1000 * best[name]:.0f}" for name in _PARTS)
    yield Figure("report of 2,500 goldens, opened", 1000 * best["TaskDuration"], "ms CPU", 500, detail=detail)


_PARTS = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


def _open_once(browser: Any, page: Path) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    session = context.new_cdp_session(tab)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    tab.goto(page.as_uri())
    tab.wait_for_selector("html[data-ready]", state="attached")
    tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    context.close()
    return found
