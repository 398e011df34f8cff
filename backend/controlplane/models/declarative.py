"""The rules that every table shares: types, names of constraints, column shorthands."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import Enum, Float, ForeignKey, MetaData, String, Table, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.util import OrderedSet

from controlplane import clock
from controlplane.models.tracked_json import TrackedJSON
from controlplane.sql_time import UTCDateTime

Id = Annotated[uuid.UUID, mapped_column(primary_key=True, default=uuid.uuid4)]
WorkspaceId = Annotated[uuid.UUID, mapped_column(ForeignKey("workspace.id"))]
AgentId = Annotated[uuid.UUID, mapped_column(ForeignKey("agent.id"))]
UserId = Annotated[uuid.UUID, mapped_column(ForeignKey("user_account.id"))]
Name = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text)]
Timestamp = Annotated[datetime, mapped_column(UTCDateTime)]
CreatedAt = Annotated[datetime, mapped_column(UTCDateTime, default=clock.now)]
Json = Annotated[Any, mapped_column(TrackedJSON)]


class Base(DeclarativeBase):
    """The registry of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it as declared
        uuid.UUID: Uuid(),
        datetime: UTCDateTime(),
        float: Float(53),
        # by value, as text with a CHECK: readable in seeds; 32 leaves room for new members
        enum.Enum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # a plain set has another order in every run, and of two indexes that cost the same SQLite takes the newer
        table = cls.__table__
        if isinstance(table, Table):
            table.indexes = OrderedSet(sorted(table.indexes, key=lambda index: str(index.name)))
