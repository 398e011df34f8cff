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

from controlplane.execution import HttpPolicy

pytestmark = pytest.mark.seed("users")
PORT = 8907  # it stands in the goldens; each process has an address of its own
CERTIFICATE = Path(__file__).parents[2] / "controlplane" / "execution" / "localhost.pem"
POLICY = HttpPolicy(allowed_hosts=(f"api.test:{PORT}",), allowed_networks=("127.0.0.0/8",), timeout=5)


class Handler(BaseHTTPRequestHandler):
    """Answers /order with JSON, /broken with 503, /slow never."""

    def do_POST(self):
        self.server.keys.append(self.headers["idempotency-key"])
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.answer(200, {"path": self.path, "body": body, "key": self.headers["x-key"]})

    def do_GET(self):
        self.server.keys.append(self.headers["idempotency-key"])
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
