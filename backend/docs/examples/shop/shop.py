"""A small shop: the example of the documentation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Numeric, Select, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Root of the shop's tables."""


class Customer(Base):
    """A buyer."""

    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Order(Base):
    """A purchase."""

    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    total: Mapped[Decimal] = mapped_column(Numeric(10, 2))


def revenue(*, at_least: int) -> Select[Any]:
    """Select the revenue per customer, the greatest first."""
    total = func.sum(Order.total).label("revenue")
    query = select(Customer.name, total).join(Order, Order.customer_id == Customer.id).group_by(Customer.name)
    return query.having(total >= at_least).order_by(total.desc(), Customer.name)
