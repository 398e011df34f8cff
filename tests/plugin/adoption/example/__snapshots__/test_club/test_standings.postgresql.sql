-- Who leads a tournament?

SELECT p.name,
       s.half_points
FROM standings s
JOIN players p ON p.id = s.player_id
WHERE s.club_id = :club
  AND s.tournament = :tournament
ORDER BY s.half_points DESC,
         p.name;
-- 3 rows
-- :club = 1
-- :tournament = 1
