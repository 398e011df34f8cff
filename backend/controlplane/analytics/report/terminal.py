"""The report in a terminal: tables, and a bar beside the first share, rate or count of each row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from controlplane.analytics.report.layout import (
    GAP,
    columns_of,
    least_width,
    split_into_tables,
    whole_width,
)
from controlplane.analytics.report.summary import has_only_zeros, sentence
from controlplane.escaping import visible

if TYPE_CHECKING:
    from typing import TextIO

    from controlplane.analytics.report.build import Answer, Report
    from controlplane.analytics.report.layout import Column

BAR = 16
SPARKS = "▁▂▃▄▅▆▇█"
MOST_ROWS = 20
CHARTED = (
    *("share", "success_rate", "approval_rate", "rolling_failure_rate"),
    *("runs", "peak", "actions", "failures", "hits", "median"),
)


def show(report: Report, *, file: TextIO) -> None:
    """Print the report, as wide as the terminal: a summary, then the answers that say something."""
    console = Console(file=file, highlight=False)
    scope = report.scope
    summary = sentence(report)
    span = f"{scope.since:%Y-%m-%d %H:%M} to {scope.until:%Y-%m-%d %H:%M} UTC"
    console.print(Rule(Text(visible(report.workspace))), Text(span, style="dim"), Text())
    console.print(Text(summary), Text())
    empty = []
    for answer in report.answers:
        if has_only_zeros(answer):
            empty.append(answer.question.title)
            continue
        for part in tables(answer, width=console.width):
            console.print(part, Text())
    if empty:
        console.print(Text("Nothing to show: " + ", ".join(empty), style="dim"))


def tables(answer: Answer, *, width: int) -> list[Table]:
    """Lay out one answer: with bars, else without them, else in parts that each begin with what names the rows.

    Of a long answer the first rows are shown, and below the last part how many there are.
    """
    columns = columns_of(answer, most_rows=MOST_ROWS)
    values = charted(answer)
    bars = values if any(values) and least_width(columns) + GAP + BAR <= width else []
    parts = split_into_tables(columns, width=width)
    grids = [table(part, bars=bars, width=width) for part in parts]
    grids[0].title = answer.question.title
    if len(answer.rows) > MOST_ROWS:
        line = sparkline(values) if isinstance(answer.rows[0][0], datetime) else ""
        grids[-1].caption = Text(f"{len(answer.rows)} rows   {line}".rstrip())
    return grids


def charted(answer: Answer) -> list[Any]:
    """Return the numbers to draw, one a row; none when there is one row, or nothing that compares."""
    name = next((name for name in CHARTED if len(answer.rows) > 1 and name in answer.columns), None)
    return [row[answer.columns.index(name)] for row in answer.rows] if name else []


def table(columns: list[Column], *, bars: list[Any], width: int) -> Table:
    """Make a table of columns, with a bar behind each row if `bars` are given; headings break where they must."""
    drawn = GAP + BAR if bars else 0
    is_narrow = whole_width(columns) + drawn > width
    grid = Table(
        title_justify="left",
        title_style="bold",
        caption_justify="left",
        header_style="dim",
        box=box.SIMPLE_HEAD,
        padding=(0, GAP - 1, 0, 0),  # the box adds one
        pad_edge=False,
        show_edge=False,
    )
    for column in columns:
        justify: Any = "right" if column.right else "left"
        least = column.least if is_narrow else None
        grid.add_column(Text(column.heading), justify=justify, overflow="fold", width=least)
    if bars:
        grid.add_column("", no_wrap=True, width=BAR)
    for place, cells in enumerate(zip(*(column.cells for column in columns), strict=True)):
        grid.add_row(*map(Text, cells), *([Text(bar(bars[place], bars), style="cyan")] if bars else []))
    return grid


def bar(value: Any, values: list[Any]) -> str:
    """Draw a value as a bar, the largest of `values` being full."""
    largest = max((float(each) for each in values if each is not None), default=0.0)
    if value is None or largest <= 0:
        return ""
    eighths = round(max(0.0, float(value)) / largest * BAR * 8)
    rest: tuple[str, ...] = ("", *"▏▎▍▌▋▊▉")
    return "█" * (eighths // 8) + rest[eighths % 8]


def sparkline(values: list[Any]) -> str:
    """Draw values as one line of blocks, null as a gap."""
    largest = max((float(each) for each in values if each is not None), default=0.0) or 1.0
    return "".join(" " if each is None else SPARKS[int(max(0.0, float(each)) / largest * 7)] for each in values)
