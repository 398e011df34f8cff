"""`make release-check`: build both distributions, install each alone, and try what a user tries first."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

from tests.docs.pages import blocks

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = {"pytest_query_snapshot": ROOT, "controlplane": ROOT / "backend"}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command; end with its output if it fails."""
    plain = {name: value for name, value in os.environ.items() if name != "CI"}  # where nothing is written
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False, env=plain)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(package: str, target: Path) -> Path:
    """Build the wheel and the sdist of a distribution; return the wheel."""
    run(sys.executable, "-m", "hatchling", "build", "-d", target, cwd=DISTRIBUTIONS[package])
    (wheel,) = target.glob(f"{package}-*.whl")
    (sdist,) = target.glob(f"{package}-*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    if {top for top in tops if not top.endswith(".dist-info")} != {package}:
        sys.exit(f"{wheel.name} holds {sorted(tops)}")
    with tarfile.open(sdist) as archive:
        if not any(f"/{package}/__init__.py" in name for name in archive.getnames()):
            sys.exit(f"{sdist.name} lacks {package}")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    """Install a wheel alone in a new environment; return the folder of its programs."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    return programs


def try_plugin(programs: Path, folder: Path) -> None:
    """Make the project of the README and run it as the README does."""
    folder.mkdir()
    for block in blocks(ROOT / "README.md"):
        if block.verb == "use":
            for source in (ROOT / "backend/docs" / block.about).iterdir():
                (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        elif block.verb == "file":
            path = folder / block.about
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    run(programs / "pytest", "-q", "--snapshot-update", cwd=folder)
    run(programs / "pytest", "-q", cwd=folder)
    run(programs / "query-snapshot", "list", cwd=folder)


def try_controlplane(programs: Path, folder: Path) -> None:
    """Print the help and make a database."""
    folder.mkdir()
    run(programs / "controlplane", "--help", cwd=folder)
    run(programs / "controlplane", "--database-url", "sqlite:///c.db", "init", cwd=folder)


def main() -> None:
    """Check both distributions, each apart from the other."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        for package, attempt in (("pytest_query_snapshot", try_plugin), ("controlplane", try_controlplane)):
            wheel = build(package, place / "dist")
            attempt(installed(wheel, place / package), place / f"{package}-project")
            sys.stdout.write(f"{wheel.name}: built, installed alone, tried\n")


main()
