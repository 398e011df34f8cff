WITH members(member, position) AS (
                                   VALUES (:param_1,
                                           :param_2), (... 2))
SELECT members.member AS intervention_type,
       coalesce(counts.interventions, :coalesce_1) AS interventions,
       CAST(coalesce(counts.interventions, :coalesce_1) AS FLOAT) / (CAST(nullif(sum(coalesce(counts.interventions, :coalesce_1)) OVER (), :nullif_1) AS FLOAT) + 0.0) AS share
FROM members
LEFT OUTER JOIN
  (SELECT intervention.intervention_type AS member,
          count(*) AS interventions
   FROM intervention
   WHERE intervention.workspace_id = :workspace_id_1
     AND intervention.at >= :at_1
     AND intervention.at < :at_2
   GROUP BY intervention.intervention_type) AS counts ON counts.member = members.member
ORDER BY members.position;
-- 3 rows
-- :param_1 = 'pause'
-- :param_2 = 0
-- :param_3 = 'correct'
-- :param_4 = 1
-- :param_5 = 'terminate'
-- :param_6 = 2
-- :coalesce_1 = 0
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :at_1 = 2026-01-05 00:00:00Z
-- :at_2 = 2026-01-12 00:00:00Z
