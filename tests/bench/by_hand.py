"""What an expert would write for one database, without regard to the other: the same facts, the fewest steps."""

from __future__ import annotations

from datetime import timedelta

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
    "stuck": "SELECT id, agent_id, started_at "
    f"{HERE_ONLY} AND status = 'running' AND started_at <= '{END - timedelta(hours=1)}' ORDER BY started_at, id",
    "newest 20": f"SELECT id, agent_id, status, created_at {HERE_ONLY} ORDER BY created_at DESC, id DESC LIMIT 20",
    "time range": f"SELECT min(created_at), max(created_at), count(*) {HERE_ONLY}",
}
WINDOW = f"created_at >= '{BEGIN:%Y-%m-%d} 00:00:00.000000' AND created_at < '{END:%Y-%m-%d} 00:00:00.000000'"
PER_DAY = (
    f"{OUTCOMES}, avg(duration_seconds) FILTER (WHERE status = 'completed') {HERE_ONLY} AND {WINDOW} GROUP BY 1"
)

PER_WEEK = f"count(*) AS runs, {OUTCOMES} {HERE_ONLY} AND {WINDOW} GROUP BY 1"
ROLLING = """
    SELECT day, bad, ended, sum(bad) OVER week * 1.0 / sum(ended) OVER week FROM ({days}) AS days
    WINDOW week AS (ORDER BY day ROWS 6 PRECEDING)"""
OUTCOMES_OF_A_DAY = (
    "count(*) FILTER (WHERE status IN ('failed', 'timeout')) AS bad, "
    "count(*) FILTER (WHERE status IN ('completed', 'failed', 'timeout')) AS ended "
    f"{HERE_ONLY} AND {WINDOW} GROUP BY 1"
)
LEVELS = f"""
    SELECT {{day}}, max(running) FROM (
        SELECT instant, sum(change) OVER (ORDER BY instant, change ROWS UNBOUNDED PRECEDING) AS running FROM (
            SELECT started_at AS instant, 1 AS change {HERE_ONLY} AND started_at IS NOT NULL
            UNION ALL SELECT completed_at, -1 {HERE_ONLY} AND completed_at IS NOT NULL) AS changes) AS levels
    GROUP BY 1"""


def _walked(p: float) -> str:
    """Walk an index of durations to the two values around a percentile; SQLite has no other way without a sort."""
    rank = f"(SELECT CAST((count(*) - 1) * {p} AS INTEGER) {GOOD})"
    return f"(SELECT sum(v) FROM (SELECT duration_seconds AS v {GOOD} ORDER BY v LIMIT 2 OFFSET {rank}))"


def _numbered(key: str, value: str, where: str) -> str:
    """Number the values of each group and keep those around its percentiles."""
    return f"""
        WITH counted AS MATERIALIZED (
            SELECT {key} AS key, count({value}) AS n, avg({value}), min({value}), max({value}) {where} GROUP BY 1),
        wanted AS (
            SELECT key, CAST((n - 1) * p.column1 AS INTEGER) + near.column1 FROM counted,
            (VALUES (0.5), (0.95), (0.99)) AS p, (VALUES (0), (1)) AS near),
        ranked AS (
            SELECT {key} AS key, {value}, row_number() OVER (PARTITION BY {key} ORDER BY {value}) - 1 AS place
            {where})
        SELECT * FROM ranked WHERE (key, place) IN wanted"""


WAITED = " - ".join(
    f"(unixepoch(substr({end}, 1, 19)) * 1000000 + CAST(substr({end}, 21, 6) AS INTEGER))"
    for end in ("started_at", "created_at")
)
WEEK = "(unixepoch(substr(created_at, 1, 10)) - 345600) / 604800"  # from a Monday on
SQLITE = BOTH | {
    "durations": f"SELECT count(*), avg(duration_seconds), {', '.join(_walked(p) for p in PERCENTILES)} {GOOD}",
    "durations by agent": _numbered("agent_id", "duration_seconds", GOOD),
    "waits by trigger": _numbered("triggered_by", WAITED, HERE_ONLY),
    "rolling failure rate": ROLLING.format(days=f"SELECT substr(created_at, 1, 10) AS day, {OUTCOMES_OF_A_DAY}"),
    "week over week": f"SELECT {WEEK}, {PER_WEEK}",
    "concurrency per day": LEVELS.format(day="substr(instant, 1, 10)"),
    "runs per day": f"SELECT substr(created_at, 1, 10), {PER_DAY}",
}
POSTGRESQL = BOTH | {
    "durations": "SELECT count(*), avg(duration_seconds), percentile_cont(ARRAY[0.5, 0.95, 0.99]) "
    f"WITHIN GROUP (ORDER BY duration_seconds) {GOOD}",
    "durations by agent": "SELECT agent_id, count(*), avg(duration_seconds), "
    f"percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_seconds) {GOOD} GROUP BY agent_id",
    "waits by trigger": "SELECT triggered_by, count(*), avg(started_at - created_at), "
    "percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY date_part('epoch', started_at - created_at)) "
    f"{HERE_ONLY} AND started_at IS NOT NULL GROUP BY triggered_by",
    "runs per day": f"SELECT date_trunc('day', created_at), {PER_DAY}",
    "rolling failure rate": ROLLING.format(
        days=f"SELECT date_trunc('day', created_at) AS day, {OUTCOMES_OF_A_DAY}"
    ),
    "week over week": f"SELECT date_trunc('week', created_at), {PER_WEEK}",
    "concurrency per day": LEVELS.format(day="date_trunc('day', instant)"),
}
BY_HAND = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
# DuckDB holds the runs of the workspace alone, with instants as text
DUCKDB = {
    name: sql.replace(HERE_ONLY, "FROM runs WHERE true")
    for name, sql in (
        BOTH
        | {
            "waits by trigger": "SELECT triggered_by, count(*), quantile_cont(epoch_us(started_at::TIMESTAMP) "
            "- epoch_us(created_at::TIMESTAMP), [0.5, 0.95, 0.99]) FROM runs WHERE started_at IS NOT NULL "
            "GROUP BY 1",
            "rolling failure rate": ROLLING.format(days=f"SELECT created_at[:10] AS day, {OUTCOMES_OF_A_DAY}"),
            "week over week": f"SELECT date_trunc('week', created_at::TIMESTAMP), {PER_WEEK}",
            "concurrency per day": LEVELS.format(day="instant[:10]"),
            "durations": "SELECT count(*), quantile_cont(duration_seconds, [0.5, 0.95, 0.99]) FROM runs "
            "WHERE status = 'completed'",
            "durations by agent": "SELECT agent_id, count(*), quantile_cont(duration_seconds, [0.5, 0.95, 0.99]) "
            "FROM runs WHERE status = 'completed' GROUP BY 1",
            "runs per day": f"SELECT created_at[:10], {PER_DAY}",
        }
    ).items()
}
