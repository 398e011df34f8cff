"""How much trust an action needs. Pure."""

from __future__ import annotations

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
UNKNOWN_LEVEL = 2


def level_of(action: str) -> int:
    """Return the level of an action, 1 (harmless) to 4 (irreversible), ignoring case and spaces around it.

    A known name has its level. Another takes the highest level among the known names that it contains
    (`read_then_delete` is 4), and level 2 if it contains none.
    """
    name = action.strip().lower()
    if name in LEVELS:
        return LEVELS[name]
    return max((level for known, level in LEVELS.items() if known in name), default=UNKNOWN_LEVEL)
