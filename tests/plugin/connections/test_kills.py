"""A run that is killed leaves no server, no folder and no database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.servers.server import connect_arguments

pytestmark = pytest.mark.kill

TESTS = """
import os, time, pytest
from pathlib import Path
from shop_schema import workspace
import sqlalchemy as sa

@pytest.mark.parametrize("n", range(200))
def test_slow(engine, database_url, n):
    with engine.begin() as connection:
        connection.execute(workspace.insert().values(name="a"))
    with Path("progress").open("a") as file:
        file.write(f"{os.getpid()} {database_url}\\n")
    time.sleep(0.05)
"""
SAVEPOINT_TESTS = """
import os, time, pytest
from pathlib import Path

@pytest.mark.parametrize("n", range(200))
def test_slow(engine, scratch_database, n):
    with engine.connect() as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
    with Path("progress").open("a") as file:
        file.write(f"{os.getpid()} postgresql:///{name}\\n")
    time.sleep(0.05)
"""
DEADLINE_SECONDS = 60


@pytest.fixture
def start(make_project, monkeypatch):
    """Start a run and return its process and the lines that its tests have written so far."""
    started = []

    def run(kind: str, *options: str, tests: str = TESTS):
        project = make_project("sqlite" if kind == "own" else kind)
        folder = project.pytester.path
        (folder / "pytest.ini").write_text((folder / "pytest.ini").read_text().replace("error", "default"))
        project.test(tests)
        database = ("--database=postgresql",) if kind == "own" else project.database
        if tests is TESTS:
            options = ("--isolation=connections", *options)
        command = [sys.executable, "-m", "pytest", *database, *options]
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        started.append(process)
        progress = folder / "progress"
        wait_until(lambda: progress.exists() and len(progress.read_text().splitlines()) >= 4)
        return process, [line.split() for line in progress.read_text().splitlines()], project.database

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(condition) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def places(lines) -> list[Path]:
    """The folders of SQLite files or of server sockets."""
    urls = [sa.make_url(url) for _, url in lines]
    return [
        Path(url.database).parent if url.get_backend_name() == "sqlite" else Path(url.query["host"])
        for url in urls
    ]


def databases(url: str, prefix: str) -> list[str]:
    with psycopg.connect(**connect_arguments(sa.make_url(url)), autocommit=True) as raw:
        found = raw.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,))
        return [name for (name,) in found.fetchall()]


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["plain", "xdist"])
@pytest.mark.parametrize("kind", ["sqlite", "own"])
def test_killed_run_leaves_no_server_and_no_folder(start, kind, workers):
    process, lines, _ = start(kind, *workers)
    process.kill()
    process.wait()
    wait_until(lambda: not any(place.exists() for place in places(lines)))


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["plain", "xdist"])
def test_killed_run_leaves_no_database_on_a_given_server(start, workers):
    process, lines, options = start("postgresql", *workers)
    url = options[0].partition("=")[2]
    prefix = "_".join(sa.make_url(lines[0][1]).database.split("_")[:3])
    assert databases(url, prefix)
    process.kill()
    process.wait()
    wait_until(lambda: not databases(url, prefix))


def test_killed_savepoint_run_leaves_no_database_on_a_given_server(start):
    process, lines, options = start("postgresql", "-n2", tests=SAVEPOINT_TESTS)
    url = options[0].partition("=")[2]
    prefix = "_".join(sa.make_url(lines[0][1]).database.split("_")[:3])
    assert databases(url, prefix)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: not databases(url, prefix))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_worker_leaves_nothing_after_the_run(start, kind):
    process, lines, options = start(kind, "-n2", "--maxfail=1")
    os.kill(int(lines[0][0]), signal.SIGKILL)
    process.wait(60)
    if kind == "sqlite":
        wait_until(lambda: not any(place.exists() for place in places(lines)))
    else:
        prefix = "_".join(sa.make_url(lines[0][1]).database.split("_")[:3])
        wait_until(lambda: not databases(options[0].partition("=")[2], prefix))
