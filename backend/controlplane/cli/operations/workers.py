"""`controlplane worker`: drive executions."""

from __future__ import annotations

import signal
import threading
from enum import StrEnum

import typer

from controlplane.cli.context import get_settings
from controlplane.cli.options import MOST_WORKERS
from controlplane.cli.output import show
from controlplane.errors import InvalidValueError, SchemaError, UnusableDatabaseError
from controlplane.runtime import ThreadRuntime

CHECK_INTERVAL = 30.0
"""Seconds between two looks at the version of the schema."""


class WorkerRuntime(StrEnum):
    """The way in which work is distributed."""

    THREADS = "threads"
    PROCRASTINATE = "procrastinate"


app = typer.Typer()


@app.command()
def worker(
    context: typer.Context,
    runtime: WorkerRuntime = typer.Option(
        WorkerRuntime.THREADS, help="threads: this process looks for work. procrastinate: a queue in PostgreSQL."
    ),
    concurrency: int = typer.Option(4, min=1, max=MOST_WORKERS, help="How many steps may run at the same time."),
) -> None:
    """Drive executions until SIGINT or SIGTERM; steps in flight are ended first. Start as many as you like."""
    settings = get_settings(context)
    settings.check_schema()
    if runtime is WorkerRuntime.PROCRASTINATE:
        if settings.database.dialect.name != "postgresql":
            raise InvalidValueError(field="runtime", value="procrastinate", rule="it needs PostgreSQL")
        from controlplane.runtime.procrastinate import ProcrastinateRuntime  # noqa: PLC0415  only where it is used

        queue = ProcrastinateRuntime(settings.database, engine=settings.engine)
        queue.prepare()
        show(f"working as {queue.name}")
        queue.run_worker(concurrency=concurrency)
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ThreadRuntime(settings.database, engine=settings.engine, workers=concurrency) as threads:
        show(f"working as {threads.name}")
        while not stop.wait(CHECK_INTERVAL):
            # a later version may have upgraded it, which would fail what this one does; an outage passes
            try:
                settings.check_schema()
            except SchemaError:
                raise
            except UnusableDatabaseError:
                continue
