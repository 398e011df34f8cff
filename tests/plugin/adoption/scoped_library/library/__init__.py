"""Lends books; the engine and the sessions are its own."""

import os
import threading

from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker

engine = create_engine(os.environ.get("LIBRARY_URL", "sqlite:///library.db"))
Session = scoped_session(sessionmaker(engine))


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    copies: Mapped[int] = mapped_column(default=1)


class Loan(Base):
    __tablename__ = "loan"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"))
    reader: Mapped[str]


def add_book(title: str, *, copies: int = 1) -> int:
    book = Book(title=title, copies=copies)
    Session.add(book)
    Session.commit()
    return book.id


def lend(book_id: int, reader: str) -> bool:
    """Lend a copy, unless all are out."""
    book = Session.get_one(Book, book_id, with_for_update=True, populate_existing=True)
    out = Session.scalar(select(func.count()).where(Loan.book_id == book_id)) or 0
    if out >= book.copies:
        Session.rollback()
        return False
    Session.add(Loan(book_id=book_id, reader=reader))
    Session.commit()
    return True


def lend_in_background(book_id: int, reader: str) -> threading.Thread:
    def work() -> None:
        try:
            lend(book_id, reader)
        finally:
            Session.remove()

    thread = threading.Thread(target=work)
    thread.start()
    return thread
