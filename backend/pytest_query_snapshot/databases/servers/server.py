"""A PostgreSQL server for one run: on a Unix socket or a port of this machine, in a folder that goes with it."""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.savepoint.connection_guard import APPLICATION
from pytest_query_snapshot.databases.servers.binaries import (
    cluster_template,
    find_programs,
    reachable,
    server_account,
)
from pytest_query_snapshot.databases.servers.server_folders import PREFIX, folder_for_servers, sweep
from pytest_query_snapshot.databases.urls import libpq_arguments
from pytest_query_snapshot.errors import ServerError

_TIMEOUT_SECONDS = 60.0
_POLL_SECONDS = 0.005
# nothing is kept, so nothing is made safe; statistics change only when a test says ANALYZE
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "wal_init_zero": "off",
    # as with segments of the usual size
    "min_wal_size": "80MB",
    "max_wal_size": "1GB",
    "max_wal_senders": "0",
    # in the data folder, which goes with the run also after a kill
    "dynamic_shared_memory_type": "mmap",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "client_min_messages": "warning",
}
_LOCALHOST = "127.0.0.1"
# the socket lies in a closed folder, while any user of this machine can reach the port
_ACCESS = f"local all all trust\nhost all all {_LOCALHOST}/32 scram-sha-256\n"


class PostgreSQLServer:
    """A server that starts in the background; connecting waits until it answers.

    listens: whether it has a port and a password, for applications whose settings need a host.
    """

    def __init__(self, *, listens: bool = False) -> None:
        self._port = _free_port() if listens else None
        self._last_words = ""
        self._password = secrets.token_hex(16)
        account = server_account()
        programs = reachable(find_programs(os.environ), account)
        template = cluster_template(programs, account)
        parent = folder_for_servers()
        sweep(parent)
        self.folder = parent / f"{PREFIX}{secrets.token_hex(8)}"
        command = [str(programs / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        port = {} if self._port is None else {"listen_addresses": _LOCALHOST, "port": str(self._port)}
        for name, value in (_SETTINGS | port).items():
            command += ["-c", f"{name}={value}"]
        given = {
            "folder": str(self.folder),
            "uid": None if account is None else account.uid,
            "gid": None if account is None else account.gid,
            "template": str(template),
            "access": _ACCESS if listens else "",
            "command": command,
        }
        # it makes the folder too, so that no kill of this process leaves one
        script = str(Path(__file__).with_name("supervisor.py"))
        self._supervisor = subprocess.Popen(  # noqa: S603  no shell
            [sys.executable, "-I", "-S", script, json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # an interrupt in the terminal is not for it
        )

    @property
    def url(self) -> str:
        """Return the URL of the server."""
        if self._port is None:
            return server_url(self.folder)
        url = sa.URL.create("postgresql+psycopg", "postgres", self._password, _LOCALHOST, self._port, "postgres")
        return url.render_as_string(hide_password=False)

    def wait(self) -> None:
        """Wait until the server answers. Raises ServerError with its log."""
        url = server_url(self.folder, port=self._port)
        wait_for(
            url,
            socket_file=self.folder / f".s.PGSQL.{self._port or 5432}",
            alive=lambda: self._supervisor.poll() is None,
            log=self._log,
        )
        if self._port is not None:
            import psycopg  # noqa: PLC0415  an extra

            with psycopg.connect(**connect_arguments(sa.make_url(url))) as connection:
                connection.execute(f"ALTER ROLE postgres PASSWORD '{self._password}'".encode())

    def stop(self) -> None:
        """End the server; when this returns, its processes and its folder are gone."""
        pipe = self._supervisor.stdin
        if pipe is not None and not pipe.closed:
            pipe.close()
        output = self._supervisor.stdout
        if output is not None and not output.closed:
            ended = select.poll()
            ended.register(output)
            ended.poll(_TIMEOUT_SECONDS * 1000)  # `wait` alone would look every 50 ms
        self._supervisor.wait(_TIMEOUT_SECONDS)
        if output is not None:
            output.close()
        shutil.rmtree(self.folder, ignore_errors=True)  # it is still there if the supervisor was killed

    def _log(self) -> str:
        output = self._supervisor.stdout
        self._last_words += "" if output is None else output.read()
        return self._last_words


def server_url(folder: Path, *, port: int | None = None) -> str:
    """Write the URL of the socket of the server in a folder."""
    url = sa.URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
    url = url if port is None else url.update_query_dict({"port": str(port)})
    return url.render_as_string(hide_password=False)


def wait_for(url: str, *, socket_file: Path, alive: Callable[[], bool], log: Callable[[], str]) -> None:
    """Wait until a server answers. Raises ServerError, with its log when it has ended.

    socket_file: what it makes when it begins to listen; before, connecting costs more than looking.
    """
    import psycopg  # noqa: PLC0415  an extra

    target = sa.make_url(url)
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while True:
        while not socket_file.exists() and alive() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        try:
            psycopg.connect(**connect_arguments(target)).close()
        except psycopg.OperationalError as error:
            if not alive():
                raise ServerError(f"PostgreSQL ended while starting:\n{log()}") from error
            if time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL does not answer: {error}") from error
            time.sleep(_POLL_SECONDS)
        else:
            return


def connect_arguments(url: sa.URL) -> dict[str, Any]:
    """Turn a URL into what psycopg.connect takes."""
    return libpq_arguments(url) | {"application_name": APPLICATION}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOCALHOST, 0))
        return int(probe.getsockname()[1])
