"""Metadata that the plugin reads from a database, marked as such: its types are those of the database."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

REFLECTED: Final = "query_snapshot_reflected"
"""The mark, in the `info` of the metadata."""


def reflected_metadata(connection: sa.Connection | None = None) -> sa.MetaData:
    """Return metadata with the tables that a database shows, or with none yet."""
    found = sa.MetaData(info={REFLECTED: True})
    if connection is not None:
        found.reflect(connection)
    return found
