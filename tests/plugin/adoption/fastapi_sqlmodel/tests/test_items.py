import pytest
from app.models import Item, User
from sqlmodel import func, select


@pytest.mark.parametrize("n", range(3))
async def test_create_item(client, db, n):
    assert (await client.get("/items")).json() == []
    response = await client.post("/users/1/items", json={"title": f"item {n}"})
    assert (response.status_code, response.json()) == (201, {"id": 1, "title": f"item {n}", "owner_id": 1})
    assert [item.title for item in await db.exec(select(Item))] == [f"item {n}"]


async def test_item_without_owner_is_refused(client):
    assert (await client.post("/users/99/items", json={"title": "x"})).status_code == 404


@pytest.mark.parametrize("n", range(2))
async def test_user_is_created_once(client, db, n):
    assert (await client.post("/users/a@example.com")).status_code == 201
    assert (await client.post("/users/a@example.com")).status_code == 409
    assert (await db.exec(select(func.count()).select_from(User))).one() == 2


@pytest.mark.parametrize("n", range(2))
async def test_items_go_with_their_owner(client, db, n):
    user = (await client.post("/users/b@example.com")).json()
    await client.post(f"/users/{user['id']}/items", json={"title": "x"})
    await db.delete(await db.get(User, user["id"]))
    if db.bind.dialect.name == "postgresql":  # SQLite has no foreign keys unless the application asks for them
        await db.commit()
        assert (await client.get("/items")).json() == []


async def test_first_superuser_is_there(db):
    users = (await db.exec(select(User))).all()
    assert [(user.email, user.is_superuser) for user in users] == [("admin@example.com", True)]
