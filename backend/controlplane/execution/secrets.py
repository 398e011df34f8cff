"""Secrets of http steps: a definition names them, and the worker that sends the request reads their values.

The values come from environment variables or files, never from the database; what a server sends back of them is
taken out of the response.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from controlplane.errors import InvalidValueError, MissingSecretError

MAX_BYTES = 16_000
HIDDEN = "[secret]"
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


def hide(value: Any, secrets: Iterable[str]) -> Any:
    """Return JSON, or a text, without the secrets: a server may send back what it was sent."""
    forms = {form for secret in secrets for form in _forms(secret)}
    if not forms:
        return value
    pattern = re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))
    return _hidden(value, pattern)


def _forms(secret: str) -> tuple[str, ...]:
    return secret, json.dumps(secret)[1:-1], quote(secret, safe=""), quote(secret), quote_plus(secret)


def _hidden(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {_hidden(key, pattern): _hidden(item, pattern) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item, pattern) for item in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return HIDDEN if is_number and pattern.fullmatch(str(value)) else value
