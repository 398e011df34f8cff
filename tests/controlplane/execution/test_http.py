from __future__ import annotations

import importlib.util
import socket
import ssl
import threading
import time
import tracemalloc
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from controlplane.errors import (
    ForbiddenAddressError,
    ForbiddenHostError,
    HttpCertificateError,
    HttpConnectionError,
    HttpDeadlineError,
    HttpError,
    HttpProtocolError,
    InvalidRequestError,
    ResponseTooLargeError,
    TooManyRedirectsError,
    UnexpectedStatusError,
)
from controlplane.execution.engine.config import Failure
from controlplane.execution.http import HttpPolicy, check_status, client, send
from controlplane.execution.http.client import CHARSETS, _decoded
from controlplane.execution.http.network import resolve_name
from controlplane.execution.http.policy import unwrapped

_spec = importlib.util.spec_from_file_location("web", Path(__file__).with_name("web.py"))
web = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(web)

LOCAL = HttpPolicy(allowed_hosts=("127.0.0.1:*",), allowed_networks=("127.0.0.1/32",), timeout=5)
ANY_HOST = HttpPolicy(allowed_hosts=("*:*",), timeout=3)


@pytest.fixture(scope="module")
def server():
    with web.serving() as running:
        yield running


@pytest.fixture(autouse=True)
def _forget(server):
    server.requests.clear()


def get(server, path, policy=LOCAL, **options):
    return send(policy=policy, url=server.url + path, **options)


def test_json_comes_back_as_data_with_status_and_headers(server):
    answer = get(server, "/echo?a=1", method="POST", headers={"X-Key": "k"}, query={"b": "2 3"}, json={"n": [1]})
    assert (answer.status, answer.text) == (200, None)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json == {
        "method": "POST",
        "query": {"a": "1", "b": "2 3"},
        "headers": {"x-key": "k", "content-type": "application/json"},
        "body": '{"n": [1]}',
    }
    assert answer.output == {"status": 200, "headers": answer.headers, "json": answer.json, "text": None}


@pytest.mark.parametrize(
    ("hexed", "media", "json", "text"),
    [
        (b"caf\xe9".hex(), "text/plain;charset=latin-1", None, "café"),
        (b"caf\xc3\xa9".hex(), "text/plain; charset=nonsense", None, "café"),
        (b"a\x00b".hex(), "text/plain", None, "a\ufffdb"),
        (b"[1, 1.5, true, null, -2]".hex(), "application/json", [1, 1.5, True, None, -2], None),
        (b"{broken".hex(), "application/json", None, "{broken"),
        (b"[NaN]".hex(), "application/json", None, "[NaN]"),
        (b"[1e999]".hex(), "application/json", None, "[1e999]"),
        ((b"[" * 3000).hex(), "application/json", None, "[" * 3000),
        ((b"[" * 200 + b"]" * 200).hex(), "application/json", None, "[" * 200 + "]" * 200),
        ((b"9" * 5000).hex(), "application/json", None, "9" * 5000),
        (b'{"a": "\\u0000\\ud800"}'.hex(), "application/problem+json", {"a": "\ufffd?"}, None),
        ("", "application/json", None, ""),
    ],
)
def test_a_body_is_json_or_else_text_and_can_always_be_stored(server, hexed, media, json, text):
    answer = get(server, "/raw", query={"hex": hexed, "type": media})
    assert (answer.json, answer.text) == (json, text)


@pytest.mark.parametrize(
    ("status", "retryable"), [(404, False), (400, False), (408, True), (429, True), (500, True), (503, True)]
)
def test_a_status_that_is_not_expected_is_an_error_with_the_answer(server, status, retryable):
    answer = get(server, f"/status/{status}")
    with pytest.raises(UnexpectedStatusError) as caught:
        check_status(answer)
    assert caught.value.retryable is retryable
    assert caught.value.output["json"] == {"error": str(status)}
    check_status(answer, expect=(status,))


def test_an_expected_list_replaces_the_range_of_success(server):
    with pytest.raises(UnexpectedStatusError):
        check_status(get(server, "/echo"), expect=(404,))


def test_environment_proxies_and_credentials_are_ignored(server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(server, "/echo").status == 200


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("ftp://127.0.0.1/x", InvalidRequestError),
        ("file:///etc/passwd", InvalidRequestError),
        ("http://user:pw@127.0.0.1/", InvalidRequestError),
        ("http://127.0.0.1@evil.example/", InvalidRequestError),
        ("http://evil.example/", ForbiddenHostError),
        ("http://127.0.0.1.evil.example/", ForbiddenHostError),
        ("http://127.0.0.2/", ForbiddenHostError),
        ("http:///x", ForbiddenHostError),
        ("/relative", InvalidRequestError),
        ("http://[::1", InvalidRequestError),
        ("http://127.0.0.1:99999/", InvalidRequestError),
        ("http://a\x00b/", InvalidRequestError),
    ],
)
def test_a_url_that_is_not_allowed_is_refused_before_any_name_is_resolved(url, error):
    def resolver(host, port):
        raise AssertionError(host)

    with pytest.raises(error):
        send(policy=LOCAL, url=url, resolver=resolver)


@pytest.mark.parametrize(
    ("entry", "host", "port", "fits"),
    [
        ("api.example.com", "api.example.com", 443, True),
        ("api.example.com", "API.example.com.", 443, True),
        ("api.example.com", "api.example.com", 8443, False),
        ("api.example.com:8443", "api.example.com", 8443, True),
        ("api.example.com:8443", "api.example.com", 443, False),
        ("*.example.com", "a.b.example.com", 443, True),
        ("*.example.com", "example.com", 443, False),
        ("*.example.com", "evilexample.com", 443, False),
        ("*", "anything.example", 443, True),
        ("[::1]:80", "::1", 80, True),
        ("[::1]", "::1", 443, True),
    ],
)
def test_the_allow_list_takes_names_suffixes_and_ports(entry, host, port, fits):
    policy = HttpPolicy(allowed_hosts=(entry,))
    if fits:
        policy.check_url(scheme="https", host=host, port=port, has_credentials=False)
    else:
        with pytest.raises(ForbiddenHostError):
            policy.check_url(scheme="https", host=host, port=port, has_credentials=False)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
        *("localhost", "LOCALHOST.", "0.0.0.0", "0", "127.255.255.254", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]"),
        *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
        *("[fe80::5efe:127.0.0.1]", "127。0。0。1", "①②⑦.0.0.1", "[::ffff:0:127.0.0.1]", "[::ffff:0.0.0.0]"),
        *("127.0.0.1.", "localhost.", "localhost。", "ⓛocalhost", "127.0.0.1%00.example", "00000177.0.0.1"),
        *("0X7F000001", "127.0x0.0.01", "localhost.localdomain", "%31%32%37.0.0.1", "[64:ff9b:1::7f00:1]"),
    ],
)
def test_the_loopback_is_refused_in_every_spelling(server, host):
    with pytest.raises((ForbiddenAddressError, InvalidRequestError, HttpConnectionError)) as caught:
        send(policy=ANY_HOST, url=f"http://{host}:{server.port}/echo")
    assert server.requests == []
    if isinstance(caught.value, HttpConnectionError):
        assert "can't be resolved" in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "100.100.100.200", "168.63.129.16", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
        *("100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
        *("fd00:ec2::254", "fe80::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "100::1", "3fff::1"),
        *("::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1"),
        *("::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b:2::1", "1::1", "4000::1", "::", "::1"),
        *("::169.254.169.254", "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:10.0.0.1", "5f00::1"),
    ],
)
def test_private_special_and_metadata_addresses_are_refused(address):
    with pytest.raises(ForbiddenAddressError, match="which is not public"):
        ANY_HOST.check_address("host.example", address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses_pass_also_inside_other_forms(address):
    ANY_HOST.check_address("host.example", address)


def test_an_allowed_network_passes_and_nothing_beside_it():
    policy = HttpPolicy(allowed_networks=("10.1.0.0/16",))
    policy.check_address("h", "10.1.2.3")
    policy.check_address("h", "::ffff:10.1.2.3")
    with pytest.raises(ForbiddenAddressError):
        policy.check_address("h", "10.2.0.1")


def test_isatap_stands_for_both_its_addresses():
    inside = ip_address("2606:4700::5efe:10.0.0.1")
    assert [str(found) for found in unwrapped(inside)] == ["2606:4700::5efe:a00:1", "10.0.0.1"]


def test_one_forbidden_address_among_several_refuses_the_host(server):
    with pytest.raises(ForbiddenAddressError):
        send(policy=LOCAL, url=f"{server.url}/echo", resolver=lambda *_: ["127.0.0.1", "169.254.169.254"])
    assert server.requests == []


def test_a_name_that_answers_differently_the_second_time_gains_nothing(server):
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["93.184.216.34"] if len(asked) > 1 else ["127.0.0.1"]

    policy = HttpPolicy(allowed_hosts=("rebind.example:*",), allowed_networks=("127.0.0.1/32",), timeout=5)
    answer = send(policy=policy, url=f"http://rebind.example:{server.port}/echo", resolver=rebinding)
    assert answer.status == 200
    assert asked == ["rebind.example"]
    assert server.requests[0][2]["Host"] == f"rebind.example:{server.port}"


def test_redirect_sends_new_request_and_checks_its_response(server):
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    policy = HttpPolicy(allowed_hosts=("rebind.example:*",), allowed_networks=("127.0.0.1/32",), timeout=5)
    url = f"http://rebind.example:{server.port}/redirect/302?to=/echo"
    with pytest.raises(ForbiddenAddressError, match=r"169\.254\.169\.254"):
        send(policy=policy, url=url, resolver=lambda *_: next(answers))
    assert [path for _, path, *_ in server.requests] == ["/redirect/302?to=/echo"]


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("http://169.254.169.254/latest/meta-data/", ForbiddenAddressError),
        ("http://[::ffff:169.254.169.254]/", ForbiddenAddressError),
        ("http://2852039166/", ForbiddenAddressError),
        ("//10.0.0.1/", ForbiddenAddressError),
        ("file:///etc/passwd", InvalidRequestError),
        ("gopher://127.0.0.1/", InvalidRequestError),
        ("http://a:b@127.0.0.1/", InvalidRequestError),
        ("http://[::1", HttpProtocolError),
    ],
)
def test_a_redirect_is_checked_like_the_first_request(server, target, error):
    policy = HttpPolicy(allowed_hosts=("*:*",), allowed_networks=("127.0.0.1/32",), timeout=5)
    with pytest.raises(error):
        get(server, "/redirect/302", policy, query={"to": target})
    assert len(server.requests) == 1


def test_a_redirect_to_a_host_off_the_list_is_refused(server):
    with pytest.raises(ForbiddenHostError, match="evil"):
        get(server, "/redirect/307", query={"to": "http://evil.example/"})


@pytest.mark.parametrize(("status", "method", "body"), [(303, "GET", ""), (302, "GET", ""), (307, "POST", "[1]")])
def test_a_redirect_keeps_method_and_body_as_its_status_says(server, status, method, body):
    answer = get(server, f"/redirect/{status}", method="POST", json=[1], query={"to": "/echo"})
    assert (answer.json["method"], answer.json["body"]) == (method, body)
    assert ("content-type" in answer.json["headers"]) is (body != "")


def test_a_redirected_question_for_headers_stays_one(server):
    get(server, "/redirect/302", method="HEAD", query={"to": "/echo"})
    assert [command for command, *_ in server.requests] == ["HEAD", "HEAD"]


def test_secrets_do_not_follow_a_redirect_to_another_origin(server):
    headers = {"Authorization": "Bearer s", "Cookie": "c=1", "X-Key": "k"}
    with web.serving() as other:
        answer = get(server, "/redirect/302", headers=headers, query={"to": f"{other.url}/echo"})
        assert answer.json["headers"] == {}
        answer = get(server, "/redirect/302", headers=headers, query={"to": "/echo"})
    assert answer.json["headers"] == {"x-key": "k", "authorization": "Bearer s", "cookie": "c=1"}


def test_endless_redirects_end(server):
    with pytest.raises(TooManyRedirectsError):
        get(server, "/loop")
    assert len(server.requests) == LOCAL.max_redirects + 1


@pytest.mark.parametrize("path", ["/drip", "/slow_headers", "/silent", "/continue"])
def test_the_deadline_holds_for_the_whole_request(server, path):
    started = time.monotonic()
    with pytest.raises(HttpDeadlineError) as caught:
        get(server, path, timeout=0.3)
    assert time.monotonic() - started < 5
    assert caught.value.retryable


def test_a_peer_that_reads_slowly_meets_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)

        def trickle():
            peer, _ = listening.accept()
            with peer, suppress(OSError):
                while peer.recv(2_048):
                    time.sleep(0.02)

        threading.Thread(target=trickle, daemon=True).start()
        started = time.monotonic()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with pytest.raises(HttpDeadlineError):
            send(policy=LOCAL, url=url, method="POST", json="x" * 20_000_000, timeout=0.5)
        assert time.monotonic() - started < 5


def test_a_resolver_that_hangs_meets_the_deadline(server):
    threads = []

    def hang(*_):
        threads.append(threading.current_thread())
        time.sleep(10)
        return ["127.0.0.1"]

    started = time.monotonic()
    with pytest.raises(HttpDeadlineError):
        get(server, "/echo", timeout=0.2, resolver=hang)
    assert time.monotonic() - started < 5
    assert [thread.daemon for thread in threads] == [True], "a process would wait for it at its end"


@pytest.mark.parametrize("path", ["/endless", "/large/100001"])
def test_a_body_beyond_the_limit_is_refused_without_reading_on(server, path):
    policy = HttpPolicy(**{**vars(LOCAL), "max_response_bytes": 100_000})
    with pytest.raises(ResponseTooLargeError):
        get(server, path, policy)
    assert len(get(server, "/large/100000", policy).text) == 100_000


@pytest.mark.parametrize(
    "path",
    [
        "/garbage",
        "/cut",
        "/zipped",
        "/endless_headers",
        "/endless_line",
        "/endless_trailer",
        "/encoded/gzip",
        "/switch",
    ],
)
def test_an_answer_that_is_not_proper_http_is_a_typed_error(server, path):
    tracemalloc.start()
    with pytest.raises((HttpProtocolError, HttpConnectionError)):
        get(server, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


LOCALHOST = HttpPolicy(
    allowed_hosts=("localhost:*", "other.example:*"), allowed_networks=("127.0.0.1/32",), timeout=5
)


def send_by_tls(server, path="/echo", host="localhost"):
    return send(policy=LOCALHOST, url=f"https://{host}:{server.port}{path}", resolver=lambda *_: ["127.0.0.1"])


@pytest.fixture
def trusting(monkeypatch):
    """Trust the certificates of the tests, and nothing else."""

    def trust(certificate):
        context = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(client, "_tls", lambda: context)

    return trust


def test_tls_verifies_the_name_of_the_url_though_the_address_is_connected_to(trusting):
    trusting(web.CERTIFICATE)
    with web.serving(certificate=web.CERTIFICATE) as server:
        assert send_by_tls(server).status == 200
        with pytest.raises(HttpCertificateError, match=r"not valid for 'other\.example'"):
            send_by_tls(server, host="other.example")
        assert len(server.requests) == 1


def test_untrusted_certificate_is_not_retried():
    with web.serving(certificate=web.CERTIFICATE) as server:
        with pytest.raises(HttpCertificateError, match="self-signed") as caught:
            send_by_tls(server)
        assert server.requests == []
    assert not caught.value.retryable
    assert not Failure.of(caught.value).retryable


def test_an_expired_certificate_is_refused_for_good(trusting):
    trusting(web.EXPIRED)
    with web.serving(certificate=web.EXPIRED) as server, pytest.raises(HttpCertificateError, match="expired"):
        send_by_tls(server)


def test_a_handshake_that_breaks_off_can_be_tried_again(trusting):
    trusting(web.CERTIFICATE)
    with web.serving() as plain, pytest.raises(HttpConnectionError) as caught:
        send_by_tls(plain)
    assert caught.value.retryable


def test_environment_certificates_are_not_trusted(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(web.CERTIFICATE))
    client._tls.cache_clear()
    with web.serving(certificate=web.CERTIFICATE) as server, pytest.raises(HttpCertificateError):
        send_by_tls(server)
    client._tls.cache_clear()


def test_a_redirect_from_https_to_http_is_refused(trusting):
    trusting(web.CERTIFICATE)
    with (
        web.serving(certificate=web.CERTIFICATE) as server,
        pytest.raises(HttpProtocolError, match="from https to http"),
    ):
        send_by_tls(server, "/redirect/302?to=http://localhost/")


def test_the_idempotency_key_is_a_header_that_the_caller_may_set_instead(server):
    for headers, sent in ({}, "run:step"), ({"Idempotency-Key": "own"}, "own"):
        answer = get(server, "/echo", method="POST", headers=headers, idempotency_key="run:step")
        assert answer.json["headers"]["idempotency-key"] == sent
    assert "idempotency-key" not in get(server, "/echo").json["headers"]


def test_the_idempotency_key_stays_with_its_origin(server):
    to_itself = get(server, "/redirect/307", idempotency_key="k", query={"to": "/echo"})
    assert to_itself.json["headers"] == {"idempotency-key": "k"}
    with web.serving() as other:
        elsewhere = get(server, "/redirect/307", idempotency_key="k", query={"to": f"{other.url}/echo"})
    assert elsewhere.json["headers"] == {}


def test_unreachable_host_is_retryable_error():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with pytest.raises(HttpConnectionError) as caught:
            send(policy=LOCAL, url=url)
    assert caught.value.retryable


def test_a_name_that_is_unknown_is_a_retryable_error():
    def unknown(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(HttpConnectionError, match="can't be resolved"):
        send(policy=ANY_HOST, url="http://nowhere.example/", resolver=unknown)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Content-Length": "5"},
        {"transfer-encoding": "chunked"},
        {"X-A": "1\r\nX-B: 2"},
        {"X\r\nA": "1"},
        {"X-A": ["list"]},
        {"X-A": "1\n X-B: 2"},
        {"X-A": "a\x00b"},
        {"": "1"},
        {"X A": "1"},
        {"X-A: 1\r\nX-B": "2"},
        {"X-A": "\ud800"},
    ],
)
def test_headers_that_could_change_the_request_are_refused(server, headers):
    with pytest.raises(InvalidRequestError):
        get(server, "/echo", headers=headers)
    assert server.requests == []


@pytest.mark.parametrize("path", ["/echo?a=1 HTTP/1.1\r\nX-Key: k", "/echo\r\n\r\nGET /echo HTTP/1.1", "/echo?\n"])
def test_a_line_break_in_a_url_starts_no_header(server, path):
    with suppress(InvalidRequestError):
        get(server, path)
    assert [headers for _, _, headers, _ in server.requests if "X-Key" in headers] == []
    assert len(server.requests) <= 1


def test_a_line_break_in_a_query_is_data(server):
    assert get(server, "/echo", query={"a": "1\r\nX-Key: k"}).json["query"] == {"a": "1\r\nX-Key: k"}
    assert "X-Key" not in server.requests[0][2]


def test_a_method_with_a_line_break_is_refused(server):
    with pytest.raises(InvalidRequestError):
        get(server, "/echo", method="GET / HTTP/1.1\r\nX: ")
    assert server.requests == []


def test_a_body_that_is_not_json_is_refused(server):
    with pytest.raises(InvalidRequestError):
        get(server, "/echo", method="POST", json=float("nan"))


def test_every_refusal_is_an_http_error():
    assert issubclass(ForbiddenHostError, HttpError)
    assert resolve_name("127.0.0.1", 80) == ["127.0.0.1"]


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "utf-7", "rot13", "zip", "utf-32", "x" * 500]
)
def test_charset_beyond_the_list_is_read_as_utf_8(charset):
    body = b"-" * 200_000
    assert _decoded(body, f"text/plain; charset={charset}") == (None, body.decode())


@pytest.mark.parametrize(
    ("text", "charsets"),
    [
        ("日本", ("shift_jis", "euc-jp", "utf-8", "utf-16", "utf-16le")),
        ("한국", ("euc-kr", "utf-16be", "gb18030")),
        ("中", ("gbk", "big5")),
        ("žluť", ("iso-8859-2", "windows-1250")),
        ("ёж", ("windows-1251", "koi8-r")),
        ("né€", ("iso-8859-15", "windows-1252", "cp1252")),
        ("né", ("iso-8859-1", "latin1", "latin-1")),
        ("ne", ("us-ascii", "ascii", "utf8")),
    ],
)
def test_text_in_a_charset_of_the_list_is_read(text, charsets):
    for charset in charsets:
        codec = "utf-16-le" if charset == "utf-16" else charset
        assert _decoded(text.encode(codec), f"text/plain; charset={charset}") == (None, text)


@pytest.mark.parametrize("codec", sorted(set(CHARSETS.values())))
def test_every_listed_charset_decodes_any_bytes(codec):
    assert isinstance(bytes(range(256)).decode(codec, errors="replace"), str)
