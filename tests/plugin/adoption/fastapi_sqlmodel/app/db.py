"""The engine of the service, made when it is imported."""

from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.config import DATABASE_URL, FIRST_SUPERUSER
from app.models import User

engine = create_async_engine(DATABASE_URL)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


async def init_db(session: AsyncSession) -> None:
    found = await session.exec(select(User).where(User.email == FIRST_SUPERUSER))
    if found.first() is None:
        session.add(User(email=FIRST_SUPERUSER, is_superuser=True))
        await session.commit()
