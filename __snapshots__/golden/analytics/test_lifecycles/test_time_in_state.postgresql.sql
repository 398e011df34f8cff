SELECT spread.record_kind,
       spread.status,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ordered.record_kind AS record_kind,
          ordered.status AS status,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT ended.record_kind AS record_kind,
             ended.status AS status,
             count(*) AS samples,
             avg(CAST(ended.seconds AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(ended.seconds AS FLOAT(53))) AS found
      FROM
        (SELECT stays.record_kind AS record_kind,
                stays.status AS status,
                CAST((CAST(date_part('epoch', stays.left_at - stays.entered_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS seconds
         FROM
           (SELECT lifecycle_event.record_kind AS record_kind,
                   lifecycle_event.record_id AS record_id,
                   lifecycle_event.sequence AS sequence,
                   lifecycle_event.to_status AS status,
                   lifecycle_event.at AS entered_at,
                   lead(lifecycle_event.at) OVER (PARTITION BY lifecycle_event.record_kind, lifecycle_event.record_id
                                                  ORDER BY lifecycle_event.sequence) AS left_at
            FROM lifecycle_event
            WHERE lifecycle_event.workspace_id = :workspace_id_1::UUID
              AND true
              AND (lifecycle_event.from_status IS NULL
                   OR lifecycle_event.from_status != lifecycle_event.to_status)) AS stays
         WHERE stays.left_at IS NOT NULL
           AND stays.entered_at >= :entered_at_1::TIMESTAMP WITH TIME ZONE
           AND stays.entered_at < :entered_at_2::TIMESTAMP WITH TIME ZONE) AS ended
      WHERE ended.seconds IS NOT NULL
      GROUP BY ended.record_kind,
               ended.status) AS ordered) AS spread
ORDER BY spread.record_kind COLLATE "C",
                                    spread.status COLLATE "C";
-- 10 rows
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :entered_at_1 = 2026-01-05 00:00:00Z
-- :entered_at_2 = 2026-01-12 00:00:00Z
