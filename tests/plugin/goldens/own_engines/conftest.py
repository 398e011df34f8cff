"""A project with engines of which the plugin knows nothing."""

from __future__ import annotations

import pytest

HEAD = """
import asyncio, threading, unittest
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from shop_schema import agent, metadata, workspace

INSERT = sa.insert(workspace).values(name="Acme")
"""


@pytest.fixture
def run(make_project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")

    def run_test(body, *args, conftest=""):
        project.pytester.makeconftest(HEAD + conftest)
        project.test(HEAD + body)
        project.run("--snapshot-update", *args).assert_outcomes(passed=body.count("def test"))
        return project.run(*args)

    run_test.path = project.pytester.path
    return run_test


def golden(run, name):
    return (run.path / "__snapshots__" / "test_it" / name).read_text(encoding="utf-8")
