SELECT spread.proposal_type,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ordered.proposal_type AS proposal_type,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT reviewed.proposal_type AS proposal_type,
             count(*) AS samples,
             avg(CAST(reviewed.seconds AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(reviewed.seconds AS FLOAT(53))) AS found
      FROM
        (SELECT proposal.proposal_type AS proposal_type,
                CAST((CAST(date_part('epoch', proposal.reviewed_at - proposal.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS seconds
         FROM proposal
         WHERE proposal.workspace_id = :workspace_id_1::UUID
           AND proposal.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
           AND proposal.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
           AND proposal.reviewed_at IS NOT NULL
           AND proposal.status IN (... 4)) AS reviewed
      WHERE reviewed.seconds IS NOT NULL
      GROUP BY reviewed.proposal_type) AS ordered) AS spread
ORDER BY spread.proposal_type COLLATE "C";
-- 2 rows
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :status_1 = ('approved', 'executed', 'execution_failed', 'rejected')
