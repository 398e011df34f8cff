import pytest
from library import Loan, Session, add_book, lend, lend_in_background
from sqlalchemy import select


@pytest.mark.parametrize("n", range(3))
def test_last_copy_is_lent_once(n):
    book = add_book("Middlemarch")
    assert book == 1
    assert lend(book, "ada")
    assert not lend(book, "bela")


@pytest.mark.parametrize("n", range(2))
def test_lending_from_another_thread(n):
    book = add_book("Emma", copies=2)
    lend_in_background(book, "ada").join()
    assert Session.scalars(select(Loan.reader)).all() == ["ada"]


def test_session_is_never_removed():
    add_book("Persuasion")
    assert Session.scalars(select(Loan)).all() == []


def test_nothing_is_left(session):
    assert add_book("Villette") == 1
    rows = session.execute(select(Loan.id))
    assert rows.all() == []
