"""A golden with conflict markers: one side of it as a text."""

from __future__ import annotations

from collections.abc import Iterator


def text_of_current_branch(raw: str) -> str:
    """Return the text that the branch under way had: literal lines that look like markers are never in a file."""
    return "".join(_ours(raw.splitlines(keepends=True)))


def _ours(lines: list[str]) -> Iterator[str]:
    side = "both"
    for line in lines:
        if _is_marker(line, "<"):
            side = "ours"
        elif side == "both":
            yield line
        elif _is_marker(line, "|"):
            side = "base"
        elif line.rstrip("\r\n") == "=======":
            side = "theirs"
        elif _is_marker(line, ">"):
            side = "both"
        elif side == "ours":
            yield line


def _is_marker(line: str, sign: str) -> bool:
    marker = sign * 7
    return line.startswith(f"{marker} ") or line.rstrip("\r\n") == marker
