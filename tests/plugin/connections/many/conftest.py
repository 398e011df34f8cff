"""Check after each test, with a connection of its own, that the database is as it was before the first one."""

import hashlib
import os
import random
import sqlite3

import psycopg
import pytest
from many_models import engine

from pytest_query_snapshot.databases.schema import catalog
from pytest_query_snapshot.databases.servers.server import connect_arguments

TESTS = int(os.environ.get("MANY_TESTS", "100"))
SEEN = {}


def pytest_generate_tests(metafunc):
    metafunc.parametrize("n", range(TESTS))


def pytest_collection_modifyitems(items):
    random.Random(os.environ.get("MANY_SEED", "1")).shuffle(items)


def digest():
    url = engine.url
    if url.get_backend_name() == "sqlite":
        raw = sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)
        try:
            return hashlib.sha256("\n".join(raw.iterdump()).encode()).hexdigest()
        finally:
            raw.close()
    with psycopg.connect(**connect_arguments(url), autocommit=True) as raw:
        return catalog.digest(raw), catalog.sequences(raw)


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup():
    """Look once before the first test."""
    if "first" not in SEEN:
        SEEN["first"] = digest()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    """Look when the plugin has put the database back."""
    yield
    assert digest() == SEEN["first"], f"{item.nodeid} left the database changed"
