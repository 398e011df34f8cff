"""The code blocks of a Markdown page, and what the line above each says of it.

A line that a reader sees names the file of a block:

    `shop.py`                         the block is written to this file of the page's project
    `shop.py`, added at the end       the block is added to it
    `__snapshots__/x`                 the block is the text of this file, which an earlier command wrote

A comment says what is done with any other block:

    <!-- use: examples/shop -->       no block follows: the files of this folder of the documentation are copied
    <!-- run -->                      a console block: `$ command` lines, each followed by its output
    <!-- run: exit 1 -->              the same; the last command ends with this status
    <!-- not run: reason -->          the block can't be executed here, and why

A block without either is an error: every example of the documentation runs. So is a folder that is used and that
no link of the page leads to: a reader has to find its files too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMMENT = re.compile(r"<!-- (?P<verb>use|run|not run)(?:: (?P<about>.+?))? -->\s*\Z")
_LABEL = re.compile(r"`(?P<path>[^`\n]+)`(?P<added>, added at the end)?")
_TIMES = re.compile(r"\b\d+\.\d+s(?: \(\d+:\d+:\d+\))?")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")
_PERCENT = re.compile(r" +\[ *\d+%\]")


class UnmarkedBlockError(Exception):
    """A code block without a line that says what is done with it, or files that a reader can't find."""


@dataclass(frozen=True)
class Block:
    """One code block; ``line`` is that of its fence, counted from 1."""

    verb: str
    about: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    """Yield the code blocks of a page in order."""
    verb = about = ""
    text = page.read_text(encoding="utf-8")
    for token in MarkdownIt().parse(text):
        if token.type == "html_block":
            found = _COMMENT.fullmatch(token.content)
            verb, about = (found["verb"], found["about"] or "") if found else ("", "")
            if verb == "use":
                if f"{about}/" not in text:
                    raise UnmarkedBlockError(f"{page}: no link leads to the files of {about}")
                yield Block(verb, about, "", token.map[0] + 1)
                verb = ""
        elif token.type == "inline":
            verb, about = _label(token.content)
        elif token.type in {"fence", "code_block"}:
            line = token.map[0] + 1
            if token.info.startswith("{") or token.info == "mermaid":  # a directive of the site, or a picture
                continue
            if not verb:
                raise UnmarkedBlockError(
                    f"{page}:{line}: a block without the name of a file, run or not run above"
                )
            yield Block(verb, about, token.content, line)
            verb = about = ""


def _label(text: str) -> tuple[str, str]:
    """Return what a paragraph says of the block below: nothing, unless it is the name of a file alone."""
    found = _LABEL.fullmatch(text)
    if found is None:
        return "", ""
    if found["added"]:
        return "append", found["path"]
    return ("stored" if found["path"].startswith("__snapshots__/") else "file"), found["path"]


def commands(block: Block) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with the output that is shown."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return [(command, "\n".join(output)) for command, output in found]


def settled(output: str) -> str:
    """Return an output without what differs from run to run: times, percentages, addresses, trailing blanks."""
    lines = (
        _ADDRESS.sub("0x...", _PERCENT.sub("", _TIMES.sub("0.00s", line))).rstrip() for line in output.splitlines()
    )
    return "\n".join(lines).strip("\n")


def matches(shown: str, output: str) -> bool:
    """Return whether an output is the one shown, in which `...` stands for anything."""
    parts = (re.escape(part) for part in settled(shown).split("..."))
    return re.fullmatch("[\\s\\S]*?".join(parts), settled(output)) is not None
