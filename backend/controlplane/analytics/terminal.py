"""The report in a terminal: tables, and a bar beside the first share, rate or count of each row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from controlplane.analytics.wording import heading, is_number, value_text

if TYPE_CHECKING:
    from typing import TextIO

    from controlplane.analytics.report import Answer, Report

BAR = 16
SPARKS = "▁▂▃▄▅▆▇█"
MOST_ROWS = 15
UNBOUNDED = 10_000
CHARTED = ("share", "success_rate", "approval_rate", "runs", "peak", "actions", "failures", "hits", "median")


def show(report: Report, *, file: TextIO) -> None:
    """Print the report, as wide as the terminal; plain text where there is none."""
    console = Console(file=file, highlight=False)
    scope = report.scope
    console.print(Rule(f"{report.workspace}: {scope.since:%Y-%m-%d %H:%M} to {scope.until:%Y-%m-%d %H:%M} UTC"))
    empty = []
    for answer in report.answers:
        if not answer.rows:
            empty.append(answer.question.title)
            continue
        console.print(fitting(answer, console), Text())
    if empty:
        console.print(Text("Nothing to show: " + ", ".join(empty), style="dim"))


def fitting(answer: Answer, console: Console) -> Table:
    """Lay out one answer for a terminal: where there is no room without bars, then with words broken."""
    with_bars = table(answer)
    if console.measure(with_bars, options=console.options.update(width=UNBOUNDED)).maximum <= console.width:
        return with_bars
    whole = table(answer, bars=False)
    lines = Segment.split_lines(console.render(whole))
    if all(Segment.get_line_length(line) <= console.width for line in lines):
        return whole
    return table(answer, bars=False, breaking=True)


def table(answer: Answer, *, bars: bool = True, breaking: bool = False) -> Table:
    """Lay out one answer: of a long one the first rows, and in its caption the whole as a line of blocks.

    Rows have `bars` if there is something to draw. Instants and words of headings stay whole, unless `breaking`.
    """
    columns = [name for name in answer.columns if not name.endswith("_id") or name == answer.columns[0]]
    if len(columns) > 1 and columns[0].endswith("_id") and columns[1] in ("agent", "workflow", "type"):
        columns = columns[1:]  # a name says more than its id
    places = [answer.columns.index(name) for name in columns]
    charted = next((name for name in CHARTED if len(answer.rows) > 1 and name in columns), None)
    values = [row[answer.columns.index(charted)] for row in answer.rows] if charted else []
    drawn = bars and any(values)
    grid = Table(title=answer.question.title, title_justify="left", title_style="bold", header_style="dim")
    for place, name in zip(places, columns, strict=True):
        right = any(is_number(row[place]) for row in answer.rows)
        justify: Literal["left", "right"] = "right" if right else "left"
        grid.add_column(
            heading(name),
            justify=justify,
            overflow="fold",
            no_wrap=not breaking and any(isinstance(row[place], datetime) for row in answer.rows),
            min_width=None if breaking else max(map(len, heading(name).split())),
        )
    if drawn:
        grid.add_column("", no_wrap=True, min_width=BAR)
    for number, row in enumerate(answer.rows[:MOST_ROWS]):
        cells = [value_text(name, row[place]) for place, name in zip(places, columns, strict=True)]
        grid.add_row(*map(Text, cells), *([Text(bar(values[number], values), style="cyan")] if drawn else []))
    if len(answer.rows) > MOST_ROWS:
        grid.caption = f"{len(answer.rows)} rows   {sparkline(values)}"
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
