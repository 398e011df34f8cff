from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from alembic import command
from alembic.config import Config
from app.db import engine, init_db
from app.main import app
from app.models import Item
from httpx import ASGITransport, AsyncClient
from sqlmodel import delete
from sqlmodel.ext.asyncio.session import AsyncSession


@pytest.fixture(scope="session", autouse=True)
def migrated() -> None:
    root = Path(__file__).parent.parent
    config = Config(root / "alembic.ini")
    config.set_main_option("script_location", str(root / "alembic"))
    command.upgrade(config, "head")


@pytest_asyncio.fixture(scope="session", autouse=True)
async def db(migrated) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine) as session:
        await init_db(session)
        yield session
        await session.exec(delete(Item))
        await session.commit()
    await engine.dispose()


@pytest_asyncio.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as made:
        yield made
