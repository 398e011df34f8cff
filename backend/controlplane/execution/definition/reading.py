"""Untrusted text to plain data.

The data are built straight from the event stream of libyaml, so a limit is met while reading and not after.
Scalars follow the JSON schema of YAML 1.2 (so `on` and `no` are texts and dates stay texts); anchors, aliases,
tags and duplicate keys are refused: a definition is a tree, and a small text never becomes large data.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from controlplane.errors import UnreadableDefinitionError
from controlplane.execution.definition.parsing import parse_definition
from controlplane.execution.definition.steps import Definition

MAX_BYTES = 8_000_000
MAX_DEPTH = 40
MAX_VALUES = 500_000
MAX_DIGITS = 30

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DIRECTIVE = re.compile("^%TAG", re.MULTILINE)
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_definition(source: Path | str | bytes) -> Definition:
    """Read and check a definition from a file (a Path) or from its text, YAML or JSON.

    Raises:
        UnreadableDefinitionError: it is not data within the limits.
        InvalidDefinitionError: the data are not a workflow that can run.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(MAX_BYTES + 1)
    return parse_definition(read_data(source))


def read_data(text: str | bytes) -> Any:
    """Read one YAML or JSON document as plain JSON data, or raise UnreadableDefinitionError."""
    raw = text.encode() if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise UnreadableDefinitionError(problem=f"larger than {MAX_BYTES} bytes", place="")
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDefinitionError(problem="not UTF-8", place=f" at byte {error.start}") from error
    if decoded.lstrip()[:1] in ("{", "["):
        try:
            return _read_json(decoded)
        except json.JSONDecodeError:
            pass  # YAML's flow style begins the same way
    return _read_yaml(decoded)


def _read_json(text: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=_integer)
    except RecursionError as error:
        raise UnreadableDefinitionError(problem=f"nested deeper than {MAX_DEPTH}", place="") from error
    _check_size(value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise UnreadableDefinitionError(problem=f"the key {key[:80]!r} appears twice in one mapping", place="")
        found[key] = value
    return found


def _refuse_constant(text: str) -> Any:
    raise UnreadableDefinitionError(problem=f"{text} is not a JSON number", place="")


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise UnreadableDefinitionError(problem=f"an integer of more than {MAX_DIGITS} digits", place="")
    return int(text)


def _check_size(value: Any) -> None:
    """Hold parsed JSON to the limits that YAML meets while it is read."""
    stack, count = [(value, 1)], 0
    while stack:
        item, depth = stack.pop()
        count += 1
        _limit(depth, count, None)
        if isinstance(item, float) and not math.isfinite(item):
            raise UnreadableDefinitionError(problem="a number beyond what JSON holds", place="")
        for text in item if isinstance(item, dict) else (item,):
            _check_text(text, None)
        children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        stack.extend((child, depth + 1) for child in children)


def _check_text(text: Any, event: Any) -> None:
    """Refuse the texts that no database stores."""
    if isinstance(text, str) and _UNSTORABLE.search(text):
        raise UnreadableDefinitionError(problem="a text holds a NUL or half a character", place=_place(event))


def _limit(depth: int, count: int, event: Any) -> None:
    if depth > MAX_DEPTH:
        raise UnreadableDefinitionError(problem=f"nested deeper than {MAX_DEPTH}", place=_place(event))
    if count > MAX_VALUES:
        raise UnreadableDefinitionError(problem=f"more than {MAX_VALUES} values", place=_place(event))


def _read_yaml(text: str) -> Any:
    directive = _DIRECTIVE.search(text)
    if directive:  # libyaml compares each with every other: some thousands take minutes
        line = text.count("\n", 0, directive.start()) + 1
        raise UnreadableDefinitionError(
            problem="tags are refused, so are their directives", place=f" at line {line}"
        )
    events = _Events(text)
    if events.next_is(yaml.StreamEndEvent):
        raise UnreadableDefinitionError(problem="empty", place="")
    value = events.value(depth=1)
    if not events.next_is(yaml.StreamEndEvent):
        raise UnreadableDefinitionError(problem="more than one document", place="")
    return value


class _Events:
    """The events of one document, turned into data."""

    def __init__(self, text: str) -> None:
        self._stream = self._parse(text)
        self._count = 0
        self._ahead = next(self._stream)

    @staticmethod
    def _parse(text: str) -> Iterator[Any]:
        framing = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        try:
            yield from (e for e in yaml.parse(text, Loader=_LOADER) if not isinstance(e, framing))
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            place = f" at line {mark.line + 1}" if mark else ""
            problem = getattr(error, "problem", None) or "not YAML"
            raise UnreadableDefinitionError(problem=problem, place=place) from error

    def next_is(self, kind: type) -> bool:
        return isinstance(self._ahead, kind)

    def _take(self) -> Any:
        event = self._ahead
        self._ahead = next(self._stream, None)
        return event

    def value(self, *, depth: int) -> Any:
        event = self._take()
        self._count += 1
        _limit(depth, self._count, event)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise UnreadableDefinitionError(problem="anchors and aliases are refused", place=_place(event))
        if event.tag and event.tag != "!":
            raise UnreadableDefinitionError(problem=f"the tag {event.tag[:80]!r} is refused", place=_place(event))
        if isinstance(event, yaml.ScalarEvent):
            _check_text(event.value, event)
            return event.value if event.style or event.tag else _scalar(event)
        return self._list(depth) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(depth)

    def _list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        while not self.next_is(yaml.SequenceEndEvent):
            items.append(self.value(depth=depth + 1))
        self._take()
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self.next_is(yaml.MappingEndEvent):
            at = self._ahead
            if not isinstance(at, yaml.ScalarEvent):
                raise UnreadableDefinitionError(problem="a key must be a text", place=_place(at))
            self.value(depth=depth + 1)
            key = at.value  # as written: `on:` and `1:` are texts, as in JSON
            if key in found:
                problem = f"the key {key[:80]!r} appears twice in one mapping"
                raise UnreadableDefinitionError(problem=problem, place=_place(at))
            found[key] = self.value(depth=depth + 1)
        self._take()
        return found


def _scalar(event: Any) -> Any:
    text = event.value
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and len(text) <= MAX_DIGITS:
        return int(text)
    if _FLOAT.fullmatch(text) and not _INTEGER.fullmatch(text):
        number = float(text)
        if not math.isfinite(number):
            raise UnreadableDefinitionError(problem="a number beyond what JSON holds", place=_place(event))
        return number
    return text


def _place(event: Any) -> str:
    return f" at line {event.start_mark.line + 1}" if event is not None else ""
