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
          coalesce(max(ranked.last) + :max_1, :coalesce_1) AS samples,
          max(ranked.mean) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT) + :param_2) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_3 - CAST(ranked.last * :param_4 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT) + :param_6) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_7 - CAST(ranked.last * :param_8 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT) + :param_10) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_11 - CAST(ranked.last * :param_12 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT reviewed.proposal_type AS proposal_type,
             CAST(reviewed.seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY reviewed.proposal_type
                                ORDER BY CAST(reviewed.seconds AS FLOAT)) - :param_13 AS rank,
             count(*) OVER (PARTITION BY reviewed.proposal_type) - :param_14 AS last,
             avg(CAST(reviewed.seconds AS FLOAT)) OVER (PARTITION BY reviewed.proposal_type) AS mean
      FROM
        (SELECT proposal.proposal_type AS proposal_type,
                CAST(((unixepoch(substr(proposal.reviewed_at, 1, 19)) * 1000000 + CAST(substr(proposal.reviewed_at, 21, 6) AS INTEGER)) - (unixepoch(substr(proposal.created_at, 1, 19)) * 1000000 + CAST(substr(proposal.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_15 + 0.0) AS seconds
         FROM proposal
         WHERE proposal.workspace_id = :workspace_id_1
           AND proposal.created_at >= :created_at_1
           AND proposal.created_at < :created_at_2
           AND proposal.reviewed_at IS NOT NULL
           AND proposal.status IN (... 4 :status_1)) AS reviewed
      WHERE reviewed.seconds IS NOT NULL) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_16 AS BIGINT) IN (... 2 :param_17)
     OR ranked.rank - CAST(ranked.last * :param_18 AS BIGINT) IN (... 2 :param_19)
     OR ranked.rank - CAST(ranked.last * :param_20 AS BIGINT) IN (... 2 :param_21)
   GROUP BY ranked.proposal_type) AS spread
ORDER BY spread.proposal_type;
-- 2 rows
-- :max_1 = 1
-- :coalesce_1 = 0
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.5
-- :param_4 = 0.5
-- :param_5 = 0.95
-- :param_6 = 1
-- :param_7 = 0.95
-- :param_8 = 0.95
-- :param_9 = 0.99
-- :param_10 = 1
-- :param_11 = 0.99
-- :param_12 = 0.99
-- :param_13 = 1
-- :param_14 = 1
-- :param_15 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :status_1 = ('approved', 'executed', 'execution_failed', 'rejected')
-- :rank_1 = 0
-- :param_16 = 0.5
-- :param_17 = (0, 1)
-- :param_18 = 0.95
-- :param_19 = (0, 1)
-- :param_20 = 0.99
-- :param_21 = (0, 1)
