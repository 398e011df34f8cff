"""Transitions of records between states: one table drives Python, SQL and the pictures."""

from __future__ import annotations

from controlplane.lifecycle.actor import Actor
from controlplane.lifecycle.service import begin, record_change, transition
from controlplane.lifecycle.table import Lifecycle

__all__ = ["Actor", "Lifecycle", "begin", "record_change", "transition"]
