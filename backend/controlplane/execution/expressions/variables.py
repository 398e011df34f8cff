"""`${input.a.b}`: references in parameters, and what they stand for.

A string that is one lone reference becomes the value, with its type; a reference inside other text is rendered
into it (text as it is, everything else as JSON). `$${` is a plain `${`. A present null is a value; a path that is
not there raises MissingReferenceError, which pauses the execution instead of failing it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from controlplane.errors import InvalidReferenceError, MissingReferenceError, ValueTooLargeError

MAX_CACHED = 1_000
MAX_RENDERED = 10_000_000
MAX_REFERENCE = 500
MAX_VALUE = 10_000_000
"""The most characters of JSON that one resolved value, or all variables of an execution, may take."""

_OPENING = re.compile(r"\$?\$\{")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[\w-]+|\[\d{1,9}\])*", re.ASCII)
_PART = re.compile(r"[\w-]+", re.ASCII)


@dataclass(frozen=True)
class Reference:
    """A path into the scope: `steps.fetch.output.rows[0]` is ("steps", "fetch", "output", "rows", "0")."""

    text: str
    path: tuple[str, ...]

    def resolve(self, scope: Mapping[str, Any]) -> Any:
        """Return the value that the path leads to, or raise MissingReferenceError."""
        value: Any = scope
        for part in self.path:
            if isinstance(value, Mapping) and part in value:
                value = value[part]
            elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                raise MissingReferenceError(reference=self.text)
        return value


def parse_template(text: str) -> tuple[str | Reference, ...]:
    """Split a string into literal text and references.

    Raises:
        InvalidReferenceError: a `${` without its `}`, or a path that is not one.
    """
    return _parse_cached(text) if len(text) <= MAX_CACHED else _parse(text)


def _parse(text: str) -> tuple[str | Reference, ...]:
    parts: list[str | Reference] = []
    literal: list[str] = []
    position = 0
    for opening in _OPENING.finditer(text):
        if opening.start() < position:
            continue
        literal.append(text[position : opening.start()])
        if opening.group() == "$${":
            literal.append("${")
            position = opening.end()
            continue
        closing = text.find("}", opening.end(), opening.end() + MAX_REFERENCE)
        path = text[opening.end() : closing].strip() if closing >= 0 else text[opening.end() :][:40]
        if closing < 0 or not _PATH.fullmatch(path):
            raise InvalidReferenceError(reference=path)
        parts.extend(filter(None, ["".join(literal)]))
        parts.append(Reference(path, tuple(_PART.findall(path))))
        literal, position = [], closing + 1
    rest = "".join([*literal, text[position:]])
    return (*parts, rest) if rest or not parts else tuple(parts)


_parse_cached = lru_cache(maxsize=8_192)(_parse)


def references(value: Any) -> Iterator[Reference]:
    """Yield every reference in the strings of a JSON value; keys of objects are not templates."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str) and "${" in item:
            yield from (part for part in parse_template(item) if isinstance(part, Reference))
        elif isinstance(item, Mapping):
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list | tuple):
            stack.extend(reversed(item))


def resolve(value: Any, scope: Mapping[str, Any]) -> Any:
    """Return `value` with every reference in it replaced; the result shares no container with the scope.

    Raises:
        MissingReferenceError: the scope has no such path; the first in reading order is named.
        InvalidReferenceError: a reference is malformed, or the text it is rendered into grows too large.
        ValueTooLargeError: the result would be larger than MAX_VALUE, as one that doubles in a loop becomes.
    """
    return _resolve(value, scope, Budget("a value"))


class Budget:
    """The characters of JSON that a value may still take."""

    def __init__(self, what: str, *, limit: int | None = None) -> None:
        self._what = what
        self._limit = MAX_VALUE if limit is None else limit
        self._left = self._limit

    def spend(self, value: Any) -> None:
        """Take off one scalar, or the brackets and commas of a container; its members are spent by themselves."""
        self._left -= 2 + (len(value) if isinstance(value, str | list | tuple | Mapping) else 4)
        if self._left < 0:
            raise ValueTooLargeError(what=self._what, limit=self._limit)


def check_size(value: Any, *, what: str) -> None:
    """Raise ValueTooLargeError if a JSON value is larger than MAX_VALUE; strings and keys are counted."""
    copy_json(value, Budget(what))


def _resolve(value: Any, scope: Mapping[str, Any], budget: Budget) -> Any:
    if isinstance(value, str):
        if "${" in value:
            return _resolve_text(value, scope, budget)
        budget.spend(value)
        return value
    budget.spend(value)
    if isinstance(value, Mapping):
        return {key: _resolve(item, scope, budget) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_resolve(item, scope, budget) for item in value]
    return value


def _resolve_text(text: str, scope: Mapping[str, Any], budget: Budget) -> Any:
    parts = parse_template(text)
    if len(parts) == 1 and isinstance(parts[0], Reference):
        return copy_json(parts[0].resolve(scope), budget)
    rendered: list[str] = []
    size = 0
    for part in parts:
        rendered.append(part if isinstance(part, str) else _render(part.resolve(scope)))
        size += len(rendered[-1])
        if size > MAX_RENDERED:
            raise InvalidReferenceError(
                reference=f"{text[:40]}… (its text grows beyond {MAX_RENDERED} characters)"
            )
    whole = "".join(rendered)
    budget.spend(whole)
    return whole


def _render(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def copy_json(value: Any, budget: Budget | None = None) -> Any:
    """Return a deep copy of a JSON value made of plain dicts and lists, within the budget if one is given."""
    if budget is not None:
        budget.spend(value)
    if isinstance(value, Mapping):
        if budget is not None:
            for key in value:
                budget.spend(key)
        return {key: copy_json(item, budget) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [copy_json(item, budget) for item in value]
    return value
