"""The statements of the registry, each pinned once; other tests pin rows and changes."""

from __future__ import annotations

import uuid

import pytest

from controlplane.agents import queries

HERE, RECORD = {"workspace_id": uuid.UUID(int=1)}, uuid.UUID(int=2)

STATEMENTS = {
    "lock-workspace": queries.lock_workspace(**HERE),
    "membership": queries.select_membership(**HERE, user_id=RECORD),
    "open-supervision": queries.select_open_supervision(**HERE, execution_id=RECORD),
    "agent": queries.select_agent(**HERE, agent_id=RECORD),
    "agent-by-identity": queries.select_agent_by_identity(
        **HERE, category="finance", module_path="agents", class_name="Auditor"
    ),
    "execution": queries.select_execution(**HERE, execution_id=RECORD),
    "agents": queries.select_agents(**HERE),
    "agents-by-everything": queries.select_agents(**HERE, maturity="student", status="active", category="support"),
    "executions": queries.select_executions(**HERE),
    "executions-by-everything": queries.select_executions(**HERE, agent_id=RECORD, status="running", limit=3),
    "history": queries.select_history(**HERE, record_kind="agent_execution", record_id=RECORD),
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_statement_is_as_it_was(golden, statement):
    assert statement == golden.sql
