"""Queries that live in files, on tables without models."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError


@pytest.mark.seed("games")
def test_standings(engine, golden, query):
    """Who leads: a win is two half points, a game not played none."""
    with engine.connect() as connection:
        rows = connection.execute(query("standings"), {"club": 1, "tournament": 1})
        assert rows == golden


@pytest.mark.seed("club")
def test_line_of_mentors(engine, golden, query):
    with engine.connect() as connection:
        assert connection.execute(query("line_of_mentors"), {"club": 1, "player": 3}) == golden


@pytest.mark.seed("games")
@pytest.mark.max_queries(1)
async def test_unplayed(async_engine, golden, query):
    async with async_engine.connect() as connection:
        rows = (await connection.execute(query("unplayed"), {"club": 1})).all()
    assert rows == golden


@pytest.mark.seed("club")
def test_entering_and_playing(engine, golden):
    with golden.step("enter"), engine.begin() as connection:
        connection.execute(text("INSERT INTO players (id, club_id, name, mentor_id) VALUES (4, 1, 'Dov', 1)"))
        connection.execute(text("INSERT INTO entries (club_id, tournament, player_id) VALUES (1, 1, 4)"))
    with golden.step("play"), engine.begin() as connection:
        connection.execute(
            text("INSERT INTO games (club_id, tournament, board, white, black) VALUES (1, 1, 1, :white, :black)"),
            [{"white": 4, "black": 1}],
        )
        connection.execute(
            text("UPDATE games SET half_points = 1 WHERE club_id = 1 AND tournament = 1 AND board = 1")
        )
    with golden.step("withdraw"), pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("DELETE FROM entries WHERE player_id = 4"))
    assert engine == golden.state
