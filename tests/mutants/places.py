"""Where the builders are, and the tests that must notice when one of them is broken."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "backend/controlplane/analytics"
GOLDENS = ("tests/golden/analytics",)
REFERENCES = "tests/controlplane/analytics"
LEFT_OUT = ("__init__", "report", "dashboard", "charts", "terminal", "layout", "style", "wording", "catalogue")
SHARED = ("buckets", "distribution", "portable")  # last: what survives there is tried on nearly every test


def builders() -> dict[str, Path]:
    """Find the modules of statements, by the name that a mutant has."""
    found = sorted(FOLDER.glob("*.py"), key=lambda path: (path.stem in SHARED, path.stem))
    return {path.stem: path for path in found if path.stem not in LEFT_OUT}


def tests() -> list[str]:
    """List the files of the goldens, then those of the references."""
    goldens = [path for folder in GOLDENS for path in sorted((ROOT / folder).glob("test_*.py"))]
    return [str(path) for path in (*goldens, *sorted((ROOT / REFERENCES).glob("test_*_reference.py")))]


def is_reference(test: str) -> bool:
    """Say whether a test asks plain Python, not a golden."""
    return REFERENCES in test


def ground() -> list[Path]:
    """List what every trial rests on beside the builder and the test: seeds, fixtures, and this package."""
    folders = [ROOT / each for each in (*GOLDENS, REFERENCES, "tests", "tests/mutants", "fixtures_sql")]
    files = sorted(path for folder in folders for path in folder.iterdir() if path.suffix in (".py", ".sql"))
    return [path for path in files if path.stem != "equivalent" and not path.stem.startswith("test_")]
