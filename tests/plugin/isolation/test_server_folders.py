"""The folder that the data of servers is made in, and what is removed from it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

import pytest

from pytest_query_snapshot.databases.servers import server_folders
from pytest_query_snapshot.databases.servers.server_folders import folder_for_servers, sweep


@pytest.fixture
def memory(tmp_path, monkeypatch):
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", "/temporary")
    facts = tmp_path / "meminfo"
    facts.write_text("MemFree: 1 kB\nMemAvailable:    99999999 kB\n")
    monkeypatch.setattr(server_folders, "_MEMORY", tmp_path)
    monkeypatch.setattr(server_folders, "_MEMORY_FACTS", facts)
    monkeypatch.setattr(server_folders, "_PLENTY", 1)
    return tmp_path


def test_folder_is_in_memory_if_there_is_plenty(memory):
    assert folder_for_servers() == memory


@pytest.mark.parametrize("lack", ["variable", "space", "memory", "facts"])
def test_folder_is_the_temporary_one_otherwise(memory, monkeypatch, lack):
    if lack == "variable":
        monkeypatch.setenv("TMPDIR", "/temporary")
    elif lack == "space":
        monkeypatch.setattr(server_folders, "_PLENTY", 2**60)
    elif lack == "memory":
        (memory / "meminfo").write_text("MemAvailable: 0 kB\n")
    else:
        (memory / "meminfo").unlink()
    assert str(folder_for_servers()) == "/temporary"


@pytest.mark.parametrize(
    ("process", "age", "stays"),
    [("ended", 3600, False), (None, 3600, False), ("ended", 0, True), (None, 0, True), ("running", 3600, True)],
)
def test_sweep_removes_the_folder_of_a_server_that_has_ended(tmp_path, process, age, stays):
    folder = tmp_path / "query-snapshot-pg-1"
    (folder / "data").mkdir(parents=True)
    if process is not None:
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        number = os.getpid() if process == "running" else ended.pid
        (folder / "data" / "postmaster.pid").write_text(f"{number}\n{folder}\n")
    os.utime(folder, (time.time() - age,) * 2)
    sweep(tmp_path)
    assert folder.exists() is stays
