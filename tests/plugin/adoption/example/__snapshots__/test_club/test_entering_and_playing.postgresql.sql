-- step: enter

BEGIN;

  INSERT INTO players (id, club_id, name, mentor_id)
  VALUES (4, 1, 'Dov', 1);
  -- 1 row

  INSERT INTO entries (club_id, tournament, player_id)
  VALUES (1, 1, 4);
  -- 1 row

COMMIT;

-- step: play

BEGIN;

  INSERT INTO games (club_id, tournament, board, white, black)
  VALUES (1, 1, 1, :white, :black);
  -- 1 row
  -- :white = 4
  -- :black = 1

  UPDATE games
  SET half_points = 1
  WHERE club_id = 1
    AND tournament = 1
    AND board = 1;
  -- 1 row

COMMIT;

-- step: withdraw

BEGIN;

  DELETE FROM entries
  WHERE player_id = 4;
  -- error: ForeignKeyViolation: update or delete on table "entries" violates foreign key constraint "games_club_id_tournament_white_fkey" on table "games"

ROLLBACK;
