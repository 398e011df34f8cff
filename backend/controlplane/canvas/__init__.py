"""Canvases: what is shown to people, what they send back, and the trail of it."""

from __future__ import annotations

from controlplane.canvas.lifecycle import CANVAS
from controlplane.canvas.rights import Author
from controlplane.canvas.service import close, get_canvas, present, submit, update

__all__ = ["CANVAS", "Author", "close", "get_canvas", "present", "submit", "update"]
