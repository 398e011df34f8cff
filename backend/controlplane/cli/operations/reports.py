"""`controlplane report`: every question of the analytics."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from controlplane import clock
from controlplane.analytics.questions.registry import Scope
from controlplane.analytics.report.build import Form, write_report
from controlplane.cli.context import get_settings
from controlplane.cli.output import show
from controlplane.errors import InvalidValueError

WEEK, MINUTE = timedelta(days=7), timedelta(minutes=1)


app = typer.Typer()


@app.command()
def report(
    context: typer.Context,
    since: datetime | None = typer.Option(None, help="Begin of the window, UTC; default: a week before its end."),
    until: datetime | None = typer.Option(
        None, help="End of the window, UTC, not included; default: when this minute ends."
    ),
    form: Form = typer.Option(Form.TERMINAL, "--format", help="Format of the output."),
    as_json: bool = typer.Option(False, "--json", help="The same as --format json."),
    as_csv: bool = typer.Option(False, "--csv", help="The same as --format csv."),
    output: Path | None = typer.Option(None, "--output", "-o", dir_okay=False, help="The file to write."),
) -> None:
    """Answer every question of the analytics: runs, durations, governance, queues, the debugger."""
    settings = get_settings(context)
    now = clock.now()
    end = clock.as_utc(until) if until else now.replace(second=0, microsecond=0) + MINUTE
    start = clock.as_utc(since) if since else end - min(WEEK, end - datetime.min.replace(tzinfo=UTC))
    if end < start:
        raise InvalidValueError(field="until", value=end.isoformat(), rule=f"it must not be before {start}")
    with settings.session() as session:
        scope = Scope(workspace_id=settings.workspace_id(session), since=start, until=end, now=now)
        chosen = _chosen(form, as_json=as_json, as_csv=as_csv)
        if output is None:
            write_report(session, scope=scope, form=chosen, file=sys.stdout)
            return
        text = io.StringIO()  # a report that fails leaves the file as it was
        write_report(session, scope=scope, form=chosen, file=text)
        output.write_text(text.getvalue(), encoding="utf-8")
    show(f"written to {output}")


def _chosen(form: Form, *, as_json: bool, as_csv: bool) -> Form:
    asked = [short for short, is_asked in ((Form.JSON, as_json), (Form.CSV, as_csv)) if is_asked]
    if len(asked) > 1:
        raise InvalidValueError(field="format", value="json and csv", rule="choose one")
    return asked[0] if asked else form
