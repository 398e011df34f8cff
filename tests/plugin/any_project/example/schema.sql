CREATE TABLE players (
  id INTEGER PRIMARY KEY,
  club_id INTEGER NOT NULL,
  name VARCHAR(80) NOT NULL,
  mentor_id INTEGER REFERENCES players (id)
);
CREATE TABLE tournaments (
  club_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  title VARCHAR(80) NOT NULL,
  PRIMARY KEY (club_id, number)
);
CREATE TABLE entries (
  club_id INTEGER NOT NULL,
  tournament INTEGER NOT NULL,
  player_id INTEGER NOT NULL REFERENCES players (id),
  PRIMARY KEY (club_id, tournament, player_id),
  FOREIGN KEY (club_id, tournament) REFERENCES tournaments (club_id, number)
);
CREATE TABLE games (
  club_id INTEGER NOT NULL,
  tournament INTEGER NOT NULL,
  board INTEGER NOT NULL,
  white INTEGER NOT NULL,
  black INTEGER NOT NULL,
  half_points INTEGER CHECK (half_points BETWEEN 0 AND 2),
  PRIMARY KEY (club_id, tournament, board),
  FOREIGN KEY (club_id, tournament, white) REFERENCES entries (club_id, tournament, player_id),
  FOREIGN KEY (club_id, tournament, black) REFERENCES entries (club_id, tournament, player_id)
);
CREATE VIEW standings AS
SELECT e.club_id, e.tournament, e.player_id,
  coalesce(sum(CASE WHEN g.white = e.player_id THEN g.half_points ELSE 2 - g.half_points END), 0) AS half_points
FROM entries e
LEFT JOIN games g ON g.club_id = e.club_id AND g.tournament = e.tournament
  AND (g.white = e.player_id OR g.black = e.player_id)
GROUP BY e.club_id, e.tournament, e.player_id;
