"""Golden files on disk: text that survives git, editors and commit hooks, and reading that refuses broken files.

A file holds UTF-8 with line feeds. Some characters are written by their number, ``⟦U+000D⟧``: those that would
not come back as they were (carriage returns, other controls, line separators, a byte order mark, blanks at the end
of a line, half a surrogate pair), those that a reader can't see (bidirectional controls) and the first one of a
line that looks like a conflict marker. So git may convert line ends, and conflict markers in a file are always
those of a merge.
"""

from __future__ import annotations

import re
from pathlib import Path

from pytest_query_snapshot.atomic_write import write_text
from pytest_query_snapshot.errors import ConflictMarkersError, NotUtf8Error, UnreadableGoldenError

_OPEN, _CLOSE = "\u27e6", "\u27e7"
_ESCAPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
    rf"|{_OPEN}(?=U\+)"
    r"|[ \t](?=\n|\Z)"
    r"|^(?:<(?=<{6}(?:[ \n]|\Z))|>(?=>{6}(?:[ \n]|\Z))|=(?=={6}(?:\n|\Z))|\|(?=\|{6}(?:[ \n]|\Z)))",
    re.MULTILINE,
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_NUMBER = re.compile(rf"{_OPEN}U\+(10[0-9A-F]{{4}}|[0-9A-F]{{4,5}}){_CLOSE}")
_CONFLICT = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?:[ \r\n]|\Z)", re.MULTILINE)


def encode(text: str) -> str:
    """Return the form in which a text is written; most texts are written as they are."""
    return _ESCAPED.sub(lambda match: f"{_OPEN}U+{ord(match[0]):04X}{_CLOSE}", text)


def visible(text: str) -> str:
    """Return a text with its controls by their number, as its file has them: a terminal must not obey a value."""
    return _CONTROL.sub(lambda match: f"{_OPEN}U+{ord(match[0]):04X}{_CLOSE}", text)


def decode(written: str) -> str:
    """Return the text of a file, whichever line ends it has now."""
    plain = written.removeprefix("\ufeff").replace("\r\n", "\n")
    return _NUMBER.sub(lambda match: chr(int(match[1], 16)), plain) if _OPEN in plain else plain


def write(path: Path, text: str) -> None:
    """Write a golden, whole or not at all.

    Raises:
        WriteFailedError: the folder or the file can't be written.
    """
    write_text(path, encode(text))


def read(path: Path | str) -> str | None:
    """Read a golden; None if there is none.

    Raises:
        ConflictMarkersError: a merge is not finished.
        NotUtf8Error: the file is not text.
        UnreadableGoldenError: the system refuses to read it.
    """
    try:
        # half the time of Path.read_bytes, in every comparison
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            raw = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableGoldenError(path=path, reason=error.strerror or str(error)) from error
    return parse(raw, path=path)


def parse(raw: bytes, *, path: Path | str) -> str:
    """Return the text of a golden from the bytes of its file; see ``read``."""
    if b"<<<<<<<" in raw or b">>>>>>>" in raw or b"|||||||" in raw:
        found = _CONFLICT.search(raw)
        if found is not None:
            raise ConflictMarkersError(path=path, line=raw.count(b"\n", 0, found.start()) + 1)
    try:
        return decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise NotUtf8Error(path=path, offset=error.start) from error


def parse_leniently(raw: bytes) -> str:
    """Return the text of a golden that is only shown: damage stays visible and is not an error."""
    return decode(raw.decode("utf-8", "replace"))
