"""The version of the golden format in a snapshot folder, and which differences are of the format alone.

The file `.format` of a snapshot folder names the version; a folder without it has version 1. In a folder of an
older version, a golden that differs in nothing but its format passes, and `query-snapshot migrate` rewrites it.

Version 2 differs from version 1 by the types in the header of rows, by 150.0 for a float that was written as 150,
by the numbers of ids (by key instead of first appearance), by notes in the order line, by the line of unchanged
tables and by the planner's line of plans; in sql by 5.0 for a parameter that was written as 5, and by the hash of
long lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pytest_query_snapshot.atomic_write import write_text
from pytest_query_snapshot.errors import ConfigurationError
from pytest_query_snapshot.goldens.storage.golden_path import goldens_of
from pytest_query_snapshot.sql.lexer import canonical

CURRENT = 2
MARKER = ".format"
_ALIAS = re.compile(r"(?P<quoted>'(?:[^']|'')*')|(?P<kind>\b[a-z_][\w.]*#)(?P<number>s?\d+)")
_ORDER_NOTE = re.compile(r"; ties in rows [\d, -]+| \(masked\)")
_UNCHANGED = re.compile(r"^(?:untouched|unchanged): (?P<tables>.*)$")
_COUNTED = re.compile(r"[\w.\"]+ \(\d+\)")
_WHOLE_FLOAT = re.compile(r"(-?\d+)\.0")
_PARAMETER = re.compile(r"^ *-- :?\w+ = .*$", re.MULTILINE)
_HASHED = re.compile(r"(\.\.\. \d+ more), sha256 [0-9a-f]{16}(?=\)?$)")
_FLOAT = re.compile(r"(?P<quoted>'(?:[^']|'')*')|(?<![\w.#-])(?P<whole>-?\d+)\.0(?![\w.])")
_TEXT_TYPES = frozenset({"text", "json", "mixed", "unknown"})


def read_version(root: Path, snapshots: str) -> int:
    """Return the version of the goldens of a folder; the current one of an empty folder.

    Raises:
        ConfigurationError: the marker is damaged, or of a newer version than this.
    """
    path = root / snapshots / MARKER
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace").strip()
    except FileNotFoundError:
        return 1 if goldens_of(root, snapshots) else CURRENT
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    if not text.isdecimal() or int(text) > CURRENT:
        raise ConfigurationError(f"{path}: format {text!r} is not known here, upgrade pytest-query-snapshot")
    return int(text)


def write_version(root: Path, snapshots: str) -> None:
    """Mark a folder whose goldens all have the current format. Raises WriteFailedError."""
    write_text(root / snapshots / MARKER, f"{CURRENT}\n")


def mark_new_folder(folder: Path) -> None:
    """Name the version in a folder whose first golden was written just now."""
    if not (folder / MARKER).exists():
        write_text(folder / MARKER, f"{CURRENT}\n")


def differs_only_in_format(old: str, new: str, *, kind: str) -> bool:
    """Return whether a golden of an older version equals the received value; a doubt counts as a difference."""
    if kind == "rows":
        return _rows(old) in (_rows(new), _rows(new, whole_floats=True))
    if kind == "sql":
        return _sql(old) in (_sql(new), _sql(_PARAMETER.sub(_as_version_1, new)))
    essence = {"state": _state, "plan": _plan, "schema": _schema}.get(kind)
    return essence is not None and essence(old) == essence(new)


def _rows(golden: str, *, whole_floats: bool = False) -> list[str]:
    """Return the lines of rows without header types, with ids numbered by first appearance.

    whole_floats: write 150.0 as 150 in columns of numbers, as version 1 did.
    """
    lines = golden.splitlines()
    table = [_cells(line) for line in lines if line.startswith("|")]
    others = [_ORDER_NOTE.sub("", line) if line.startswith("order: ") else line for line in lines[:1]]
    others += [line for line in lines[1:] if not line.startswith("|")]
    if not table:
        return others
    header = [cell.rpartition(" ") for cell in table[0]]
    named = [kind not in _TEXT_TYPES for _, _, kind in header]
    body = table[2:]
    if whole_floats:
        body = [
            [_without_zero(cell) if numeric else cell for cell, numeric in zip(row, named, strict=False)]
            + row[len(named) :]
            for row in body
        ]
    if golden.startswith("order: none"):
        body = sorted(body, key=lambda row: [_blank(cell) for cell in row])
    numbers: dict[str, int] = {}
    rows = [
        [_numbered(cell, numbers) if has_ids else cell for cell, has_ids in zip(row, named, strict=False)]
        + row[len(named) :]
        for row in body
    ]
    return [*others, "\x1f".join(name for name, _, _ in header), *("\x1f".join(row) for row in rows)]


def _without_zero(cell: str) -> str:
    match = _WHOLE_FLOAT.fullmatch(cell)
    return match[1] if match is not None else cell


def _cells(line: str) -> list[str]:
    return re.split(r"(?<!\\) \| ", f" {line.strip()} ".removeprefix(" | ").removesuffix(" | "))


def _state(golden: str) -> list[str]:
    numbers: dict[str, int] = {}
    return [_numbered(line, numbers) for line in _with_sorted_rows(golden.splitlines())]


def _with_sorted_rows(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a state, the rows of each table in an order that ids don't decide."""
    fence: list[str] | None = None
    for line in lines:
        match = _UNCHANGED.match(line)
        if match is not None:
            yield f"unchanged: {', '.join(sorted(_COUNTED.findall(match['tables'])))}"
        elif line == "```diff":
            fence = []
        elif line == "```" and fence is not None:
            yield from sorted(fence, key=_blank)
            fence = None
        elif fence is not None:
            fence.append(line)
        else:
            yield line


def _sql(golden: str) -> list[object]:
    """Return the tokens of statements and the lines of facts, with ids numbered by first appearance."""
    numbers: dict[str, int] = {}
    found: list[object] = []
    statement: list[str] = []
    for line in [*golden.splitlines(), "--"]:
        if line.startswith("--"):
            if statement:
                found.append(canonical("\n".join(statement)))
                statement = []
            found.append(_numbered(line, numbers))
        else:
            statement.append(line)
    return found


def _as_version_1(line: re.Match[str]) -> str:
    """Write the parameters of a line as version 1 did: 5.0 as 5, and no hash of those that are not shown."""
    text = _HASHED.sub(r"\1", line[0])
    return _FLOAT.sub(lambda match: match["quoted"] or match["whole"], text)


def _schema(golden: str) -> tuple[str, ...]:
    return canonical(golden)


def _plan(golden: str) -> list[str]:
    numbers: dict[str, int] = {}
    lines = golden.splitlines()
    if lines and lines[0].startswith("planner: "):
        lines = lines[2:]
    return [_numbered(line, numbers) for line in lines]


def _blank(text: str) -> str:
    return _ALIAS.sub(lambda match: match["quoted"] or match["kind"], text)


def _numbered(text: str, numbers: dict[str, int]) -> str:
    """Number the ids outside of quotes by first appearance: texts are equal then if one renaming explains all."""

    def number(match: re.Match[str]) -> str:
        if match["quoted"]:
            return match["quoted"]
        kind = match["kind"]
        return f"{kind}{numbers.setdefault(match[0], sum(known.startswith(kind) for known in numbers) + 1)}"

    return _ALIAS.sub(number, text)
