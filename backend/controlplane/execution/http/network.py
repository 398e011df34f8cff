"""The way to the network: resolve once, check every address, connect to a checked one, all by one deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore2

from controlplane.errors import HttpConnectionError, HttpDeadlineError
from controlplane.execution.http.policy import HttpPolicy

PIECE = 16_384

Resolver = Callable[[str, int], Sequence[str]]


class Deadline:
    """One instant by which a whole request must be over, redirects and body included."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, or raise HttpDeadlineError when the deadline has passed."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise HttpDeadlineError(seconds=self.seconds)
        return left


def resolve_name(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class CheckedNetwork(httpcore2.NetworkBackend):
    """Connects to nothing but addresses that the policy lets pass.

    The name is resolved here and the socket is opened to the very address that was checked, so an answer that
    changes between check and connect can't matter. TLS still verifies the name: it comes later, from the URL.
    """

    def __init__(self, policy: HttpPolicy, deadline: Deadline, resolver: Resolver) -> None:
        self._policy = policy
        self._deadline = deadline
        self._resolver = resolver
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline rules
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Open a stream to the first address of the host that answers; all of them must be allowed."""
        addresses = self._resolve(host, port)
        for address in addresses:
            self._policy.check_address(host, address)
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(
                    address,
                    port,
                    timeout=self._deadline.left(),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._deadline)
        self._deadline.left()
        raise HttpConnectionError(host=host, problem=str(failure)) from failure

    def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        """Refuse: a URL never names a local socket."""
        raise HttpConnectionError(host=path, problem="local sockets are refused")

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        """Resolve in a thread of its own: the system's resolver takes no timeout."""
        answer: list[Sequence[str] | Exception] = []

        def ask() -> None:
            try:
                answer.append(self._resolver(host, port))
            except Exception as error:  # noqa: BLE001  raised again by the one who waits
                answer.append(error)

        thread = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
        thread.start()
        thread.join(self._deadline.left())
        if not answer:
            raise HttpDeadlineError(seconds=self._deadline.seconds)
        found = answer[0]
        if isinstance(found, OSError | UnicodeError) or not found:
            raise HttpConnectionError(host=host, problem=f"the name can't be resolved: {found}")
        if isinstance(found, Exception):
            raise found
        return found


class _DeadlineStream(httpcore2.NetworkStream):
    """A stream whose every wait ends at the deadline: a peer that sends a byte now and then gains nothing."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  the deadline rules
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  the deadline rules
        # in pieces: a wait ends where the deadline does, but there is one for every piece that the peer takes
        for start in range(0, len(buffer), PIECE):
            self._inner.write(buffer[start : start + PIECE], self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  the deadline rules
    ) -> httpcore2.NetworkStream:
        stream = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
