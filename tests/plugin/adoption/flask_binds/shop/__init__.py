"""A shop with two databases: its own, and one that records what happened."""

import os

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Product(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    price: Mapped[int]


class Event(db.Model):
    __bind_key__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
    app.config["SQLALCHEMY_BINDS"] = {"audit": os.environ["AUDIT_URL"]}
    db.init_app(app)

    @app.post("/products")
    def add_product():
        product = Product(**request.get_json())
        db.session.add_all([product, Event(what=f"added {product.name}")])
        db.session.commit()
        return jsonify(id=product.id), 201

    @app.get("/products")
    def list_products():
        products = db.session.scalars(db.select(Product).order_by(Product.name))
        return jsonify([{"name": product.name, "price": product.price} for product in products])

    return app
