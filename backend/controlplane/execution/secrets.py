"""Secrets of http steps: a definition names them, and the worker that sends the request reads their values.

The values come from environment variables or files, never from the database; what a server sends back of them is
taken out of the response.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from controlplane.errors import InvalidValueError, MissingSecretError

MAX_BYTES = 16_000
HIDDEN = "[secret]"
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
SOURCES = ("env", "file")
MIN_ENCODED = 6
"""Characters of a secret below which its encoded forms are too common to be taken for it."""
_ENTITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {'"': ("quot",), "&": ("amp",), "<": ("lt",), ">": ("gt",), "'": ("apos",), "+": ("plus",), "=": ("equals",)}
)
_URL_SAFE = str.maketrans("+/", "-_")


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


def hide(value: Any, secrets: Iterable[str]) -> Any:
    """Return JSON, or a text, without the secrets: a server may send back what it was sent, escaped or encoded."""
    wanted = tuple(sorted(set(secrets), key=len, reverse=True))
    return _hidden(value, _pattern(wanted)) if wanted else value


@lru_cache(maxsize=16)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str]:
    """Match each secret in any case (hosts and header names come back in lower case), spelling and encoding."""
    spelled = ["".join(map(_spellings, text)) for secret in secrets for text in (secret, *_credentials(secret))]
    encoded = sorted({form for secret in secrets for form in _encodings(secret)}, key=len, reverse=True)
    return re.compile("|".join([*spelled, *map(re.escape, encoded)]), re.IGNORECASE)


def _spellings(character: str) -> str:
    """Match one character: itself, or as URLs, JSON, Python and HTML write it."""
    if character.isalnum():
        return character
    code, names = ord(character), "".join(f"|{name}" for name in _ENTITIES.get(character, ()))
    forms = [
        rf"\\*{re.escape(character)}",
        f"%(?:25)*{code:02x}",
        rf"\\+(?:u00|x){code:02x}",
        f"&(?:amp;)*(?:#0*{code}|#x0*{code:02x}{names});?",
    ]
    return f"(?:{'|'.join([*forms, '[+]'] if character == ' ' else forms)})"


def _credentials(secret: str) -> tuple[str, ...]:
    """Return the user with the password, and the password, of a secret that is those of Basic authentication."""
    try:
        text = base64.b64decode(secret, validate=True).decode()
    except ValueError:
        return ()
    _, colon, password = text.partition(":")
    return (text, password) if colon and len(password) >= MIN_ENCODED and password.isprintable() else ()


def _encodings(secret: str) -> Iterator[str]:
    """Yield the hexadecimal form, and the parts of Base64 that are the same at any place in a text."""
    raw = secret.encode()
    if len(raw) < MIN_ENCODED:
        return
    yield raw.hex()
    for before in range(3):
        whole = (before + len(raw)) // 3 * 3 - before
        text = base64.b64encode(b"\0" * before + raw[:whole]).decode()[before + (before > 0) :]
        yield from (text, text.translate(_URL_SAFE))


def _hidden(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {_hidden(key, pattern): _hidden(item, pattern) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item, pattern) for item in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return HIDDEN if is_number and pattern.fullmatch(str(value)) else value
