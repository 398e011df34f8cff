"""Routes of the service."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.db import get_session
from app.models import Item, ItemCreate, User

app = FastAPI()
Database = Annotated[AsyncSession, Depends(get_session)]


@app.post("/users/{email}", status_code=201)
async def create_user(email: str, session: Database) -> User:
    user = User(email=email)
    session.add(user)
    try:
        await session.commit()
    except IntegrityError as error:
        raise HTTPException(409) from error
    return user


@app.post("/users/{user_id}/items", status_code=201)
async def create_item(user_id: int, item: ItemCreate, session: Database) -> Item:
    if await session.get(User, user_id) is None:
        raise HTTPException(404)
    created = Item(title=item.title, owner_id=user_id)
    session.add(created)
    await session.commit()
    return created


@app.get("/items")
async def list_items(session: Database) -> Sequence[Item]:
    return (await session.exec(select(Item).order_by(Item.id))).all()
