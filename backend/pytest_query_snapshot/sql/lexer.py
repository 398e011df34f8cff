"""SQL text as tokens: one regular expression, no parser, so that it never fails and never guesses.

Two texts say the same if their tokens are the same. White space between tokens says nothing;
everything else, comments too, does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# An unclosed quote or comment falls through to the single-character rule: still tokens, never an error.
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>--[^\n]*|/\*.*?\*/)
  | (?P<literal>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?P<tag>[^\W\d]\w*)?\$.*?\$(?P=tag)\$|\$\$.*?\$\$)
  | (?P<quoted>"(?:[^"]|"")*"|`[^`]*`)
  | (?P<param>%\(\w+\)s|%s|\?(?![|&?])|\$\d+|(?<![:\w]):[^\W\d]\w*)
  | (?P<word>[^\W\d][\w$]*)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
  | (?P<op>::|<=|>=|<>|!=|\|\||->>|->|\#>>|\#>|@>|<@|&&|!~\*|~\*|!~|=>|:=|<<|>>|\?\||\?&|\.\.\.|%%)
  | (?P<char>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def scan(sql: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each token, white space included; the texts joined are `sql`."""
    for match in _TOKEN.finditer(sql):
        yield _KINDS.get(match.lastgroup, "literal"), match.group()


_KINDS: dict[str | None, str] = {
    kind: kind for kind in ("space", "comment", "literal", "quoted", "param", "word", "number", "op", "char")
}


@lru_cache(maxsize=4096)
def canonical(sql: str) -> str:
    """Reduce a text to its tokens; equal results mean equal statements."""
    tokens = (match[0] for match in _TOKEN.finditer(sql))
    return "\x1f".join([token.rstrip() if token[:2] == "--" else token for token in tokens if not token.isspace()])


def collapse(sql: str) -> str:
    """Turn each run of white space outside literals and comments into one space."""
    parts: list[str] = []
    after_comment = False
    for kind, token in scan(sql.strip()):
        if kind == "space":
            # what ends a line comment must stay the end of a line
            parts.append("\n" if after_comment else " ")
        else:
            parts.append(token)
        after_comment = kind == "comment" and token.startswith("--")
    return "".join(parts)
