INSERT INTO players (id, club_id, name, mentor_id) VALUES
  (1, 1, 'Ada', NULL), (2, 1, 'Bela', 1), (3, 1, 'Chaim', 2), (9, 2, 'Zoe', NULL);
INSERT INTO tournaments (club_id, number, title) VALUES (1, 1, 'Spring'), (2, 1, 'Elsewhere');
INSERT INTO entries (club_id, tournament, player_id) VALUES (1, 1, 1), (1, 1, 2), (1, 1, 3), (2, 1, 9);
