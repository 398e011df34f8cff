"""Every scenario is right or refused in every mode, and never silently different."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_query_snapshot.errors import ContainmentError

from .scenarios import RIGHT, SCENARIOS, table

EACH = pytest.mark.parametrize(
    ("scenario", "dialect"),
    [pytest.param(one, one.dialect, id=f"{one.dialect}-{one.name}".replace(" ", "_")) for one in SCENARIOS],
)


@EACH
def test_production_shows_what_the_table_says(scenario, scratch_database):
    assert scenario.run(scratch_database.engine()) == scenario.production


@EACH
def test_savepoint_shows_the_same_or_refuses(scenario, engine, nothing_left_from_another_test):
    if scenario.savepoint == RIGHT:
        assert scenario.run(engine) == scenario.production
    else:
        with pytest.raises(ContainmentError, match=r"(?s)scenarios\.py:.*isolation\(\"connections\"\)"):
            scenario.run(engine)


def test_documentation_shows_the_table_of_all_modes():
    page = Path(__file__).parents[3] / "backend/docs/reference/isolation-scenarios.md"
    assert table() in page.read_text("utf-8")
