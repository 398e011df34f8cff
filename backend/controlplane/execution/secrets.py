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
from typing import Any

from controlplane.errors import InvalidValueError, MissingSecretError

MAX_BYTES = 16_000
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
SOURCES = ("env", "file")


@dataclass(frozen=True, kw_only=True)
class SecretHeader:
    """A header whose value is a secret of the workspace, after a scheme if there is one: `Bearer ..`."""

    header: str
    secret: str
    scheme: str | None = None


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """Places of the secrets of each workspace, by the workspace's name: `{"env": NAME}` or `{"file": PATH}`."""

    places: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Any) -> Secrets:
        """Check places from a file: workspaces, their secrets, and for each `env` or `file`.

        Raises:
            InvalidValueError: they are something else; a value in the place of its source is not shown.
        """
        if not isinstance(data, Mapping):
            raise _refused("it")
        for workspace, names in data.items():
            if not isinstance(names, Mapping):
                raise _refused(str(workspace))
            for name, place in names.items():
                fits = isinstance(place, Mapping) and len(place) == 1 and set(place) <= set(SOURCES)
                if not fits or not all(isinstance(value, str) and value for value in place.values()):
                    raise _refused(f"{workspace}.{name}")
        return cls(places=data)

    def read(self, *, workspace: str, name: str) -> str:
        """Return the value of a secret as it is now, or raise MissingSecretError."""
        place = self.places.get(workspace, {}).get(name)
        if place is None:
            raise MissingSecretError(secret=name, workspace=workspace, problem="it is not defined")
        value = _from_file(place["file"]) if "file" in place else os.environ.get(place["env"])
        if value is None or not value.strip():
            source = " ".join(next(iter(place.items())))
            raise MissingSecretError(secret=name, workspace=workspace, problem=f"there is nothing in the {source}")
        value = value.strip()
        if not _VALUE.fullmatch(value):
            problem = "it holds characters that no header takes"
            raise MissingSecretError(secret=name, workspace=workspace, problem=problem)
        return value

    def values(self) -> tuple[str, ...]:
        """Return every secret of every workspace that can be read now."""
        every = [(workspace, name) for workspace, names in self.places.items() for name in names]
        found = []
        for workspace, name in every:
            with suppress(MissingSecretError):
                found.append(self.read(workspace=workspace, name=name))
        return tuple(found)

    def problem(self, *, workspace: str, name: str) -> str | None:
        """Return why a secret can't be read, or None."""
        try:
            self.read(workspace=workspace, name=name)
        except MissingSecretError as error:
            return str(error).rstrip(".")
        return None


def _refused(place: str) -> InvalidValueError:
    rule = "it must be a mapping of workspaces to names to {env: VARIABLE} or {file: PATH}"
    return InvalidValueError(field="secrets", value=place, rule=rule)


def _from_file(path: str) -> str | None:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES).decode("utf-8-sig")
    except (OSError, ValueError):
        return None
