WITH members(member, position) AS (
                                   VALUES (:param_1::VARCHAR,
                                           :param_2::INTEGER), (... 2))
SELECT members.member AS intervention_type,
       coalesce(counts.interventions, :coalesce_1::INTEGER) AS interventions,
       CAST(coalesce(counts.interventions, :coalesce_1::INTEGER) AS FLOAT(53)) / CAST(CAST(nullif(sum(coalesce(counts.interventions, :coalesce_1::INTEGER)) OVER (), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share
FROM members
LEFT OUTER JOIN
  (SELECT intervention.intervention_type AS member,
          count(*) AS interventions
   FROM intervention
   WHERE intervention.workspace_id = :workspace_id_1::UUID
     AND intervention.at >= :at_1::TIMESTAMP WITH TIME ZONE
     AND intervention.at < :at_2::TIMESTAMP WITH TIME ZONE
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
