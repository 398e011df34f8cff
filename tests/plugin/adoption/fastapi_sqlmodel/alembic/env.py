"""Run migrations with the async engine of the service."""

import asyncio

from alembic import context
from app import models  # noqa: F401  it declares the tables
from app.db import engine
from sqlmodel import SQLModel


def run(connection):
    context.configure(connection=connection, target_metadata=SQLModel.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run_async():
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(run_async())
