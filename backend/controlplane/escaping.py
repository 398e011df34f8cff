"""The one place where values from elsewhere are made safe for a terminal, a CSV file or a page."""

from __future__ import annotations

import html
import json
import unicodedata
from typing import Any

# Controls (Cc), formats that hide or turn text round (Cf: bidirectional marks, zero width), separators of lines
# and paragraphs (Zl, Zp), and halves of surrogate pairs (Cs), which no encoding takes.
_STEERING = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
_JOINERS = "\u200c\u200d"  # of emoji and of scripts such as Persian: they steer nothing
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def visible(text: Any, *, keep: str = "") -> str:
    r"""Return a text whose control characters are written as escapes: ESC as \x1b; those in `keep` stay."""
    return "".join(
        repr(sign)[1:-1] if unicodedata.category(sign) in _STEERING and sign not in _JOINERS + keep else sign
        for sign in str(text)
    )


def json_text(text: str) -> str:
    """Return JSON in which signs that steer a terminal are escaped; JSON escapes only the oldest of them."""
    return "".join(
        json.dumps(sign)[1:-1] if sign not in "\n" + _JOINERS and unicodedata.category(sign) in _STEERING else sign
        for sign in text
    )


def csv_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet reads as a formula: a text that begins like one gets an apostrophe.

    Numbers stay numbers, negative ones too. See OWASP, "CSV Injection".
    """
    if not isinstance(value, str):
        return value
    text = visible(value, keep="\n\t")
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA) else text


def html_text(value: Any) -> str:
    """Return a text for a page or a quoted attribute."""
    return html.escape(visible(value, keep="\n\t"))
