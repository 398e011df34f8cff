"""Charts as SVG text: no script, no request, named for screen readers, in the colours of the page around them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from controlplane.escaping import html_text

WIDE, NARROW, HEIGHT = 720, 340, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 30
LABEL_WIDTH = 82
TICKS = 5
_Text = Callable[[float], str]


@dataclass(frozen=True)
class Line:
    """One named series; null is a gap. `tone` is a class of the page's style."""

    name: str
    values: Sequence[float | None]
    texts: Sequence[str]
    tone: str


def columns(labels: Sequence[str], parts: Sequence[Line], *, title: str, width: int = WIDE) -> str:
    """Draw stacked columns, one per label; hovering over one shows its values."""
    totals = [sum(part.values[place] or 0 for part in parts) for place in range(len(labels))]
    scale = _Scale(max(totals, default=0))
    step = (width - LEFT - RIGHT) / max(1, len(labels))
    marks = []
    for place, label in enumerate(labels):
        below = 0.0
        values = ", ".join(f"{part.name} {part.texts[place]}" for part in parts)
        tooltip = html_text(f"{label}: {values}")
        marks.append(f"<g><title>{tooltip}</title>")
        marks.append(
            f'<rect class="hit" x="{LEFT + place * step:.1f}" y="{TOP}" width="{step:.1f}" height="{_TALL}"/>'
        )
        for part in parts:
            value = part.values[place] or 0
            top, bottom = scale.y(below + value), scale.y(below)
            below += value
            wide, x = max(1.0, step * 0.72), LEFT + (place + 0.14) * step
            marks.append(
                f'<rect class="{part.tone}" x="{x:.1f}" y="{top:.1f}" width="{wide:.1f}" '
                f'height="{bottom - top:.1f}"/>'
            )
        marks.append("</g>")
    return _frame(
        title, scale.grid(_short, width=width), _labels(labels, width=width), "".join(marks), width=width
    )


def lines(
    labels: Sequence[str], series: Sequence[Line], *, title: str, percent: bool = False, width: int = WIDE
) -> str:
    """Draw lines over the labels; a null value breaks its line."""
    known = [value for line in series for value in line.values if value is not None]
    scale = _Scale(max(known, default=0), whole=not percent)
    step = (width - LEFT - RIGHT) / max(1, len(labels))
    marks = []
    for line in series:
        for run in _unbroken(line.values):
            points = " ".join(f"{LEFT + (place + 0.5) * step:.1f},{scale.y(value):.1f}" for place, value in run)
            marks.append(f'<polyline class="{line.tone}" points="{points}"/>')
            marks += [
                f'<circle class="{line.tone}" cx="{LEFT + (place + 0.5) * step:.1f}" cy="{scale.y(value):.1f}" '
                f'r="3">'
                f"<title>{html_text(f'{labels[place]}: {line.name} {line.texts[place]}')}</title></circle>"
                for place, value in run
            ]
    grid = scale.grid((lambda value: f"{value:.0%}") if percent else _short, width=width)
    return _frame(title, grid, _labels(labels, width=width), "".join(marks), width=width)


def legend(series: Sequence[Line]) -> str:
    """Name the series beside their colours."""
    keys = "".join(f'<span class="key {line.tone}">{html_text(line.name)}</span>' for line in series)
    return f'<div class="keys">{keys}</div>'


def bars(labels: Sequence[str], line: Line, *, title: str) -> str:
    """Draw one horizontal bar per label, its value beside it, as a list; null has no bar."""
    largest = max((value for value in line.values if value is not None), default=0) or 1
    rows = []
    for place, label in enumerate(labels):
        share = 100 * max(0.0, line.values[place] or 0) / largest
        rows.append(
            f'<li><span class="name">{html_text(label)}</span><span class="track">'
            f'<span class="fill {line.tone}" style="width:{share:.1f}%"></span></span>'
            f'<span class="value">{html_text(line.texts[place])}</span></li>'
        )
    return f'<ul class="bars" aria-label="{html_text(title)}">{"".join(rows)}</ul>'


_TALL = HEIGHT - TOP - BOTTOM


def _short(value: float) -> str:
    """Write a round number in the room beside an axis."""
    for least, size, sign in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if value >= least:
            return f"{value / size:g}{sign}"
    return f"{value:g}"


class _Scale:
    """A scale from 0 to a round number above the largest value; `whole` draws lines at whole numbers only."""

    def __init__(self, largest: float, *, whole: bool = True) -> None:
        size = 10.0 ** math.floor(math.log10(largest / TICKS)) if largest > 0 else 1.0
        steps = (size * step for step in (1, 2, 5, 10))
        step = next(step for step in steps if step * TICKS >= largest * 0.999999)
        self.step = max(step, 1.0) if whole else step
        self.count = max(1, math.ceil(largest / self.step - 1e-6))
        self.top = self.step * self.count

    def y(self, value: float) -> float:
        """Return how far down a value is drawn."""
        return TOP + _TALL * (1 - value / self.top)

    def grid(self, text: _Text, *, width: int) -> str:
        """Draw the horizontal lines with their values."""
        steps = [self.step * number for number in range(self.count + 1)]
        return "".join(
            f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{self.y(value):.1f}" '
            f'y2="{self.y(value):.1f}"/>'
            f'<text class="axis" x="{LEFT - 6}" y="{self.y(value) + 4:.1f}" text-anchor="end">{text(value)}</text>'
            for value in steps
        )


def _labels(labels: Sequence[str], *, width: int) -> str:
    """Write the labels below the chart, as many as fit."""
    step = (width - LEFT - RIGHT) / max(1, len(labels))
    every = max(1, math.ceil(len(labels) * LABEL_WIDTH / (width - LEFT - RIGHT)))
    return "".join(
        f'<text class="axis" x="{LEFT + (place + 0.5) * step:.1f}" y="{HEIGHT - 10}" text-anchor="middle">'
        f"{html_text(label)}</text>"
        for place, label in enumerate(labels)
        if place % every == 0
    )


def _unbroken(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Cut a series at its nulls."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def _frame(title: str, grid: str, labels: str, marks: str, *, width: int) -> str:
    return _svg(title, grid + labels + marks, width=width)


def _svg(title: str, inner: str, *, width: int) -> str:
    kind, name = "narrow" if width == NARROW else "wide", html_text(title)
    size = f'viewBox="0 0 {width} {HEIGHT}"'
    return f'<svg class="{kind}" {size} role="img" aria-label="{name}">{inner}</svg>'
