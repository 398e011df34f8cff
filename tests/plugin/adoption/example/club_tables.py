"""The tables of a chess club, as SQLAlchemy Core knows them; no models."""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    event,
)

metadata = MetaData()

players = Table(
    "players",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("club_id", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("mentor_id", ForeignKey("players.id")),
)
tournaments = Table(
    "tournaments",
    metadata,
    Column("club_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", String(80), nullable=False),
)
entries = Table(
    "entries",
    metadata,
    Column("club_id", Integer, primary_key=True),
    Column("tournament", Integer, primary_key=True),
    Column("player_id", ForeignKey("players.id"), primary_key=True),
    ForeignKeyConstraint(["club_id", "tournament"], ["tournaments.club_id", "tournaments.number"]),
)


def _plays(colour):
    columns = ["club_id", "tournament", colour]
    return ForeignKeyConstraint(columns, ["entries.club_id", "entries.tournament", "entries.player_id"])


games = Table(
    "games",
    metadata,
    Column("club_id", Integer, primary_key=True),
    Column("tournament", Integer, primary_key=True),
    Column("board", Integer, primary_key=True),
    Column("white", Integer, nullable=False),
    Column("black", Integer, nullable=False),
    Column("half_points", Integer, CheckConstraint("half_points BETWEEN 0 AND 2")),
    _plays("white"),
    _plays("black"),
)

STANDINGS = """
CREATE VIEW standings AS
SELECT e.club_id, e.tournament, e.player_id,
  coalesce(sum(CASE WHEN g.white = e.player_id THEN g.half_points ELSE 2 - g.half_points END), 0) AS half_points
FROM entries e
LEFT JOIN games g ON g.club_id = e.club_id AND g.tournament = e.tournament
  AND (g.white = e.player_id OR g.black = e.player_id)
GROUP BY e.club_id, e.tournament, e.player_id
"""
event.listen(metadata, "after_create", DDL(STANDINGS))
