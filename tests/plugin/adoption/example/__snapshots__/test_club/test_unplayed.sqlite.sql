BEGIN;

  SELECT g.board,
         w.name AS white,
         b.name AS black
  FROM games g
  JOIN players w ON w.id = g.white
  JOIN players b ON b.id = g.black
  WHERE g.club_id = :club
    AND g.half_points IS NULL;
  -- 1 row
  -- :club = 1

ROLLBACK;
