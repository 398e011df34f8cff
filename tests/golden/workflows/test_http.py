"""HTTP steps against a real server on this machine."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from controlplane import actions
from controlplane.execution import HttpPolicy, claim, perform
from controlplane.execution.engine.config import Success
from controlplane.models import WorkflowStepExecution

pytestmark = pytest.mark.seed("users")
PORT = 8907  # it stands in the goldens; each process has an address of its own
CERTIFICATE = Path(__file__).parents[2] / "controlplane" / "execution" / "localhost.pem"
POLICY = HttpPolicy(allowed_hosts=(f"api.test:{PORT}",), allowed_networks=("127.0.0.0/8",), timeout=5)

MOVED = {
    "/moved": (302, "/plain"),
    "/moved-there": (307, f"http://api.test:{PORT}/plain"),
    "/circle": (302, "/circle"),
    "/to-another-host": (302, "http://other.test/plain"),
    "/to-metadata": (302, "http://169.254.169.254/latest/meta-data"),
    "/to-a-file": (302, "file:///etc/passwd"),
    "/to-nowhere": (302, "http://["),
}
TEXTS = {
    "/plain": ("text/plain; charset=utf-8", "grüß\n".encode()),
    "/latin": ("text/plain; charset=latin-1", "grüß".encode("latin-1")),
    "/no-charset": ("text/plain; charset=punycode", b"x-"),
    "/not-json": ("application/json", b"{broken"),
    "/json-as-text": ("text/plain", b'{"n": 1}'),
    "/null": ("application/json", b"null"),
    "/empty": ("text/plain", b""),
}


class Handler(BaseHTTPRequestHandler):
    """Answers /order with JSON, /broken with 503, /slow never."""

    def do_POST(self):
        self.server.keys.append(self.headers["idempotency-key"])
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.answer(200, {"path": self.path, "body": body, "key": self.headers["x-key"]})

    def do_GET(self):
        self.server.keys.append(self.headers["idempotency-key"])
        if self.path in MOVED:
            status, target = MOVED[self.path]
            self.answer_with(status, b"", location=target)
            return
        if self.path in TEXTS:
            media, body = TEXTS[self.path]
            self.answer_with(200, body, content_type=media)
            return
        if self.path == "/slow":
            self.server.release.wait(10)
        self.answer(503, {"error": "closed"})

    def answer(self, status, data):
        payload = json.dumps(data).encode()
        self.send_response_only(status)  # no date, no version of the server: they would change the golden
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def answer_with(self, status, payload, **headers):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    number = os.getpid() % 60_000
    address = f"127.77.{number // 250}.{number % 250 + 1}"
    server = ThreadingHTTPServer((address, PORT), Handler)
    server.release, server.keys = threading.Event(), []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, PORT))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: answer)
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def web(flow, session, clock, server):
    return type(flow)(session, clock, http=POLICY)


def http(rest: str) -> str:
    step = f"{{key: call, kind: http, {rest}}}"
    return f"name: web\nsteps: [{step}]\noutputs: {{got: '${{steps.call.output.json}}'}}"


def test_success_gives_status_headers_and_json(web, session, golden):
    body = 'headers: {x-key: k}, query: {a: 1}, json: {n: "${input.n}"}'
    rest = 'method: POST, url: "http://api.test:8907/order", ' + body
    run = web.start(http(rest), input_data={"n": 3})
    with golden.step("run"):
        web.drive()
    assert run.outputs == {"got": {"path": "/order?a=1", "body": {"n": 3}, "key": "k"}}
    assert session == golden.changes


def test_request_is_sent_without_the_secrets_of_a_worker(web, session):
    """A program of its own that performs leases need not have any."""
    run = web.start(http('url: "http://api.test:8907/order", method: POST, json: {n: 3}'))
    result = perform(claim(session, execution_id=run.id, engine=web.engine), policy=POLICY)
    assert isinstance(result, Success), result


def test_a_status_that_is_not_success_is_tried_again_with_the_same_key_and_fails(
    web, session, golden, clock, server
):
    run = web.start(http('url: "http://api.test:8907/broken", retry: {attempts: 2, delay: 5}'))
    with golden.step("first attempt"):
        web.drive()
    clock.advance(seconds=5)
    with golden.step("second attempt"):
        web.drive()
    assert server.keys == [f"{run.id}:call"] * 2
    assert (str(run.status), run.error_type) == ("failed", "UnexpectedStatusError")
    assert session == golden.changes


def test_compensation_of_a_request_is_its_action(web, server):
    undone = []
    text = """
    name: order
    steps:
      - key: call
        kind: http
        url: "http://api.test:8907/order"
        method: POST
        json: {n: 3}
        compensation: {action: undo, parameters: {n: 1}}
      - {key: bad, kind: task, action: bad, depends_on: call}
    """

    def undo(parameters, *, idempotency_key):
        undone.append(parameters)

    with actions.registered(undo=undo, bad=lambda: None):
        run = web.run(text)
    assert (str(run.status), run.failed_step, undone) == ("failed", "bad", [{"n": 1}])
    assert server.keys == [f"{run.id}:call"]


def test_a_certificate_that_is_not_trusted_is_not_tried_again(web, session, golden, server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    run = web.start(http('url: "https://api.test:8907/order", retry: {attempts: 3}'))
    with golden.step("run"):
        web.drive()
    assert (str(run.status), run.error_type) == ("failed", "HttpCertificateError")
    assert session == golden.changes


def test_an_expected_status_is_success(web, session, golden):
    run = web.start(http('url: "http://api.test:8907/broken", expect: [503]'))
    with golden.step("run"):
        web.drive()
    assert run.outputs == {"got": {"error": "closed"}}
    assert session == golden.changes


def test_a_server_that_never_answers_times_out(web, session, golden):
    run = web.start(http('url: "http://api.test:8907/slow", timeout: 0.1'))
    with golden.step("run"):
        web.drive()
    assert (str(run.status), run.error_type) == ("failed", "HttpDeadlineError")
    assert session == golden.changes


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://elsewhere.test/", "ForbiddenHostError"),
        ("http://169.254.169.254/latest/meta-data", "ForbiddenHostError"),
        ("file:///etc/passwd", "InvalidRequestError"),
    ],
    ids=["host", "metadata", "scheme"],
)
def test_request_that_is_not_allowed_is_refused(web, session, golden, url, error):
    run = web.start(http(f'url: "{url}"'))
    with golden.step("run"):
        web.drive()
    assert (str(run.status), run.error_type) == ("failed", error)
    assert session == golden.changes


@pytest.mark.parametrize("kind", ["redirects", "texts"])
def test_answer_becomes_output_or_error_by_its_kind(web, golden, kind):
    rows = []
    for path in MOVED if kind == "redirects" else TEXTS:
        run = web.start(http(f'url: "http://api.test:{PORT}{path}"'))
        web.drive()
        web.session.refresh(run)
        step = web.session.scalars(select(WorkflowStepExecution).filter_by(execution_id=run.id)).one()
        output = step.output or {}
        answer = {name: output.get(name) for name in ("status", "json", "text")}
        rows.append({"path": path, **answer, "error_type": step.error_type, "error": step.error_message})
    assert rows == golden.rows


PRIVATE = (
    *("10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "127.0.0.1"),
    *("[::1]", "[fd00::1]", "[::ffff:10.0.0.1]"),
)


def test_address_that_is_not_public_is_refused_though_its_host_is_allowed(flow, session, clock, golden):
    allowed = tuple(f"{host}:*" for host in PRIVATE)
    web = type(flow)(session, clock, http=HttpPolicy(allowed_hosts=allowed, timeout=5))
    rows = []
    for host in PRIVATE:
        run = web.run(http(f'url: "http://{host}:9/"'))
        rows.append({"host": host, "error_type": run.error_type, "error": run.error_message})
    assert rows == golden.rows
