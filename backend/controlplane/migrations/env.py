"""Alembic's entry point: runs the migrations on the connection that the caller brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from sqlalchemy import Enum

from controlplane.models import Base
from controlplane.models.declarative import UTCDateTime
from controlplane.models.tracked_json import TrackedJSON

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types by their short names, and enums with the CHECK that stores them by value."""
    if kind == "type" and isinstance(item, UTCDateTime | TrackedJSON):
        autogen.imports.add(f"from {type(item).__module__} import {type(item).__name__}")
        return f"{type(item).__name__}()"
    if kind == "type" and isinstance(item, Enum):
        values = ", ".join(repr(str(value)) for value in item.enums)
        return f"sa.Enum({values}, name={str(item.name)!r}, native_enum=False, create_constraint=True, length=32)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render_item,
    **context.config.attributes.get("configure", {}),
)
with context.begin_transaction():
    context.run_migrations()
