"""Options, fixtures and hooks; no logic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings."""
    parser.addini("query_snapshot_metadata", "the SQLAlchemy metadata, as 'package.module:Base.metadata'")
