"""A process that forks workers on request, each of which kills itself at one boundary of the state machine.

Run as a script. Reads one JSON object a line: {"kind": "threads" or "procrastinate", "url": .., "boundary": ..,
"count": .., "effects": path}; forks a worker; prints {"pid": ..}, and {"ended": pid, "at": ..} when it is gone.
Forking makes a new worker cost milliseconds instead of the imports of a new interpreter.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import signal
import sys
import threading
import time
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from controlplane import actions
from controlplane.database import create_engine
from controlplane.execution import EngineConfig
from controlplane.runtime import ThreadRuntime, driver
from controlplane.runtime.procrastinate import ProcrastinateRuntime

LEASE = timedelta(seconds=2)  # a worker that a busy machine holds up this long has lost its step, and rightly


class Fate:
    """Kills the process when a boundary has been reached so many times."""

    def __init__(self, boundary, count, effects):
        self.boundary, self.left, self._effects = boundary, count, effects
        self._lock = threading.Lock()

    def reach(self, boundary):
        if boundary != self.boundary:
            return
        with self._lock:
            self.left -= 1
            if self.left <= 0:
                tell(self._effects, "killed", "")
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name, call):
        def wrapped(*args, **kwargs):
            self.reach(f"before {name}")
            result = call(*args, **kwargs)
            self.reach(f"after {name}")
            return result

        return wrapped


def work(order):
    """Be a worker until killed."""
    logging.disable(logging.CRITICAL)
    effects = os.open(order["effects"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    fate = Fate(order["boundary"], order["count"], effects)
    for name, label in (("claim", "claim"), ("perform", "perform"), ("complete_and_claim", "complete")):
        setattr(driver, name, fate.around(label, getattr(driver, name)))
    event.listen(Session, "before_commit", lambda _session: fate.reach("before commit"))
    event.listen(Session, "after_commit", lambda _session: fate.reach("after commit"))

    def note(parameters, *, idempotency_key):
        tell(effects, "start", idempotency_key)
        time.sleep(parameters.get("seconds", 0.01))
        fate.reach("during perform")
        tell(effects, "end", idempotency_key)
        return parameters

    database = create_engine(order["url"])
    engine = EngineConfig(lease=LEASE, max_deliveries=1_000)  # each kill is a delivery more
    with actions.registered(note=note):
        if order["kind"] == "threads":
            with ThreadRuntime(database, engine=engine, workers=2, poll=0.05):
                time.sleep(order["seconds"])
        else:
            ProcrastinateRuntime(database, engine=engine, sweep=0.2, heartbeat=0.5).run_worker(concurrency=2)


def tell(effects, what, key):
    line = {"what": what, "key": key, "pid": os.getpid(), "at": time.monotonic()}
    os.write(effects, (json.dumps(line) + "\n").encode())


def say(**facts):
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def serve():
    """Fork workers as told until the input ends."""
    running: dict[int, None] = {}
    inputs = selectors.DefaultSelector()
    inputs.register(sys.stdin.fileno(), selectors.EVENT_READ)
    pending = b""
    while True:
        for pid in list(running):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del running[pid]
                say(ended=pid, at=time.monotonic())
        if not inputs.select(timeout=0.005):
            continue
        chunk = os.read(sys.stdin.fileno(), 65536)
        if not chunk:
            break
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            pid = os.fork()
            if pid == 0:
                try:
                    work(json.loads(line))
                finally:
                    os._exit(0)
            running[pid] = None
            say(pid=pid)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    serve()
