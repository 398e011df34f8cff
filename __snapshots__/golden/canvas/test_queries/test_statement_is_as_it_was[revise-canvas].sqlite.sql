UPDATE canvas
SET content=:content,
    revision=:revision,
    updated_at=:updated_at
WHERE canvas.workspace_id = :workspace_id_1
  AND canvas.id = :id_1
  AND canvas.status = :status_1
  AND canvas.revision = :revision_1;
-- :content = {"n": 2}
-- :revision = 4
-- :updated_at = 2026-03-02 00:00:00Z
-- :workspace_id_1 = workspace#s1
-- :id_1 = canvas#s1
-- :status_1 = 'open'
-- :revision_1 = 3
