"""What an expert would write for one database, without regard to the other: the same facts, the fewest steps."""

from __future__ import annotations

from tests.bench.worlds import BEGIN, END, HERE

HERE_ONLY = f"FROM agent_execution WHERE workspace_id = '{HERE.hex}'"
STATUSES = ("pending", "running", "paused", "completed", "failed", "cancelled", "timeout")
BY_STATUS = ", ".join(f"count(*) FILTER (WHERE status = '{status}')" for status in STATUSES)
OUTCOMES = (
    "count(*), count(*) FILTER (WHERE status IN ('completed', 'failed', 'timeout')), "
    "count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE status IN ('failed', 'timeout'))"
)
GOOD = f"{HERE_ONLY} AND status = 'completed' AND duration_seconds IS NOT NULL"
PERCENTILES = (0.5, 0.95, 0.99)
BOTH = {
    "by status": f"SELECT status, count(*) {HERE_ONLY} GROUP BY status",
    "by trigger": f"SELECT triggered_by, count(*) {HERE_ONLY} GROUP BY triggered_by",
    "by agent": f"SELECT agent_id, count(*), {BY_STATUS} {HERE_ONLY} GROUP BY agent_id",
    "success rate": f"SELECT {OUTCOMES} {HERE_ONLY}",
    "success rate by agent": f"SELECT agent_id, {OUTCOMES} {HERE_ONLY} GROUP BY agent_id",
    "leaderboard": f"SELECT agent_id, {OUTCOMES} {HERE_ONLY} GROUP BY agent_id",
    "failures by type": "SELECT error_type, count(*), count(DISTINCT agent_id), max(completed_at) "
    f"{HERE_ONLY} AND status IN ('failed', 'timeout') GROUP BY error_type",
    "newest 20": f"SELECT id, agent_id, status, created_at {HERE_ONLY} ORDER BY created_at DESC, id DESC LIMIT 20",
    "time range": f"SELECT min(created_at), max(created_at), count(*) {HERE_ONLY}",
}
WINDOW = f"created_at >= '{BEGIN:%Y-%m-%d} 00:00:00.000000' AND created_at < '{END:%Y-%m-%d} 00:00:00.000000'"
PER_DAY = (
    f"{OUTCOMES}, avg(duration_seconds) FILTER (WHERE status = 'completed') {HERE_ONLY} AND {WINDOW} GROUP BY 1"
)


def _walked(p: float) -> str:
    """Walk an index of durations to the two values around a percentile; SQLite has no other way without a sort."""
    rank = f"(SELECT CAST((count(*) - 1) * {p} AS INTEGER) {GOOD})"
    return f"(SELECT sum(v) FROM (SELECT duration_seconds AS v {GOOD} ORDER BY v LIMIT 2 OFFSET {rank}))"


SQLITE = BOTH | {
    "durations": f"SELECT count(*), avg(duration_seconds), {', '.join(_walked(p) for p in PERCENTILES)} {GOOD}",
    "durations by agent": f"""
        WITH counted AS MATERIALIZED (
            SELECT agent_id, count(*) AS n, avg(duration_seconds), min(duration_seconds), max(duration_seconds)
            {GOOD} GROUP BY agent_id),
        wanted AS (
            SELECT agent_id, CAST((n - 1) * p.column1 AS INTEGER) + near.column1 FROM counted,
            (VALUES (0.5), (0.95), (0.99)) AS p, (VALUES (0), (1)) AS near),
        ranked AS (
            SELECT agent_id, duration_seconds,
                row_number() OVER (PARTITION BY agent_id ORDER BY duration_seconds) - 1 AS place {GOOD})
        SELECT * FROM ranked WHERE (agent_id, place) IN wanted""",
    "runs per day": f"SELECT substr(created_at, 1, 10), {PER_DAY}",
}
POSTGRESQL = BOTH | {
    "durations": "SELECT count(*), avg(duration_seconds), percentile_cont(ARRAY[0.5, 0.95, 0.99]) "
    f"WITHIN GROUP (ORDER BY duration_seconds) {GOOD}",
    "durations by agent": "SELECT agent_id, count(*), avg(duration_seconds), "
    f"percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_seconds) {GOOD} GROUP BY agent_id",
    "runs per day": f"SELECT date_trunc('day', created_at), {PER_DAY}",
}
BY_HAND = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
# DuckDB holds the runs of the workspace alone, with instants as text
DUCKDB = {
    name: sql.replace(HERE_ONLY, "FROM runs WHERE true")
    for name, sql in (
        BOTH
        | {
            "durations": "SELECT count(*), quantile_cont(duration_seconds, [0.5, 0.95, 0.99]) FROM runs "
            "WHERE status = 'completed'",
            "durations by agent": "SELECT agent_id, count(*), quantile_cont(duration_seconds, [0.5, 0.95, 0.99]) "
            "FROM runs WHERE status = 'completed' GROUP BY 1",
            "runs per day": f"SELECT created_at[:10], {PER_DAY}",
        }
    ).items()
}
