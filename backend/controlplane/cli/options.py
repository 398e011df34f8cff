"""Options that many verbs share."""

from __future__ import annotations

import typer

AS_JSON = typer.Option(False, "--json", help="Print JSON.")
REASON = typer.Option("asked for on the command line", help="Reason, stored with the change.")
