SELECT bucket.start_at,
       bucket.end_at,
       count(*) FILTER (
                        WHERE CASE
                                  WHEN (lifecycle_event.to_status = :to_status_1::VARCHAR) THEN :param_1::INTEGER
                                  WHEN (lifecycle_event.to_status = :to_status_2::VARCHAR) THEN :param_2::INTEGER
                                  WHEN (lifecycle_event.to_status = :to_status_3::VARCHAR) THEN :param_3::INTEGER
                                  WHEN (lifecycle_event.to_status = :to_status_4::VARCHAR) THEN :param_4::INTEGER
                              END - CASE
                                        WHEN (lifecycle_event.from_status = :from_status_1::VARCHAR) THEN :param_5::INTEGER
                                        WHEN (lifecycle_event.from_status = :from_status_2::VARCHAR) THEN :param_6::INTEGER
                                        WHEN (lifecycle_event.from_status = :from_status_3::VARCHAR) THEN :param_7::INTEGER
                                        WHEN (lifecycle_event.from_status = :from_status_4::VARCHAR) THEN :param_8::INTEGER
                                    END > :param_9::INTEGER) AS promotions,
       count(*) FILTER (
                        WHERE CASE
                                  WHEN (lifecycle_event.to_status = :to_status_1::VARCHAR) THEN :param_1::INTEGER
                                  WHEN (lifecycle_event.to_status = :to_status_2::VARCHAR) THEN :param_2::INTEGER
                                  WHEN (lifecycle_event.to_status = :to_status_3::VARCHAR) THEN :param_3::INTEGER
                                  WHEN (lifecycle_event.to_status = :to_status_4::VARCHAR) THEN :param_4::INTEGER
                              END - CASE
                                        WHEN (lifecycle_event.from_status = :from_status_1::VARCHAR) THEN :param_5::INTEGER
                                        WHEN (lifecycle_event.from_status = :from_status_2::VARCHAR) THEN :param_6::INTEGER
                                        WHEN (lifecycle_event.from_status = :from_status_3::VARCHAR) THEN :param_7::INTEGER
                                        WHEN (lifecycle_event.from_status = :from_status_4::VARCHAR) THEN :param_8::INTEGER
                                    END < :param_10::INTEGER) AS demotions,
       count(DISTINCT lifecycle_event.record_id) AS agents
FROM
  (SELECT span.start_at AS start_at,
          span.end_at AS end_at,
          span.number AS number
   FROM
     (SELECT edge.value AS start_at,
             lead(edge.value) OVER (
                                    ORDER BY edge.value) AS end_at,
             row_number() OVER (
                                ORDER BY edge.value) - :param_11::INTEGER AS number
      FROM
        (SELECT unnest(CAST(:param_12::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
   WHERE span.end_at IS NOT NULL) AS bucket
LEFT OUTER JOIN lifecycle_event ON lifecycle_event.workspace_id = :workspace_id_1::UUID
AND lifecycle_event.record_kind = :record_kind_1::VARCHAR
AND lifecycle_event.from_status != lifecycle_event.to_status
AND lifecycle_event.at >= bucket.start_at
AND lifecycle_event.at < bucket.end_at
GROUP BY bucket.start_at,
         bucket.end_at
ORDER BY bucket.start_at;
-- 7 rows
-- :to_status_1 = 'student'
-- :param_1 = 1
-- :to_status_2 = 'intern'
-- :param_2 = 2
-- :to_status_3 = 'supervised'
-- :param_3 = 3
-- :to_status_4 = 'autonomous'
-- :param_4 = 4
-- :from_status_1 = 'student'
-- :param_5 = 1
-- :from_status_2 = 'intern'
-- :param_6 = 2
-- :from_status_3 = 'supervised'
-- :param_7 = 3
-- :from_status_4 = 'autonomous'
-- :param_8 = 4
-- :param_9 = 0
-- :param_10 = 0
-- :param_11 = 1
-- :param_12 = [2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z]
-- :workspace_id_1 = workspace#1
-- :record_kind_1 = 'agent.maturity'
