"""A reader of the fields of one mapping, which collects invalid and unknown fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from controlplane.execution.definition.problems import Problem, ProblemKind

MAX_NAME = 100
MAX_TEXT = 100_000
STEP_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-+[A-Za-z0-9_]+)*")
"""Hyphens stand between letters, digits and underscores; expressions read `steps.fetch-data` in the same way."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Fields:
    """A reader of one mapping; wrong values are noted in `problems` and replaced by the default."""

    def __init__(self, data: Any, *, step: str | None, problems: list[Problem], where: str = "") -> None:
        self.problems = problems
        self.step = step
        self._where = where
        self._taken: set[str] = set()
        self._data: Mapping[str, Any] = {}
        if isinstance(data, Mapping) and all(isinstance(key, str) for key in data):
            self._data = data
        else:
            self.note(f"{where.rstrip('.') or 'it'} must be a mapping")

    def note(self, detail: str, *, kind: ProblemKind = ProblemKind.BAD_FIELD) -> None:
        """Add a problem of this step."""
        self.problems.append(Problem(kind, self.step, detail))

    def has(self, name: str) -> bool:
        """Return whether the mapping gives the field, null included."""
        return name in self._data

    def value(self, name: str, default: Any = None) -> Any:
        """Take any JSON value."""
        self._taken.add(name)
        return self._data.get(name, default)

    def _checked(self, name: str, default: Any, rule: str, *, fits: bool) -> Any:
        value = self.value(name)
        if value is None:
            return default
        if fits:
            return value
        self.note(f"{self._where}{name} must be {rule}, not {_shown(value)}")
        return default

    def text(self, name: str, default: str | None = None, *, limit: int = MAX_TEXT) -> str | None:
        """Take a text that is not empty."""
        value = self._data.get(name)
        fits = isinstance(value, str) and 0 < len(value) <= limit
        taken: str | None = self._checked(name, default, f"a text of 1 to {limit} characters", fits=fits)
        return taken

    def required(self, name: str, *, limit: int = MAX_TEXT) -> str:
        """Take a text that must be there."""
        if self._data.get(name) is None:
            self._taken.add(name)
            self.note(f"{self._where}{name} is missing")
        return self.text(name, limit=limit) or ""

    def key(self, name: str) -> str:
        """Take a step key: letters, digits, underscores and inner hyphens, so that expressions can name it."""
        value = self.required(name, limit=MAX_NAME)
        if value and not is_step_key(value):
            rule = "letters, digits, underscores and hyphens between them"
            self.note(f"{self._where}{name} must be {rule}, not {_shown(value)}")
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """Take one of a few texts; without a default it must be there."""
        value = self._data.get(name)
        if value is None and default is None:
            self._taken.add(name)
            self.note(f"{self._where}{name} is missing: one of {', '.join(choices)}")
            return choices[0]
        taken: str = self._checked(
            name, default or choices[0], f"one of {', '.join(choices)}", fits=value in choices
        )
        return taken

    def flag(self, name: str) -> bool:
        """Take true or false; false when it is not there."""
        taken: bool = self._checked(name, False, "true or false", fits=isinstance(self._data.get(name), bool))
        return taken

    def number(self, name: str, default: float | None = None, *, least: float = 0.0, most: float = 1e9) -> Any:
        """Take a number within bounds."""
        value = self._data.get(name)
        fits = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
        return self._checked(name, default, f"a number from {least:g} to {most:g}", fits=fits)

    def integer(self, name: str, default: int | None = None, *, least: int = 0, most: int = 1_000_000) -> Any:
        """Take a whole number within bounds."""
        value = self._data.get(name)
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return self._checked(name, default, f"a whole number from {least} to {most}", fits=fits)

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Take a mapping; empty when it is not there."""
        taken: Mapping[str, Any] = self._checked(
            name, {}, "a mapping", fits=isinstance(self._data.get(name), Mapping)
        )
        return taken

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of texts, or one text in place of a list of one."""
        value = self._data.get(name)
        if isinstance(value, str):
            self._taken.add(name)
            return (value,)
        fits = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
        return tuple(self._checked(name, (), "a list of texts", fits=fits))

    def items(self, name: str) -> list[Any]:
        """Take a list of anything; empty when it is not there."""
        return list(self._checked(name, [], "a list", fits=isinstance(self._data.get(name), list | tuple)))

    def close(self) -> None:
        """Note the unknown fields."""
        for name in self._data:
            if name not in self._taken:
                self.note(f"unknown field {_shown(f'{self._where}{name}')}", kind=ProblemKind.UNKNOWN_FIELD)


def is_step_key(text: str) -> bool:
    """Return whether a text can be a step key."""
    return len(text) <= MAX_NAME and STEP_KEY.fullmatch(text) is not None


def is_variable_name(text: str) -> bool:
    """Return whether a text can be the name of a variable; a hyphen would read as a minus."""
    return len(text) <= MAX_NAME and _NAME.fullmatch(text) is not None


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str | int | float | bool | type(None)) else type(value).__name__
    return text if len(text) <= MAX_NAME else text[:MAX_NAME] + "…"
