"""The engines that a left side names."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pytest_query_snapshot.goldens.left_side import engines_of

first, second = (sa.Table(name, sa.MetaData(), sa.Column("id", sa.Integer)) for name in ("first", "second"))


def test_session_that_routes_by_statement_names_the_engine_of_each():
    engines = {"first": sa.create_engine("sqlite://"), "second": sa.create_engine("sqlite://")}

    class Routed(Session):
        def get_bind(self, mapper=None, *, clause=None, **_options):
            if clause is None:
                raise sa.exc.UnboundExecutionError("no default")
            return engines[clause.get_final_froms()[0].name]

    statements = [sa.select(first), sa.select(second), sa.select(first)]
    assert engines_of(Routed(), statements) == (engines["first"], engines["second"])


def test_session_with_binds_of_classes_names_them_before_any_statement():
    engine = sa.create_engine("sqlite://")
    assert engines_of(Session(binds={first: engine}), []) == (engine,)
