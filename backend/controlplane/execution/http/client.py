"""Sends one request, follows its redirects, and reads what comes back, within the limits of a policy."""

from __future__ import annotations

import json as jsonlib
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import httpcore2
import httpx2

from controlplane.errors import (
    HttpCertificateError,
    HttpConnectionError,
    HttpDeadlineError,
    HttpProtocolError,
    InvalidRequestError,
    ResponseTooLargeError,
    TooManyRedirectsError,
    UnexpectedStatusError,
)
from controlplane.execution.http.network import CheckedNetwork, Deadline, Resolver, resolve_name
from controlplane.execution.http.policy import HttpPolicy
from controlplane.validation import storable

MAX_DEPTH = 100
RETRYABLE = (408, 425, 429)

# Python has codecs whose time grows with the square of the body (punycode) or that unpack it (zip): a short list,
# each of whose codecs takes a time in proportion to the body. The names are those of the WHATWG Encoding Standard.
CHARSETS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
        **dict.fromkeys(("utf-16", "utf-16le"), "utf-16-le"),
        "utf-16be": "utf-16-be",
        **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"), "cp1252"),
        **{name: name for name in ("iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "koi8-r")},
        **{name: name for name in ("shift_jis", "euc-jp", "gb18030", "gbk", "big5", "euc-kr")},
    }
)
_REDIRECTS = (301, 302, 303, 307, 308)
_OURS = ("host", "content-length", "transfer-encoding", "connection", "accept-encoding", "upgrade", "te")
_HARMLESS = ("accept", "content-type", "user-agent")
_AGENT = "controlplane"


@dataclass(frozen=True, kw_only=True)
class HttpResponse:
    """The response; `json` is null unless the body says that it is JSON, and `text` is null then."""

    status: int
    headers: Mapping[str, str]
    json: Any = None
    text: str | None = None
    url: str = ""

    @property
    def output(self) -> dict[str, Any]:
        """The response as the output of a step."""
        return {"status": self.status, "headers": dict(self.headers), "json": self.json, "text": self.text}


def send(
    *,
    policy: HttpPolicy,
    url: str,
    method: str = "GET",
    headers: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
    json: Any = None,
    idempotency_key: str | None = None,
    timeout: float | None = None,
    resolver: Resolver = resolve_name,
) -> HttpResponse:
    """Send a request and return the final response, with any status.

    `idempotency_key` travels as the header Idempotency-Key, unless the caller sets that header itself.
    `timeout` (seconds) is for the whole of it: resolving, connecting, redirects, the body to its last byte.
    Each redirect is checked like the first request; to another origin only harmless headers go along.

    Raises:
        HttpError: one of its kinds; `retryable` says whether trying again can help.
    """
    deadline = Deadline(policy.timeout if timeout is None else min(timeout, policy.timeout))
    key = {} if idempotency_key is None else {"idempotency-key": idempotency_key}
    request = _request(method, url, key, headers or {}, query or {}, json)
    for _ in range(policy.max_redirects + 1):
        response = _send_once(request, policy, deadline, resolver)
        location = response.headers.get("location")
        if response.status not in _REDIRECTS or location is None:
            return response
        request = _redirected(request, response.status, location)
    raise TooManyRedirectsError(url=url, limit=policy.max_redirects)


def read_url(url: str) -> httpx2.URL:
    """Return a URL as `send` reads it, or raise InvalidRequestError."""
    try:
        return httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError, TypeError) as error:
        raise InvalidRequestError(problem=str(error)) from error


def check_status(response: HttpResponse, *, expect: tuple[int, ...] = ()) -> None:
    """Raise UnexpectedStatusError unless the status is expected (nothing listed: 200 to 299)."""
    status = response.status
    if status in expect if expect else 200 <= status < 300:  # noqa: PLR2004  HTTP
        return
    retryable = status >= 500 or status in RETRYABLE  # noqa: PLR2004  HTTP
    raise UnexpectedStatusError(status=status, url=response.url, output=response.output, retryable=retryable)


def _request(  # noqa: PLR0917  all that a request is made of
    method: str, url: str, key: Mapping[str, str], headers: Mapping[str, Any], query: Mapping[str, Any], json: Any
) -> httpx2.Request:
    own = {"user-agent": _AGENT, "accept-encoding": "identity", **key}
    for name, value in headers.items():
        if not isinstance(value, str | int | float):
            raise InvalidRequestError(problem=f"the header {name!r} must be a text")
        if name.lower() in _OURS:
            raise InvalidRequestError(problem=f"the header {name!r} is not the caller's to set")
        own[name.lower()] = str(value)
    content = None
    try:
        if json is not None:
            content = jsonlib.dumps(json, allow_nan=False, ensure_ascii=False).encode()
            own.setdefault("content-type", "application/json")
        target = httpx2.URL(url)
        target = target.copy_merge_params(dict(query)) if query else target
        return httpx2.Request(method, target, headers=own, content=content)
    except (httpx2.InvalidURL, ValueError, TypeError, UnicodeError, RecursionError) as error:
        raise InvalidRequestError(problem=str(error)) from error


def _redirected(request: httpx2.Request, status: int, location: str) -> httpx2.Request:
    try:
        url = request.url.join(location)
    except (httpx2.InvalidURL, ValueError) as error:
        raise HttpProtocolError(problem=f"it redirects to {location!r}, which is not a URL") from error
    if request.url.scheme == "https" and url.scheme != "https":
        raise HttpProtocolError(problem=f"it redirects from https to {url.scheme}")
    keeps_body = status in (307, 308) or request.method in ("GET", "HEAD")
    same = (url.scheme, url.host, url.port) == (request.url.scheme, request.url.host, request.url.port)
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in _OURS and (same or name in _HARMLESS) and (keeps_body or name != "content-type")
    }
    method = request.method if keeps_body else "GET"
    content = request.content if keeps_body else None
    return httpx2.Request(method, url, headers={**headers, "accept-encoding": "identity"}, content=content or None)


def _send_once(
    request: httpx2.Request, policy: HttpPolicy, deadline: Deadline, resolver: Resolver
) -> HttpResponse:
    url = request.url
    policy.check_url(
        scheme=url.scheme, host=url.host, port=url.port, has_credentials=bool(url.username or url.password)
    )
    network = CheckedNetwork(policy, deadline, resolver)
    try:
        # a pool per request: its deadline and its checked addresses are not shared
        with httpcore2.ConnectionPool(network_backend=network, ssl_context=_tls(), retries=0) as pool:
            core = httpcore2.Request(
                request.method.encode(),
                httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.content,
            )
            response = pool.handle_request(core)
            try:
                return _received(response, request, policy)
            finally:
                response.close()
    except httpcore2.TimeoutException as error:
        raise HttpDeadlineError(seconds=deadline.seconds) from error
    except httpcore2.NetworkError as error:
        for cause in error.args:
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise HttpCertificateError(host=url.host, problem=cause.verify_message) from error
        raise HttpConnectionError(host=url.host, problem=str(error)) from error
    except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
        ours = isinstance(error, httpcore2.LocalProtocolError)
        raise (InvalidRequestError if ours else HttpProtocolError)(problem=str(error)) from error


@lru_cache(maxsize=1)
def _tls() -> Any:
    """The one TLS context: certificates verified, nothing taken from the environment."""
    return httpx2.create_ssl_context(trust_env=False)


def _received(response: httpcore2.Response, request: httpx2.Request, policy: HttpPolicy) -> HttpResponse:
    headers = httpx2.Headers(response.headers)
    if headers.get("content-encoding", "identity").lower() != "identity":
        # a small body could unpack to any size
        raise HttpProtocolError(problem="it is compressed though that was not asked for")
    plain = {name.lower(): storable(", ".join(headers.get_list(name))) for name in headers}
    body = b"".join(_limited(response, policy.max_response_bytes))
    value, text = _decoded(body, headers.get("content-type", ""))
    return HttpResponse(status=response.status, headers=plain, json=value, text=text, url=str(request.url))


def _limited(response: httpcore2.Response, limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_stream():
        size += len(chunk)
        if size > limit:
            raise ResponseTooLargeError(limit=limit)
        yield chunk


def _decoded(body: bytes, content_type: str) -> tuple[Any, str | None]:
    """Return (JSON value, None) or (None, text): text when the body is not JSON, even if declared as JSON."""
    media, _, parameters = content_type.partition(";")
    media = media.strip().lower()
    charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    text = body.decode(CHARSETS.get(charset, "utf-8"), errors="replace")
    if media == "application/json" or media.endswith("+json"):
        try:
            return _storable(jsonlib.loads(text, parse_constant=_no_constant), 0), None
        except (ValueError, RecursionError):
            pass
    return None, storable(text)


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _storable(value: Any, depth: int) -> Any:
    """Return JSON with texts that every database takes; ValueError beyond the depth or the numbers of JSON."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): _storable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError("a number beyond what JSON holds")
    return value
