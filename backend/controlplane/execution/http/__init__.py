"""HTTP for workflow steps: only to hosts that are allowed, at addresses that were checked, within limits."""

from __future__ import annotations

from controlplane.execution.http.client import HttpResponse, check_status, read_url, send
from controlplane.execution.http.library_logs import unlogged
from controlplane.execution.http.policy import HttpPolicy

__all__ = ["HttpPolicy", "HttpResponse", "check_status", "read_url", "send", "unlogged"]
