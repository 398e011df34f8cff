"""Alembic's entry point: runs the migrations on the connection that the caller brought."""

from __future__ import annotations

from alembic import context
from sqlalchemy import MetaData

# The names of constraints as they were released: migrations import no models, whose rules may change.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=MetaData(naming_convention=NAMES),
)
with context.begin_transaction():
    context.run_migrations()
