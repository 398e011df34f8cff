"""Where the builders are, and the tests that must notice when one of them is broken."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "backend/controlplane/analytics"
GOLDENS = ("tests/golden/analytics", "tests/golden/rollup")
REFERENCES = "tests/controlplane/analytics"
LEFT_OUT = ("questions.registry", "rollup.service", "rollup.triggers")
SHARED = (
    "sql.buckets",
    "sql.distribution",
    "sql.portable",
)  # last: what survives there is tried on nearly every test


def builders() -> dict[str, Path]:
    """Find the modules of statements, by the name that a mutant has."""
    named = {".".join(path.relative_to(FOLDER).with_suffix("").parts): path for path in FOLDER.rglob("*.py")}
    kept = [
        name
        for name in named
        if name not in LEFT_OUT and not name.endswith("__init__") and not name.startswith("report.")
    ]
    return {name: named[name] for name in sorted(kept, key=lambda name: (name in SHARED, name))}


def tests() -> list[str]:
    """List the files of the goldens, then those of the references."""
    goldens = [path for folder in GOLDENS for path in sorted((ROOT / folder).glob("test_*.py"))]
    references = [
        path for kind in ("rollup*", "*_reference") for path in sorted((ROOT / REFERENCES).glob(f"test_{kind}.py"))
    ]
    return [str(path) for path in (*goldens, *references)]


def is_reference(test: str) -> bool:
    """Say whether a test asks plain Python, not a golden."""
    return REFERENCES in test


def ground() -> list[Path]:
    """List what every trial rests on beside the builder and the test: seeds, fixtures, and this package."""
    folders = [ROOT / each for each in (*GOLDENS, REFERENCES, "tests", "tests/mutants", "fixtures_sql")]
    files = sorted(path for folder in folders for path in folder.iterdir() if path.suffix in (".py", ".sql"))
    return [path for path in files if path.stem != "equivalent" and not path.stem.startswith("test_")]
