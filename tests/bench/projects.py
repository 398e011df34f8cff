"""Small projects on disk, each run by a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

class Run(Base):
    __tablename__ = "run"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    status: Mapped[str]
    seconds: Mapped[float]
"""

# the tables of a real project beside those two
WIDE = """
from controlplane.models import Base as ControlPlane

for table in ControlPlane.metadata.sorted_tables:
    table.to_metadata(Base.metadata)
"""

SETTINGS = """
[tool.pytest.ini_options]
pythonpath = ["."]
testpaths = ["tests"]
query_snapshot_metadata = "bench_models:Base.metadata"
"""

QUERY = """
select(Team.name, func.count(Run.id), func.avg(Run.seconds)).join(Run).where(Run.id.between({i}, 60))
    .group_by(Team.id, Team.name).order_by(Team.name, Team.id)
"""

GOLDEN = """
@pytest.mark.seed("runs")
def test_{i}(session, golden):
    rows = session.execute({query})
    assert rows == golden
"""

EMPTY = """
def test_{i}(snapshot):
    assert {i} == snapshot
"""

FRESH = """
def test_{i}(snapshot):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for statement in SEED:
            session.execute(text(statement))
        rows = session.execute({query}).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == snapshot
"""

HEADS = {
    GOLDEN: "import pytest\nfrom sqlalchemy import func, select\nfrom bench_models import Run, Team\n",
    EMPTY: "",
    "": "",
    FRESH: """
from pathlib import Path
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session
from bench_models import Base, Run, Team

SEED = Path(__file__).parent.parent.joinpath("fixtures_sql", "runs.sql").read_text().split(";\\n")[:-1]
""",
}


# other plugins of this environment; a user's need not have them, and they would hide a slow one of ours
OTHERS = (
    *("anyio", "asyncio", "cacheprovider", "faker", "hypothesispytest", "rerunfailures", "timeout"),
    *("xdist", "xdist.looponfail"),
)
# what only this environment sets: a user's Python writes its bytecode
_LEFT_OUT = frozenset({"CI", "PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE"})


def seed(rows: int) -> str:
    """Write a seed of 6 teams and `rows` runs, in multi-row INSERTs of 500."""
    statuses = ("completed", "failed", "running")
    values = [f"({n}, {n % 6 + 1}, '{statuses[n % 3]}', {n % 97 / 4})" for n in range(1, rows + 1)]
    lines = ["INSERT INTO team (id, name) VALUES (1,'a'),(2,'b'),(3,'b'),(4,'c'),(5,'d'),(6,'e');"]
    for start in range(0, len(values), 500):
        chunk = ",\n".join(values[start : start + 500])
        lines.append(f"INSERT INTO run (id, team_id, status, seconds) VALUES\n{chunk};")
    return "\n".join(lines) + "\n"


def make(
    folder: Path, template: str, *, tests: int = 500, modules: int = 20, rows: int = 60, wide: bool = False
) -> Path:
    """Write a project of `tests` tests from one template: two tables, and with `wide` the control plane's too."""
    (folder / "tests").mkdir(parents=True)
    (folder / "fixtures_sql").mkdir()
    (folder / "fixtures_sql" / "runs.sql").write_text(seed(rows))
    (folder / "bench_models.py").write_text(MODELS + WIDE * wide)
    (folder / "pyproject.toml").write_text(SETTINGS)
    per_module = tests // modules
    for module in range(modules):
        numbers = range(module * per_module, (module + 1) * per_module)
        body = "".join(template.format(i=i, query=" ".join(QUERY.format(i=i % 50).split())) for i in numbers)
        (folder / "tests" / f"test_{module:03}.py").write_text(HEADS[template] + textwrap.dedent(body))
    return folder


def pytest(folder: Path, *arguments: str, check: bool = True) -> str:
    """Run pytest in the project as a user would; return what it printed."""
    environment = {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *(f"-pno:{name}" for name in OTHERS), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and result.returncode != 0:
        raise RuntimeError(result.stdout[-3000:] + result.stderr[-3000:])
    return result.stdout
