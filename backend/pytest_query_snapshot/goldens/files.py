"""Golden files on disk: names that never collide, reading that refuses what is broken."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from pytest_query_snapshot.errors import ConflictMarkersError, NotUtf8Error

if TYPE_CHECKING:
    from pathlib import Path

# File systems allow 255 bytes; a temporary name and the longest suffix must fit too.
LONGEST_TEST = 120
LONGEST_LABEL = 60
SHARED_KINDS = {"rows": ".rows.md", "state": ".state.md"}
DIALECT_KINDS = {"sql": ".sql", "plan": ".plan.txt", "schema": ".schema.sql"}
_LOST = re.compile(r"[^A-Za-z0-9_.,=+[\]-]+")
_HASH = 8
_CONFLICT = re.compile(rb"^(?:<{7} |>{7} )", re.MULTILINE)
# Names that Windows keeps for devices.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{at}" for port in ("com", "lpt") for at in range(1, 10))}
)


def suffix(kind: str, dialect: str) -> str:
    """Return how the files of a kind end."""
    shared = SHARED_KINDS.get(kind)
    return shared if shared is not None else f".{dialect}{DIALECT_KINDS[kind]}"


def slug(name: str, *, longest: int) -> str:
    """Turn a name into a file name, injectively: where the slug loses something, a hash of the name follows.

    Capitals count as lost, since many file systems do not tell them apart.
    """
    kept = _LOST.sub("-", name).strip("-.") or "x"
    lossless = kept == name and kept == kept.lower() and "--" not in kept
    if lossless and len(kept) <= longest and kept not in _DEVICES:
        return kept
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    return f"{kept[: longest - _HASH - 2]}--{digest}"


def stem(test: str, name: str | None) -> str:
    """Return how the files of a comparison begin: the test, and the name if it has one."""
    first = slug(test, longest=LONGEST_TEST)
    return first if name is None else f"{first}-{slug(name, longest=LONGEST_LABEL)}"


def read(path: Path | str) -> str | None:
    """Read a golden; None if there is none.

    Raises:
        ConflictMarkersError: a merge is not finished.
        NotUtf8Error: the file is not text.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123  half the time of Path.read_bytes, in every comparison
            raw = file.read()
    except FileNotFoundError:
        return None
    if b"<<<<<<< " in raw or b">>>>>>> " in raw:
        found = _CONFLICT.search(raw)
        if found is not None:
            raise ConflictMarkersError(path=path, line=raw.count(b"\n", 0, found.start()) + 1)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(path=path, offset=error.start) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n")
