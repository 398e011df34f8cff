"""The command that works: `controlplane worker`."""

from __future__ import annotations

import signal
import threading
from enum import StrEnum

import typer

from controlplane.cli.context import OUT, given
from controlplane.errors import InvalidValueError
from controlplane.runtime import ThreadRuntime


class Kind(StrEnum):
    """Who hands out the work."""

    THREADS = "threads"
    PROCRASTINATE = "procrastinate"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(worker)


def worker(
    context: typer.Context,
    runtime: Kind = typer.Option(
        Kind.THREADS, help="threads: this process looks for work. procrastinate: a queue in PostgreSQL."
    ),
    concurrency: int = typer.Option(4, min=1, help="How many steps may run at once."),
) -> None:
    """Drive executions until SIGINT or SIGTERM; steps in flight are ended first. Start as many as you like."""
    settings = given(context)
    with settings.session():
        pass  # says so if the database is not ready
    if runtime is Kind.PROCRASTINATE:
        if settings.database.dialect.name != "postgresql":
            raise InvalidValueError(field="runtime", value="procrastinate", rule="it needs PostgreSQL")
        from controlplane.runtime.procrastinate import ProcrastinateRuntime  # noqa: PLC0415  only where it is used

        queue = ProcrastinateRuntime(settings.database, engine=settings.engine)
        queue.prepare()
        OUT.print(f"working as {queue.name}", highlight=False)
        queue.run_worker(concurrency=concurrency)
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ThreadRuntime(settings.database, engine=settings.engine, workers=concurrency) as threads:
        OUT.print(f"working as {threads.name}", highlight=False)
        stop.wait()
