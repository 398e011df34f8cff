"""Run the plugin's tests on every interpreter, SQLAlchemy, pytest and syrupy that are supported.

``python -m tests.matrix`` tries each interpreter found here with SQLAlchemy 2.0 and 2.1 and with the lowest and
newest pytest, syrupy and sqlparse; ``--python 3.12 --sqlalchemy 2.0 --runners lowest`` tries those alone, and
``--only sqlalchemy-2.0`` runs a part of the tests that shows most on this process' interpreter.
"Newest" is what the locks pin. An interpreter has one environment with everything that the tests import; a
combination is a second environment that is searched before it and holds only the versions that differ, so that it
is made in seconds. Environments are kept between runs, as long as the locks stay the same.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = Path(__file__).parent
MINORS = range(11, 16)
SQLALCHEMY = {"2.0": (LOCKS / "sqlalchemy-2-0.lock",), "2.1": ()}
RUNNERS = {"lowest": (LOCKS / "lowest.lock",), "newest": ()}
PART = tuple(
    f"tests/plugin/{name}"
    for name in ("goldens", "recording", "sql", "values", "connections/test_raw_connections.py")
)
SLOW = ("browser", "kill")
FAILED = 1
WHERE = "import sysconfig; print(sysconfig.get_path('purelib'))"


@dataclass(frozen=True, slots=True)
class Combination:
    """One interpreter with the versions to be tried on it."""

    interpreter: str
    sqlalchemy: str
    runners: str

    @property
    def name(self) -> str:
        """Name the combination in the table and its environment."""
        return f"{self.interpreter} sqlalchemy-{self.sqlalchemy} {self.runners}"

    @property
    def folder(self) -> Path:
        """Return the folder of its environment."""
        return ROOT / ".venv" / "matrix" / self.name.replace(" ", "-")

    def install(self) -> Path:
        """Make the environment unless it is there; return its Python."""
        packages = _base(self.interpreter)
        locks = (*SQLALCHEMY[self.sqlalchemy], *RUNNERS[self.runners])
        return _environment(self.interpreter, self.folder, locks, below=packages)

    def run(self, targets: tuple[str, ...]) -> tuple[int, str]:
        """Run tests; return the exit status and the output."""
        command = [self.install(), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", *targets]
        command += ["-m", " and ".join(f"not {name}" for name in SLOW)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


def _environment(interpreter: str, folder: Path, locks: tuple[Path, ...], *, below: str = "") -> Path:
    """Make an environment from locks, once for each content of them; ``below`` is searched after its packages."""
    python = folder / "bin" / "python"
    stamp = folder / ".installed"
    wanted = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks) + below.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    subprocess.run([interpreter, "-m", "venv", "--clear", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check"]
    for lock in locks:
        alone = ["--no-deps"] if below else []
        subprocess.run([*pip, "--require-hashes", *alone, "-r", lock], check=True)
    if below:
        (_packages(python) / "base.pth").write_text(f"{below}\n{ROOT / 'backend'}\n")
    else:
        editable = ["--no-deps", "--no-build-isolation", "-e", ROOT, "-e", ROOT / "backend"]
        subprocess.run([*pip, *editable], check=True)
    stamp.write_text(wanted)
    return python


def _packages(python: str | Path) -> Path:
    """Return the folder of packages of an environment."""
    return Path(subprocess.run([python, "-c", WHERE], capture_output=True, text=True, check=True).stdout.strip())


def _base(interpreter: str) -> str:
    """Return where an interpreter has what the tests import: for that of this process, its own environment."""
    if interpreter == _name(sys.version_info.minor):
        return str(_packages(sys.executable))
    locks = (ROOT / "requirements-dev.lock",)
    return str(_packages(_environment(interpreter, ROOT / ".venv" / "matrix" / interpreter, locks)))


def _name(minor: int) -> str:
    return f"python3.{minor}"


def interpreters() -> tuple[str, ...]:
    """Return the interpreters that start: a shim of pyenv may have no interpreter behind it."""
    names = [_name(minor) for minor in MINORS]
    return tuple(
        name
        for name in names
        if shutil.which(name) and not subprocess.run([name, "-V"], capture_output=True, check=False).returncode
    )


def main() -> int:
    """Run the combinations and print a table of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--only", choices=("sqlalchemy-2.0",), help="run a part of the tests on one interpreter")
    parser.add_argument("--part", action="store_true", help="run the part of the tests that shows most")
    parser.add_argument("--python", action="append", metavar="3.N", help="an interpreter, instead of all")
    parser.add_argument("--sqlalchemy", action="append", choices=SQLALCHEMY, help="a version, instead of all")
    parser.add_argument("--runners", action="append", choices=RUNNERS, help="lowest or newest, instead of both")
    parser.add_argument("tests", nargs="*", default=["tests/golden", "tests/plugin"], help="what to run")
    options = parser.parse_args()
    targets = ("tests/golden", *PART) if options.part else tuple(options.tests)
    pythons = [f"python{version}" for version in options.python or ()] or interpreters()
    choices = itertools.product(pythons, options.sqlalchemy or SQLALCHEMY, options.runners or RUNNERS)
    combinations = [Combination(*each) for each in choices]
    if options.only:
        combinations = [Combination(_name(sys.version_info.minor), "2.0", "newest")]
        targets = ("tests/golden", *PART)
    failed = False
    for each in combinations:
        began = time.monotonic()
        try:
            status, output = each.run(targets)
        except subprocess.CalledProcessError as error:
            status, output = FAILED, f"not installed: {error}"
        if status:
            failed = True
            sys.stdout.write(output)
        last = (output.strip().splitlines() or ["no output"])[-1]
        sys.stdout.write(f"{each.name:<35} {last} ({time.monotonic() - began:.0f} s)\n")
        sys.stdout.flush()
    return FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main())
