-- requires: club
INSERT INTO games (club_id, tournament, board, white, black, half_points) VALUES
  (1, 1, 1, 1, 2, 2), (1, 1, 2, 2, 3, 1), (1, 1, 3, 3, 1, NULL);
