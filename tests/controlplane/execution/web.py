"""A real HTTP server on the loopback, for the tests of steps that send requests."""

from __future__ import annotations

import json
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

CERTIFICATE = Path(__file__).with_name("localhost.pem")
EXPIRED = Path(__file__).with_name("expired.pem")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Transfer_Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _json(self, value, status=200):
        self._answer(status, json.dumps(value).encode(), Content_Type="application/json; charset=utf-8")

    def do_any(self):
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.requests.append((self.command, self.path, dict(self.headers), body))
        name, _, argument = url.path.strip("/").partition("/")
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"on_{name}")(argument, query, body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_any  # noqa: N815  the names are http.server's

    def on_echo(self, _argument, query, body):
        names = ("x-key", "authorization", "cookie", "content-type", "idempotency-key")
        headers = {name: self.headers[name] for name in names if name in self.headers}
        self._json({"method": self.command, "query": query, "headers": headers, "body": body})

    def on_status(self, argument, _query, _body):
        self._json({"error": argument}, status=int(argument))

    def on_redirect(self, argument, query, _body):
        self._answer(int(argument or 302), Location=query["to"])

    def on_loop(self, _argument, _query, _body):
        self._answer(302, Location="/loop")

    def on_raw(self, _argument, query, _body):
        self._answer(200, bytes.fromhex(query["hex"]), Content_Type=query.get("type", "text/plain"))

    def on_zipped(self, _argument, _query, _body):
        self._answer(200, b"x", Content_Encoding="gzip")

    def on_large(self, argument, _query, _body):
        self._answer(200, b"x" * int(argument))

    def on_endless(self, _argument, _query, _body):
        self._answer(200, Transfer_Encoding="chunked")
        while True:
            self.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    def on_drip(self, _argument, _query, _body):
        self._answer(200, Transfer_Encoding="chunked")
        for _ in range(200):
            self.wfile.write(b"1\r\nx\r\n")
            time.sleep(0.05)

    def on_slow_headers(self, _argument, _query, _body):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(200):
            self.wfile.write(f"X-{number}: 1\r\n".encode())
            time.sleep(0.05)

    def on_endless_headers(self, _argument, _query, _body):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-A: 1\r\n" * 1_000)

    def on_endless_line(self, _argument, _query, _body):
        while True:
            self.wfile.write(b"x" * 0x10000)

    def on_continue(self, _argument, _query, _body):
        while True:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_endless_trailer(self, _argument, _query, _body):
        self._answer(200, Transfer_Encoding="chunked")
        self.wfile.write(b"0\r\n")
        while True:
            self.wfile.write(b"X-A: 1\r\n" * 1_000)

    def on_encoded(self, argument, _query, _body):
        self._answer(200, Transfer_Encoding=f"{argument}, chunked")

    def on_switch(self, _argument, _query, _body):
        self._answer(101, Upgrade="any", Connection="upgrade")

    def on_silent(self, _argument, _query, _body):
        time.sleep(10)

    def on_garbage(self, _argument, _query, _body):
        self.wfile.write(b"\x00\xff not http\r\n\r\n")

    def on_cut(self, _argument, _query, _body):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *, certificate=None):
        self.requests = []
        super().__init__(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def handle_error(self, *_):
        """Clients that hang up are part of the tests."""


@contextmanager
def serving(*, certificate=None):
    server = Server(certificate=certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
