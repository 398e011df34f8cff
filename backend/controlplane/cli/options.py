"""Options that many verbs share."""

from __future__ import annotations

import typer

AS_JSON = typer.Option(False, "--json", help="Print JSON.")
REASON = typer.Option("asked for on the command line", help="Reason, stored with the change.")
MOST_ROWS = 1_000_000
"""The largest count that a command takes: no database refuses it, and no reader wants more."""
MOST_WORKERS = 256
"""The most steps that one process performs at the same time, each in a thread."""
