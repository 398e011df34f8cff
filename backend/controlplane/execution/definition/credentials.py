"""Credentials that stand in a definition: every reader of its versions, executions or logs would read them.

A header that is a credential by its standard may not be written at all. Other names that mean one, in headers,
queries, URLs and JSON bodies, may hold a reference, but not the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from controlplane.execution.definition.problems import Problem, ProblemKind
from controlplane.execution.definition.steps import HttpStep, MapStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controlplane.execution.definition.steps import Definition

MAX_NAME = 100
MAX_DEPTH = 100
"""Levels of a body that are searched; a deeper one can't be read from a file."""
CREDENTIALS = ("authorization", "proxy-authorization", "cookie")
_WORDS = frozenset(
    {
        *("authorization", "auth", "token", "secret", "password", "passwd", "pwd", "passphrase", "credential"),
        *("credentials", "apikey", "bearer", "jwt", "signature"),
    }
)
_KEYS = ("api", "access", "secret", "private", "subscription", "auth", "functions")
"""Words before `key`: an API key is a credential, an idempotency key is not."""
_PAGING = frozenset({"page", "next", "continuation", "cursor", "sync", "start"})
"""Words beside `token` that make it a place in a list."""
_ABOUT = frozenset(
    {
        *("type", "url", "uri", "name", "hint", "policy", "method", "mode", "kind", "format", "algorithm"),
        *("length", "id", "count", "limit", "expiry", "expires", "ttl", "status"),
        *("required", "enabled", "version"),
    }
)
"""Last words of the fields of a body that are about a credential: `token_type`, `password_hint`."""
_USER = re.compile(r"\s*[a-z][a-z0-9+.-]*://[^/?#]*@", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def exposed_credentials(definition: Definition) -> list[Problem]:
    """Return a problem for each credential that an http step of the definition holds; no value is shown."""
    parts = [(step.key, step.body if isinstance(step, MapStep) else step) for step in definition.steps]
    return [
        Problem(ProblemKind.EXPOSED_CREDENTIAL, key, found)
        for key, part in parts
        if isinstance(part, HttpStep)
        for found in _exposed(part)
    ]


def _exposed(step: HttpStep) -> Iterator[str]:
    for found in _exposed_outside_body(step):
        yield f"{found}: name a secret in secret_headers instead"
    for path in dict.fromkeys(_written_in(step.json, "json", 0)):
        yield (
            f"{path} holds a credential: name a secret in secret_headers instead, "
            "or have a task send it whose action reads it"
        )


def _exposed_outside_body(step: HttpStep) -> Iterator[str]:
    for name, value in step.headers.items():
        if name.strip().lower() in CREDENTIALS or _is_written_credential(name, value):
            yield f"the header {name} holds a credential"
    queries = [*step.query.items(), *_query_of(step.url)]
    for name in dict.fromkeys(name for name, value in queries if _is_written_credential(name, value)):
        yield f"the query parameter {name} holds a credential"
    if _USER.match(step.url):
        yield "the url holds a user or password"


def _query_of(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query)
    except ValueError:  # not a URL: sending it says so
        return []


def _is_written_credential(name: str, value: Any) -> bool:
    """Return whether a name means a credential, and its value is not a reference."""
    is_written = isinstance(value, str | int | float) and value not in ("", True, False) and "${" not in str(value)
    return is_written and means_credential(name)


def _written_in(value: Any, path: str, depth: int) -> Iterator[str]:
    """Yield the path of each field of a JSON body that holds a credential, at any depth."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            inner = f"{path}.{str(name)[:MAX_NAME]}"
            if isinstance(item, str) and _is_written_credential(str(name), item) and not _is_about(str(name)):
                yield inner
            yield from _written_in(item, inner, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _written_in(item, f"{path}[]", depth + 1)


def _is_about(name: str) -> bool:
    words = _WORD.findall(name)
    return bool(words) and words[-1].lower() in _ABOUT


def means_credential(name: str) -> bool:
    """Return whether the words of a name mean a credential."""
    words = [word.lower() for word in _WORD.findall(name)]
    if any(before in _KEYS and word == "key" for before, word in pairwise(words)):
        return True
    return bool(_WORDS & set(words)) and not _PAGING & set(words)
