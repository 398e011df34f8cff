SELECT spread.proposal_type,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT reviewed.proposal_type AS proposal_type,
          count(*) AS samples,
          avg(CAST(reviewed.seconds AS FLOAT(53))) AS mean,
          min(CAST(reviewed.seconds AS FLOAT(53))) AS minimum,
          percentile_cont(:param_1) WITHIN GROUP (
                                                  ORDER BY CAST(reviewed.seconds AS FLOAT(53))) AS median,
                                                 percentile_cont(:param_2) WITHIN GROUP (
                                                                                         ORDER BY CAST(reviewed.seconds AS FLOAT(53))) AS p95,
                                                                                        percentile_cont(:param_3) WITHIN GROUP (
                                                                                                                                ORDER BY CAST(reviewed.seconds AS FLOAT(53))) AS p99,
                                                                                                                               max(CAST(reviewed.seconds AS FLOAT(53))) AS maximum
   FROM
     (SELECT proposal.proposal_type AS proposal_type,
             CAST((CAST(date_part('epoch', proposal.reviewed_at - proposal.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_4 AS FLOAT(53)) AS seconds
      FROM proposal
      WHERE proposal.workspace_id = :workspace_id_1::UUID
        AND true
        AND proposal.reviewed_at IS NOT NULL
        AND proposal.status IN (... 4)) AS reviewed
   WHERE reviewed.seconds IS NOT NULL
   GROUP BY reviewed.proposal_type) AS spread
ORDER BY spread.proposal_type COLLATE "C";
-- 2 rows
-- :param_1 = 0.5
-- :param_2 = 0.95
-- :param_3 = 0.99
-- :param_4 = 1000000
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('approved', 'executed', 'execution_failed', 'rejected')
