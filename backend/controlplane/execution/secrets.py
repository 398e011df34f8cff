"""Secrets of http steps: a definition names them, and the worker that sends the request reads their values.

The values come from environment variables or files, never from the database; `redaction` takes them out of what a
server sends back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from controlplane.errors import InvalidValueError, MissingSecretError, SecretHostError
from controlplane.execution.hosts import DEFAULT_PORTS, matches_host

MAX_BYTES = 16_000
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
SOURCES = ("env", "file")


@dataclass(frozen=True, kw_only=True)
class SecretHeader:
    """A header whose value is a secret of the workspace, after a scheme if there is one: `Bearer ..`."""

    header: str
    secret: str
    scheme: str | None = None


class Place(NamedTuple):
    """The first parts of the URL of a request."""

    scheme: str
    host: str
    port: int | None


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """Places of the secrets of each workspace, by the workspace's name: `{"env": NAME}` or `{"file": PATH}`.

    With `"hosts": [..]`, written as the hosts of a policy are, a secret is sent to these alone.
    """

    places: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Any) -> Secrets:
        """Check places from a file: workspaces, their secrets, and for each `env` or `file`, and perhaps `hosts`.

        Raises:
            InvalidValueError: they are something else; a value in the place of its source is not shown.
        """
        if not isinstance(data, Mapping):
            raise _refused("it")
        for workspace, names in data.items():
            if not isinstance(names, Mapping):
                raise _refused(str(workspace))
            for name, place in names.items():
                if not isinstance(place, Mapping) or not _is_place(place):
                    raise _refused(f"{workspace}.{name}")
        return cls(places=data)

    def read(self, *, workspace: str, name: str) -> str:
        """Return the value of a secret as it is now, or raise MissingSecretError."""
        place = self.places.get(workspace, {}).get(name)
        if place is None:
            raise MissingSecretError(secret=name, workspace=workspace, problem="it is not defined")
        value = _from_file(place["file"]) if "file" in place else os.environ.get(place["env"])
        if value is None or not value.strip():
            source = next(f"{kind} {place[kind]}" for kind in SOURCES if kind in place)
            raise MissingSecretError(secret=name, workspace=workspace, problem=f"there is nothing in the {source}")
        value = value.strip()
        if not _VALUE.fullmatch(value):
            problem = "it holds characters that no header takes"
            raise MissingSecretError(secret=name, workspace=workspace, problem=problem)
        return value

    def check_place(self, place: Place, *, workspace: str, name: str) -> None:
        """Raise SecretHostError if a secret is bound to other hosts than that of the request.

        A redirect to another origin carries no secret, so that the first host is the only one that gets it.
        """
        hosts = self.places.get(workspace, {}).get(name, {}).get("hosts")
        if hosts is None:
            return
        host, port = place.host.lower().rstrip("."), place.port or DEFAULT_PORTS.get(place.scheme, 0)
        if not any(matches_host(entry, host, port) for entry in hosts):
            raise SecretHostError(secret=name, workspace=workspace, hosts=", ".join(hosts), host=f"{host}:{port}")

    def values(self) -> tuple[str, ...]:
        """Return every secret of every workspace that can be read now."""
        every = [(workspace, name) for workspace, names in self.places.items() for name in names]
        found = []
        for workspace, name in every:
            with suppress(MissingSecretError):
                found.append(self.read(workspace=workspace, name=name))
        return tuple(found)

    def problem(self, *, workspace: str, name: str, url: str) -> str | None:
        """Return why a secret can't be read, or can't be sent to a URL, or None.

        A URL with references is checked when it is sent, and so is one that is not a URL.
        """
        try:
            self.read(workspace=workspace, name=name)
            if "${" not in url:
                with suppress(ValueError):
                    parts = urlsplit(url)
                    place = Place(parts.scheme, parts.hostname or "", parts.port)
                    self.check_place(place, workspace=workspace, name=name)
        except (MissingSecretError, SecretHostError) as error:
            return str(error).rstrip(".")
        return None


def _is_place(place: Mapping[Any, Any]) -> bool:
    sources = [place[kind] for kind in SOURCES if kind in place]
    hosts = place.get("hosts", ["*"])
    texts = [*sources, *hosts] if isinstance(hosts, list | tuple) and hosts else [None]
    known = set(place) <= {*SOURCES, "hosts"}
    return known and len(sources) == 1 and all(isinstance(text, str) and text for text in texts)


def _refused(place: str) -> InvalidValueError:
    rule = "it must map workspaces to names to {env: VARIABLE} or {file: PATH}, with hosts: [..] or without"
    return InvalidValueError(field="secrets", value=place, rule=rule)


def _from_file(path: str) -> str | None:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES).decode("utf-8-sig")
    except (OSError, ValueError):
        return None
