"""Mutants whose rows are the same on SQLite, and why; `key` of each, as `make mutants` prints it."""

from __future__ import annotations

_IN_ORDER = "SQLite reads the list of members from top to bottom; the golden of the SQL holds the ORDER BY"
_IDS = "SQLite groups by agent id, so equal names come in order of id; the golden of the SQL holds the key"

EQUIVALENT: dict[str, str] = {
    "durations.select_durations_by_agent 9db159a5": _IDS,
    "durations.select_waits 4d7e354e": "SQLite groups in the order of the key",
    "durations.select_waits d738c3b4": "distributions leave nulls out themselves",
    "executions._counted_by_member a2e5b784": _IN_ORDER,
    "listings.select_newest_executions c1366fe9": "it is a type annotation",
    "proposals.select_proposal_funnel 4a84a7d1": _IN_ORDER,
    "triggers._by_member 909bc2b7": _IN_ORDER,
    "triggers.select_blocked_triggers_by_agent 476a08b3": _IDS,
    "triggers.select_time_to_resolution 6abfcdc5": "distributions leave nulls out themselves",
}
