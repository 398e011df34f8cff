"""Limits of lengths and waiting times."""

from __future__ import annotations

from datetime import timedelta

REASON = 2_000
PROSE = 20_000
PROPOSAL_WAITS = timedelta(days=7)
QUEUED_TRIGGER_WAITS = timedelta(hours=24)
SUPERVISION_WAITS = timedelta(hours=24)
QUEUE_ATTEMPTS = 3
VISIBILITY_TIMEOUT = timedelta(hours=1)
HIGHEST_PRIORITY = 9
