WITH RECURSIVE line (id, name, steps) AS (
  SELECT id, name, 0 FROM players WHERE id = :player AND club_id = :club
  UNION ALL
  SELECT m.id, m.name, line.steps + 1
  FROM players p
  JOIN line ON line.id = p.id
  JOIN players m ON m.id = p.mentor_id
)
SELECT name, steps FROM line ORDER BY steps
