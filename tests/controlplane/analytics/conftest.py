"""Random worlds: rows for the tables, loaded for one answer and taken back."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from controlplane.models import Agent, User, Workspace

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture
def population(session):
    """Four agents here (two with one name, one deleted), one elsewhere, three people; their ids."""
    session.execute(sa.insert(Workspace), [{"id": HERE, "name": "here"}, {"id": ELSEWHERE, "name": "elsewhere"}])
    people = [uuid.UUID(int=0xB0 + number) for number in range(3)]
    session.execute(
        sa.insert(User),
        [{"id": id_, "email": f"{id_.int}@x", "name": "Ann", "role": "member"} for id_ in people],
    )
    named = (
        ("Same", "active", HERE),
        ("Same", "paused", HERE),
        ("same", "deleted", HERE),
        ("Éva", "active", HERE),
    )
    agents = [
        {
            "id": uuid.UUID(int=0xA0 + number),
            "workspace_id": workspace,
            "name": name,
            "status": status,
            "category": ("x", "Y")[number % 2],
            "module_path": "m",
            "class_name": f"K{number}",
            "confidence_score": (0.5, 0.5, 0.75, 0.4, 0.9)[number],
        }
        for number, (name, status, workspace) in enumerate((*named, ("Same", "active", ELSEWHERE)))
    ]
    session.execute(sa.insert(Agent), agents)
    return {"agents": agents, "people": people}


@pytest.fixture(scope="module")
def killed_refresh():
    """Refresh kept sums or levels in a process that is killed before its n-th statement; return its exit code."""
    script = Path(__file__).with_name("killed_rollup.py")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, str(script)], **pipes) as server:

        def refreshed(kept, url, statements, **facts):
            order = {"kept": kept, "url": url, "statements": statements}
            order |= {name: str(value) for name, value in facts.items()}
            server.stdin.write(json.dumps(order) + "\n")
            server.stdin.flush()
            return int(server.stdout.readline())

        yield refreshed
        server.stdin.close()


@pytest.fixture
def answers(session):
    """Load rows, ask, take the rows back: `answers({Model: rows}, statement, ..)` gives one list per statement."""

    def answered(tables, *statements):
        with session.begin_nested() as world:
            for model, rows in tables.items():
                if rows:
                    session.execute(sa.insert(model), rows)
            found = [[plain(row) for row in session.execute(statement)] for statement in statements]
            world.rollback()
        return found

    return answered


def plain(row):
    return tuple(round(value, 9) if isinstance(value, float) else value for value in row)
