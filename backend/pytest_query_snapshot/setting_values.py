"""Values of settings that can't be meant: without a check each would have no effect, and nothing would say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_BLANK = re.compile(r"\s")
_NOT_IN_NAMES = re.compile(r"[\s,;:=/\\%|+^~@&!<>()\[\]{}\"'`]")
_NOT_IN_PATHS = re.compile(r"[\n\"'\[\]{}~$%]")
_LEVELS = ("off", "report", "fail")


def wrong_value(name: str, value: str | Sequence[str]) -> str | None:
    """Return a message about the first part of a value that can't be meant; None where all of it can."""
    check = _CHECKS.get(name)
    if check is None:
        return None
    for part in (value,) if isinstance(value, str) else value:
        problem = check(part)
        if problem is not None:
            return f"{name}: {part!r} {problem}"
    return None


def _mask(pattern: str) -> str | None:
    table, _, column = pattern.partition(".")
    if not table or not column:
        return "names no column; write table.column or *.column"
    if _BLANK.search(pattern):
        return "holds a blank: write one pattern a line, and ? for a blank within a name"
    return _unusual(pattern, "write table.column, with * for anything and ? for one character")


def _column(name: str) -> str | None:
    if "." in name or "*" in name or "?" in name:
        return "is not the bare name of a column: write workspace_id, without its table and without a pattern"
    return _unusual(name, "write names of columns with spaces between them")


def _table(name: str) -> str | None:
    if "*" in name or "?" in name:
        return "is a pattern: write the name of each table"
    return _unusual(name, "write names of tables with spaces between them")


def _unusual(name: str, instead: str) -> str | None:
    found = _NOT_IN_NAMES.search(name)
    return None if found is None else f"holds {found[0]!r}, which no such name has: {instead}"


def _folder(path: str) -> str | None:
    found = _NOT_IN_PATHS.search(path)
    if found is not None:
        return f"holds {found[0]!r}, which would be part of the name: write a path as it is, from the root"
    return None if path.strip() else "names no folder: leave the setting out for the default"


def _golden_folder(path: str) -> str | None:
    if path.strip() and not path.replace("\\", "/").strip("./ "):
        return "is not a folder of its own: everything in it would be taken for goldens"
    return _folder(path)


def _level(value: str) -> str | None:
    return None if value in _LEVELS else f"is not one of {', '.join(_LEVELS)}"


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "query_snapshot_mask": _mask,
    "query_snapshot_tenant_columns": _column,
    "query_snapshot_unbounded_tables": _table,
    "query_snapshot_growing_tables": _table,
    "query_snapshot_query_hazards": _level,
    "query_snapshot_hazards": _level,
    "query_snapshot_dir": _golden_folder,
    "query_snapshot_seeds": _folder,
}
