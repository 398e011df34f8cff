"""Checks of what callers hand in; each returns the value as it will be stored, or raises InvalidValueError."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from controlplane.clock import as_utc
from controlplane.errors import InvalidValueError

if TYPE_CHECKING:
    from datetime import datetime

E = TypeVar("E", bound=StrEnum)
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as json writes it: an escape that is not itself escaped
_HALVES = re.compile("[\ud800-\udfff]")  # of surrogate pairs: an argument of a command that is not UTF-8
SHOWN = 80  # characters of a bad text that an error repeats


def storable(text: str) -> str:
    """Replace what not every database takes in a text from elsewhere: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def text(field: str, value: Any, *, limit: int = 200) -> str:
    """Return `value` stripped: a text of 1 to `limit` characters that every database stores."""
    if not isinstance(value, str):
        raise InvalidValueError(field=field, value=value, rule="it must be a text")
    stripped = value.strip()
    if not stripped:
        raise InvalidValueError(field=field, value=value, rule="it must not be empty")
    if "\x00" in stripped:
        raise InvalidValueError(field=field, value=value[:SHOWN], rule="it must not contain a NUL character")
    if _HALVES.search(stripped):
        raise InvalidValueError(field=field, value=value[:SHOWN], rule="it must not contain half a character")
    if len(stripped) > limit:
        rule = f"it must have at most {limit} characters, not {len(stripped)}"
        raise InvalidValueError(field=field, value=stripped[:SHOWN] + "…", rule=rule)
    return stripped


def number(field: str, value: Any, *, low: float, high: float) -> float:
    """Return `value`: a real number from `low` to `high`, both included."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidValueError(field=field, value=value, rule=f"it must be a number from {low} to {high}")
    return value


def whole(field: str, value: Any, *, low: int, high: int) -> int:
    """Return `value`: a whole number from `low` to `high`, both included."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidValueError(field=field, value=value, rule=f"it must be a whole number from {low} to {high}")
    return value


def optional_text(field: str, value: Any, *, limit: int = 200) -> str | None:
    """Return None for None, else `value` as `text` does."""
    return None if value is None else text(field, value, limit=limit)


def json_object(field: str, value: Any) -> dict[str, Any]:
    """Return `value`: a dict that JSON can hold."""
    if not isinstance(value, dict):
        raise InvalidValueError(field=field, value=value, rule="it must be a JSON object")
    return dict(json_value(field, value))


def texts(field: str, values: Any) -> list[str]:
    """Return `values`: a list of texts of 1 to 200 characters."""
    if not isinstance(values, list | tuple):
        raise InvalidValueError(field=field, value=values, rule="it must be a list of texts")
    return [text(field, value) for value in values]


def member(field: str, value: Any, kind: type[E]) -> E:
    """Return `value` as a member of `kind`."""
    try:
        return kind(value)
    except ValueError:
        rule = "it must be one of " + ", ".join(kind)
        raise InvalidValueError(field=field, value=value, rule=rule) from None


def json_value(field: str, value: Any) -> Any:
    """Return `value`: what JSON can hold (texts, finite numbers, true, false, null, lists, text-keyed dicts).

    Texts must be ones that every database stores: no NUL character, no half of a surrogate pair.
    """
    try:
        shown = json.dumps(value, allow_nan=False, ensure_ascii=False)
        shown.encode()
        if _NUL.search(shown):
            rule = "its texts must not contain a NUL character"
        elif json.loads(shown) == value:
            return value
        else:
            rule = "it must survive a round trip through JSON unchanged"
    except (TypeError, ValueError, RecursionError) as error:
        rule = f"it must be JSON: {error}"
    raise InvalidValueError(field=field, value=value, rule=rule)


def window(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """Return the half-open window [since, until) in UTC; naive instants are read as UTC."""
    since, until = as_utc(since), as_utc(until)
    if until < since:
        raise InvalidValueError(field="until", value=until.isoformat(), rule=f"it must not be before {since}")
    return since, until
