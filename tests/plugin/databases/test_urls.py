"""URLs of every supported driver name the same database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pytest_query_snapshot.databases.urls import libpq_arguments, parse_url
from pytest_query_snapshot.errors import ConfigurationError

PLAIN = {"host": "h", "port": "5433", "user": "u", "password": "p", "dbname": "d"}


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("postgresql://u:p@h:5433/d", {}),
        ("postgres://u:p@h:5433/d", {}),
        ("postgresql+asyncpg://u:p@h:5433/d?ssl=require&command_timeout=5", {"sslmode": "require"}),
        ("postgres+asyncpg://u:p@h:5433/d?ssl=true&statement_cache_size=0", {"sslmode": "require"}),
        ("postgresql+psycopg2://u:p@h:5433/d?sslmode=verify-full", {"sslmode": "verify-full"}),
        ("postgresql+psycopg_async://u:p@h:5433/d?options=-csearch_path%3Dx", {"options": "-csearch_path=x"}),
        ("postgresql+psycopg://u:p@/d?host=h:5433", {}),
        ("postgresql+psycopg://u:p@/d?host=h:5433&host=i:5434", {"host": "h,i", "port": "5433,5434"}),
    ],
)
def test_postgresql_url_of_any_driver_becomes_libpq_arguments(text, more):
    assert libpq_arguments(parse_url(text, folder=Path())) == PLAIN | more


@pytest.mark.parametrize(
    "text", ["sqlite:///shop.db", "sqlite+aiosqlite:///shop.db", "sqlite:///file:shop.db?mode=ro&uri=true"]
)
def test_sqlite_url_of_any_form_names_the_file(tmp_path, text):
    sqlite3.connect(tmp_path / "shop.db").close()
    assert parse_url(text, folder=tmp_path).database == str(tmp_path / "shop.db")


@pytest.mark.parametrize(
    "text", ["sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite://", "sqlite:///file::memory:?uri=true"]
)
def test_sqlite_url_in_memory_names_no_file(tmp_path, text):
    assert parse_url(text, folder=tmp_path).database is None


def test_missing_sqlite_file_is_an_error_and_is_not_created(tmp_path):
    with pytest.raises(ConfigurationError, match=r"typo\.db does not exist"):
        parse_url("sqlite:///typo.db", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_file_of_another_kind_is_an_error(tmp_path):
    (tmp_path / "notes.txt").write_text("not a database, but text")
    with pytest.raises(ConfigurationError, match="is not an SQLite database"):
        parse_url("sqlite:///notes.txt", folder=tmp_path)
