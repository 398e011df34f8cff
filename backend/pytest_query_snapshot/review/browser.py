"""The review on a page of this machine: the decisions of the terminal, for a browser.

The server listens on the loopback address alone. The link holds a token that is good for one visit; it is
exchanged for a cookie, so that the address bar and the arguments of the browser's process hold nothing that opens
the review. A decision needs the cookie, the key that the page got, and the origin of this server: another page in
the same browser has neither key nor origin, and another name for this address (DNS rebinding) is refused by its
Host.
"""

from __future__ import annotations

import json
import secrets
from html import escape
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pytest_query_snapshot.errors import QuerySnapshotError
from pytest_query_snapshot.review.causes import Cause
from pytest_query_snapshot.review.change_data import change_data
from pytest_query_snapshot.review.decisions import ACTIONS, ReviewQueue, cause_key, classes_of
from pytest_query_snapshot.review.html import page_file
from pytest_query_snapshot.review.terminal import unified

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_LONGEST_BODY = 10_000
_EVERY_LINE = 1_000_000
_LONGEST_WAIT = 10.0
_FILES = {
    "/page.css": ("text/css", ("page.css", "review.css")),
    "/page.js": ("text/javascript", ("elements.js", "review.js")),
}


class BrowserReview(ThreadingHTTPServer):
    """Serves one review until it is decided or ended."""

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, queue: ReviewQueue, *, title: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.queue = queue
        self.title = title
        self.finished = Event()
        self.key = secrets.token_urlsafe(32)
        self.visit = secrets.token_urlsafe(32)
        self._token = secrets.token_urlsafe(32)
        self._lock = Lock()
        self.url = f"http://127.0.0.1:{self.server_port}/?token={self._token}"
        self.hosts = frozenset(f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost"))
        self.cookie = f"query-snapshot-{self.server_port}"

    def use_token(self, token: str) -> bool:
        """Return whether the token opens the review; it does so once."""
        with self._lock:
            right = bool(self._token) and _equal(token, self._token)
            if right:
                self._token = ""
            return right

    def wait(self) -> None:
        """Serve until the review ends."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            self.finished.wait()
        finally:
            self.shutdown()
            self.server_close()

    def state(self) -> dict[str, Any]:
        """Return the causes that are left, and how many goldens were decided."""
        queue = self.queue
        return {
            "causes": [_summary(cause) for cause in queue.left],
            "decided": {name: queue.decided[name] for name in ("accepted", "rejected", "skipped")},
            "left": queue.count_left(),
            "refused": list(queue.refused),
            "finished": self.finished.is_set() or not queue.left,
        }


class _Handler(BaseHTTPRequestHandler):
    server: BrowserReview
    server_version, sys_version = "query-snapshot", ""
    timeout = _LONGEST_WAIT

    def do_GET(self) -> None:
        """Return the page, its files, what is left, or one cause."""
        address = urlsplit(self.path)
        if not self._has_known_host():
            return
        if address.path == "/" and address.query:
            self._redeem(parse_qs(address.query).get("token", [""])[0])
        elif not self._has_cookie():
            self._refuse(HTTPStatus.FORBIDDEN, _NOT_OPENED)
        elif address.path == "/":
            self._send_text(HTTPStatus.OK, "text/html", _page(self.server))
        elif address.path in _FILES:
            kind, names = _FILES[address.path]
            self._send_text(HTTPStatus.OK, kind, "".join(page_file(name) for name in names))
        elif address.path in {"/state", "/cause"}:
            self._data(address.path, address.query)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "Page not found.")

    def do_POST(self) -> None:
        """Decide a cause, or end the review."""
        if not self._has_known_host() or not self._may_decide():
            return
        wanted = self._body()
        if wanted is None:
            self._refuse(HTTPStatus.BAD_REQUEST, "A decision is a short JSON object of texts.")
        elif self.path == "/end":
            self._end()
        elif self.path == "/decide" and wanted.get("action") in ACTIONS:
            self._decide(wanted)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "Unknown decision.")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  named by http.server
        """Write no log: the terminal shows the link and the result."""

    def _decide(self, wanted: dict[str, str]) -> None:
        try:
            confirm = self.server.queue.decide(
                wanted["action"], wanted.get("key", ""), confirmation=wanted.get("confirmation", "")
            )
        except QuerySnapshotError as error:
            self._send(HTTPStatus.CONFLICT, {"error": str(error)} | self.server.state())
            return
        self._send(HTTPStatus.OK, {"confirm": confirm} | self.server.state())
        if not self.server.queue.left:
            self.server.finished.set()

    def _end(self) -> None:
        self._send(HTTPStatus.OK, self.server.state() | {"finished": True})
        self.server.finished.set()

    def _data(self, path: str, query: str) -> None:
        """Return data to the page itself: like a decision, it takes the key."""
        if not self._has_key():
            self._refuse(HTTPStatus.FORBIDDEN, _NOT_OPENED)
            return
        if path == "/state":
            self._send(HTTPStatus.OK, self.server.state())
            return
        try:
            cause = self.server.queue.find(parse_qs(query).get("key", [""])[0])
        except QuerySnapshotError as error:
            self._send(HTTPStatus.CONFLICT, {"error": str(error)} | self.server.state())
        else:
            whole = parse_qs(query).get("whole", [""])[0] == "1"
            self._send(HTTPStatus.OK, _details(cause, whole=whole, alike=len(self.server.queue.alike(cause))))

    def _redeem(self, token: str) -> None:
        opened = self._has_cookie()
        if not opened and not self.server.use_token(token):
            self._refuse(HTTPStatus.FORBIDDEN, _NOT_OPENED)
            return
        cookie = f"{self.server.cookie}={self.server.visit}; Path=/; HttpOnly; SameSite=Strict"
        self._send_text(HTTPStatus.SEE_OTHER, "text/plain", "", {"Location": "/", "Set-Cookie": cookie})

    def _has_known_host(self) -> bool:
        """Refuse a name that resolves to this machine: only the address of the link is known."""
        if self.headers.get_all("Host", []) in ([host] for host in self.server.hosts):
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "This review is opened by its link.")
        return False

    def _may_decide(self) -> bool:
        origin = self.headers.get_all("Origin", [])
        fetched = self.headers.get("Sec-Fetch-Site", "same-origin")
        own = origin == [f"http://{self.headers['Host']}"] and fetched == "same-origin"
        if own and self._has_cookie() and self._has_key():
            return True
        self._refuse(HTTPStatus.FORBIDDEN, _NOT_OPENED)
        return False

    def _has_cookie(self) -> bool:
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(self.server.cookie)
        except CookieError:
            return False
        return found is not None and _equal(found.value, self.server.visit)

    def _has_key(self) -> bool:
        return _equal(self.headers.get("X-Review-Key", ""), self.server.key)

    def _body(self) -> dict[str, str] | None:
        """Read a JSON object of texts; None for anything else."""
        length = self.headers.get("Content-Length", "")
        is_json = self.headers.get_content_type() == "application/json"
        if not is_json or not (length.isascii() and length.isdigit()) or int(length) > _LONGEST_BODY:
            return None
        try:
            found = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        is_flat = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
        return found if is_flat else None

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._send_text(status, "text/plain", f"{why}\n")

    def _send(self, status: HTTPStatus, data: dict[str, Any]) -> None:
        # a golden can hold half a character, which UTF-8 can't
        self._send_text(status, "application/json", json.dumps(data))

    def _send_text(self, status: HTTPStatus, kind: str, text: str, headers: dict[str, str] | None = None) -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in {**_HEADERS, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
            self.wfile.flush()


_NOT_OPENED = "This review is opened by its link, once. Run query-snapshot review --browser for another link."


def _equal(found: str, expected: str) -> bool:
    return secrets.compare_digest(found.encode("utf-8", "surrogatepass"), expected.encode())


def _page(server: BrowserReview) -> str:
    return Template(page_file("review.html")).substitute(title=escape(server.title), key=escape(server.key))


def _summary(cause: Cause) -> dict[str, Any]:
    first = cause.members[0].pending
    return {
        "key": cause_key(cause),
        "title": cause.title,
        "extent": cause.extent,
        "risk": cause.risk,
        "count": len(cause.parts()),
        "own": len(cause.own),
        "golden": first.golden,
    }


def _details(cause: Cause, *, whole: bool, alike: int) -> dict[str, Any]:
    """Return a cause with the first of its comparisons in full, and the paths of the others."""
    shown = cause.parts()[0].members
    context = _EVERY_LINE if whole else 4
    return _summary(cause) | {
        "classes": list(classes_of(cause)),
        "alike": alike,
        "goldens": [review.pending.golden for review in cause.members],
        "first": [
            {
                "golden": review.pending.golden,
                "dialect": review.pending.dialect,
                "test": review.pending.test,
                "seeds": list(review.pending.seeds),
                "about": review.pending.about,
                "changes": change_data(review),
                "diff": unified(review.pending.base, review.pending.received, context=context),
                "received": review.pending.received or "",
            }
            for review in shown
        ],
    }
