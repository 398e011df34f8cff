"""Reference pages made from the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(_app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    return {"parallel_read_safe": True}
