"""A process that forks a refresh of the daily sums on request, which kills itself before its n-th statement.

Run as a script. Reads one JSON object a line: {"kept": "sums" or "levels", "url": .., "workspace": .., "now": ..,
"since": .., "until": .., "statements": n}; prints the exit code of the child. Forking saves the imports of a new
interpreter, and pytest itself must not fork: it has threads.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import uuid
from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from controlplane import clock
from controlplane.analytics import rollup
from controlplane.analytics.rollup import service
from controlplane.database import create_engine


def refresh(order):
    """Refresh what is kept until killed."""
    engine = create_engine(order["url"])
    left = [order["statements"]]

    @event.listens_for(engine, "before_cursor_execute")
    def count(*_):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    workspace = uuid.UUID(order["workspace"])
    now, since, until = (datetime.fromisoformat(order[name]) for name in ("now", "since", "until"))
    with clock.use(lambda: now), Session(engine) as session:
        if order["kept"] == "sums":
            rollup.refresh(session, workspace_id=workspace)
        else:
            service.store_levels(session, workspace_id=workspace, since=since, until=until)
            session.commit()
    os._exit(0)


if __name__ == "__main__":
    for line in sys.stdin:
        child = multiprocessing.get_context("fork").Process(target=refresh, args=(json.loads(line),))
        child.start()
        child.join(60)
        sys.stdout.write(f"{child.exitcode}\n")
        sys.stdout.flush()
