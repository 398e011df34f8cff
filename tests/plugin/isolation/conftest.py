"""A small schema of another shape than the domain's, for what the isolation must hold."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Model(DeclarativeBase):
    pass


class Item(Model):
    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


@pytest.fixture(scope="session")
def query_snapshot_schema():
    return Model.metadata


@pytest.fixture
def item():
    return Item


@pytest.fixture
def names(isolated_database):
    """What the table holds now, seen past every session."""

    def read() -> list[str]:
        with isolated_database.unrecorded() as connection:
            return list(connection.scalars(sa.select(Item.name).order_by(Item.name)))

    return read


@pytest.fixture(autouse=True)
def nothing_left_from_another_test(names):
    assert names() == []
