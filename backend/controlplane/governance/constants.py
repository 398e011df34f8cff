"""Limits of lengths and waiting times."""

from __future__ import annotations

from datetime import timedelta

REASON = 2_000
PROSE = 20_000
PROPOSAL_WAITS = timedelta(days=7)
QUEUED_TRIGGER_WAITS = timedelta(hours=24)
ESCALATED_AFTER = QUEUED_TRIGGER_WAITS / 2
SUPERVISION_WAITS = timedelta(hours=24)
QUEUE_ATTEMPTS = 3
MAX_DELIVERIES = 5
VISIBILITY_TIMEOUT = timedelta(hours=1)
HIGHEST_PRIORITY = 9
