import pytest
from shop import Event, Product, db


@pytest.mark.parametrize("n", range(3))
def test_add_product(client, n):
    response = client.post("/products", json={"name": "pear", "price": n})
    assert (response.status_code, response.get_json()) == (201, {"id": 2})
    assert client.get("/products").get_json() == [{"name": "apple", "price": 3}, {"name": "pear", "price": n}]


@pytest.mark.parametrize("n", range(3))
def test_events_are_recorded_in_their_own_database(client, n):
    assert db.session.scalars(db.select(Event)).all() == []
    client.post("/products", json={"name": f"plum {n}", "price": 1})
    assert [event.what for event in db.session.scalars(db.select(Event))] == [f"added plum {n}"]


@pytest.mark.parametrize("n", range(2))
def test_price_of_the_first_product(app, n):
    product = db.session.scalars(db.select(Product)).one()
    assert product.price == 3
    product.price = 4
    db.session.commit()


def test_session_left_in_a_transaction(app):
    db.session.add(Product(name="never committed", price=0))
    db.session.flush()


def test_nothing_of_it_is_left(client):
    assert client.get("/products").get_json() == [{"name": "apple", "price": 3}]
