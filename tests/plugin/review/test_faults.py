"""Real faults, in processes of their own: a disk that is full, folders that may not be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from .conftest import ROWS, ProjectFolder

LONG = ROWS + "".join(f"| agent#{n} | {'x' * 80} |\n" for n in range(3, 2000))
ACCEPT = """
import sys
from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.cli import commands
sys.exit(main(['accept', '--all']))
"""
LIMITED = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); {ACCEPT}"
# Root may write anywhere by one capability, which the next program of a process no longer gets (PR_CAPBSET_DROP of
# CAP_DAC_OVERRIDE). Another user could not read an environment that lies in root's home.
UNPRIVILEGED = f"""
import ctypes, os, sys
if ctypes.CDLL(None).prctl(24, 1, 0, 0, 0):
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
os.execv(sys.executable, [sys.executable, "-c", {ACCEPT!r}])
"""


def run(script, cwd):
    return subprocess.run([sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, check=False)


def files_of(root):
    return sorted(path.name for path in (root / "__snapshots__/golden/test_agents").iterdir())


@pytest.fixture
def small_disk():
    """A file system of 1 MB."""
    point = Path(tempfile.mkdtemp(prefix="small-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(point)]
    made = (
        shutil.which("mount") is not None
        and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    )
    if not made:
        point.rmdir()
        pytest.skip("only root may mount a file system")
    yield point
    subprocess.run(["umount", str(point)], check=True)
    point.rmdir()


def test_a_full_disk_is_named_and_nothing_is_lost(small_disk):
    folder = ProjectFolder(small_disk)
    path = folder.pending("test_a.rows.md", ROWS, LONG)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass
    done = run(ACCEPT, small_disk)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "could not be written (No space left on device). What was there before is untouched." in done.stderr
    assert folder.read(path) == ROWS
    assert files_of(small_disk) == ["test_a.rows.md"]
    filler.unlink()
    assert run(ACCEPT, small_disk).returncode == 0
    assert folder.read(path) == LONG


def test_a_file_that_may_not_grow_is_named_and_nothing_is_lost(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONG)
    done = run(LIMITED, folder.root)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "could not be written (File too large)" in done.stderr
    assert folder.read(path) == ROWS
    assert files_of(folder.root) == ["test_a.rows.md"]
    assert len(folder.reviews()) == 1


@pytest.fixture
def foreign(monkeypatch):
    """A project that somebody without rights can see; root may write anywhere, so its process gives them up."""
    root = Path(tempfile.mkdtemp(prefix="read-only-"))
    root.chmod(0o755)
    yield ProjectFolder(root)
    for path in (root, *root.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(root)


def accept_without_rights(folder):
    return run(UNPRIVILEGED if os.getuid() == 0 else ACCEPT, folder.root)


def test_a_read_only_folder_of_goldens_is_named(foreign):
    path = foreign.pending("test_a.rows.md", ROWS, LONG)
    (foreign.root / path).parent.chmod(0o555)
    done = accept_without_rights(foreign)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "could not be written (Permission denied)" in done.stderr
    assert foreign.read(path) == ROWS
    assert len(foreign.reviews()) == 1


def test_a_read_only_folder_of_pending_changes_is_named_and_can_be_accepted_again(foreign):
    path = foreign.pending("test_a.rows.md", ROWS, LONG)
    (foreign.root / path).parent.chmod(0o777)
    (foreign.root / ".query_snapshot/pending").chmod(0o555)
    done = accept_without_rights(foreign)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "Permission denied" in done.stderr
    assert foreign.read(path) == LONG
    (foreign.root / ".query_snapshot/pending").chmod(0o777)
    assert accept_without_rights(foreign).returncode == 0
    assert foreign.reviews() == ()
