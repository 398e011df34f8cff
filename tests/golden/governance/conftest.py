"""The small world of fixtures_sql/governance.sql, by name, and actions that it can take."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest

from controlplane import actions, governance
from controlplane.agents import get_agent

WORKSPACES = ("acme", "globex")
PEOPLE = ("olga", "adam", "tina", "mara", "milo", "vera", "nils")
AGENTS = ("sam", "ines", "sue", "otto", "olaf", "pia", "zed")


def identifier(kind: str, number: int) -> uuid.UUID:
    return uuid.UUID(hex=f"{kind}{number:04}".rjust(32, "0"))


class World(SimpleNamespace):
    """Ids by name; `agent(session, name)` loads one as the database has it now."""

    def agent(self, session, name):
        workspace_id = self.globex if name == "zed" else self.acme
        return get_agent(session, workspace_id=workspace_id, agent_id=getattr(self, name))

    def run(self, session, proposal):
        """Run an approved action by its thirds; return the run, or None if it was not to be performed."""
        order = governance.claim_approved(session, workspace_id=self.acme, proposal_id=proposal.id)
        return order and governance.record_approved(session, order, governance.execute_approved(order))

    def approve(self, session, proposal, **facts):
        """Approve an action and run it."""
        governance.approve(session, proposal, **facts)
        return self.run(session, proposal)


def make_world() -> World:
    named = (("aa", WORKSPACES), ("bb", PEOPLE), ("cc", AGENTS))
    return World(**{n: identifier(k, i) for k, names in named for i, n in enumerate(names, start=1)})


class Recorder:
    """An action that remembers its calls and can be told to fail."""

    def __init__(self) -> None:
        self.calls = []
        self.error = None

    def __call__(self, parameters, *, idempotency_key):
        self.calls.append((parameters, idempotency_key))
        if self.error is not None:
            raise self.error
        return {"done": parameters}


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def send_email():
    """The action `send_email`, recorded; `delete_records` and `search` are there too."""
    recorder = Recorder()
    with actions.registered(send_email=recorder, delete_records=recorder, search=recorder):
        yield recorder
