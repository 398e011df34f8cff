SELECT spread.proposal_type,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ranked.proposal_type AS proposal_type,
          count(*) AS samples,
          avg(ranked.number) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_1 AS BIGINT) + :param_2, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_1 - CAST(ranked.last * :param_1 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_3 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_3 AS BIGINT) + :param_4, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_3 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_3 - CAST(ranked.last * :param_3 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_5 AS BIGINT) + :param_6, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_5 - CAST(ranked.last * :param_5 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT reviewed.proposal_type AS proposal_type,
             CAST(reviewed.seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY reviewed.proposal_type
                                ORDER BY CAST(reviewed.seconds AS FLOAT)) - :param_7 AS rank,
             count(*) OVER (PARTITION BY reviewed.proposal_type) - :param_8 AS last
      FROM
        (SELECT proposal.proposal_type AS proposal_type,
                CAST((unixepoch(substr(proposal.reviewed_at, 1, 19)) * 1000000 + CAST(substr(proposal.reviewed_at, 21, 6) AS INTEGER)) - (unixepoch(substr(proposal.created_at, 1, 19)) * 1000000 + CAST(substr(proposal.created_at, 21, 6) AS INTEGER)) AS FLOAT) / (:param_9 + 0.0) AS seconds
         FROM proposal
         WHERE proposal.workspace_id = :workspace_id_1
           AND 1 = 1
           AND proposal.reviewed_at IS NOT NULL
           AND proposal.status IN (... 4)) AS reviewed
      WHERE reviewed.seconds IS NOT NULL) AS ranked
   GROUP BY ranked.proposal_type) AS spread
ORDER BY spread.proposal_type;
-- 2 rows
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.95
-- :param_4 = 1
-- :param_5 = 0.99
-- :param_6 = 1
-- :param_7 = 1
-- :param_8 = 1
-- :param_9 = 1000000
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('approved', 'executed', 'execution_failed', 'rejected')
