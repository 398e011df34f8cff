"""The level of an action: how much trust it needs, from its name and the declarations about it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES_BY_LEVEL: tuple[tuple[str, ...], ...] = (
    ("search", "read", "list", "get", "fetch", "summarize", "present_chart", "present_markdown"),
    (
        *("analyze", "suggest", "draft", "generate", "recommend", "stream_chat", "present_form"),
        *("browser_navigate", "browser_screenshot", "browser_extract", "update_canvas"),
    ),
    ("create", "update", "send_email", "post_message", "schedule", "submit_form"),
    (
        *("delete", "execute", "deploy", "transfer", "payment", "approve"),
        *("execute_command", "execute_javascript"),
    ),
)
LEVELS: Mapping[str, int] = MappingProxyType(
    {name: level for level, names in enumerate(NAMES_BY_LEVEL, start=1) for name in names}
)
HIGHEST_LEVEL = len(NAMES_BY_LEVEL)
_LONGEST_NAME = max(len(name.split("_")) for name in LEVELS)
# between words: a separator, a small letter before a capital, the last capital of a run before a word
_CUTS = re.compile(r"[_\-.\s]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class LevelOrigin(StrEnum):
    """The source of an action's level, in the order in which they count."""

    WORKSPACE = "workspace"
    """The workspace has set it."""
    NAME = "name"
    """The table has the whole name."""
    DECLARED = "declared"
    """The registration of the action declares it."""
    WORDS = "words"
    """Every word of the name is in the table; the highest counts."""
    UNKNOWN = "unknown"
    """A word is in no table and nothing is declared: the highest level."""


@dataclass(frozen=True, kw_only=True)
class ActionLevel:
    """The level of an action, 1 (harmless) to 4 (irreversible), and where it comes from."""

    action: str
    level: int
    origin: LevelOrigin


def words_of(action: str) -> tuple[str, ...]:
    """Return the words of an action's name in small letters, cut at `_ - .`, spaces and camel case."""
    return tuple(word.lower() for word in _CUTS.split(action.strip()) if word)


def key_of(action: str) -> str:
    """Return the spelling under which the level of an action is stored: `sendEmail` is `send_email`."""
    return "_".join(words_of(action))


def level_of(action: str, *, declared: int | None = None, workspace: int | None = None) -> ActionLevel:
    """Return the level of an action.

    `workspace` is the level that the workspace has set, `declared` the one of the action's registration.
    """
    words = words_of(action)
    exact = LEVELS.get("_".join(words))
    if workspace is not None:
        return ActionLevel(action=action, level=workspace, origin=LevelOrigin.WORKSPACE)
    if exact is not None:
        return ActionLevel(action=action, level=exact, origin=LevelOrigin.NAME)
    if declared is not None:
        return ActionLevel(action=action, level=declared, origin=LevelOrigin.DECLARED)
    found = _known_levels(words)
    if found is None:
        return ActionLevel(action=action, level=HIGHEST_LEVEL, origin=LevelOrigin.UNKNOWN)
    return ActionLevel(action=action, level=max(found), origin=LevelOrigin.WORDS)


def _known_levels(words: tuple[str, ...]) -> list[int] | None:
    """Return the levels of the names that the words spell, longest names first; None if a word is in none."""
    levels, place = [], 0
    while place < len(words):
        for length in range(_LONGEST_NAME, 0, -1):
            level = LEVELS.get("_".join(words[place : place + length]))
            if level is not None:
                levels.append(level)
                place += length
                break
        else:
            return None
    return levels or None
