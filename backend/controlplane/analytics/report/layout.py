"""The layout of an answer on a terminal: its columns, their widths, and several tables where it is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from controlplane.analytics.report.formatting import heading, is_number, value_text

if TYPE_CHECKING:
    from controlplane.analytics.report.build import Answer

GAP = 2
LONGEST_NAME = 24  # a longer one is broken where space is missing
NAMES = ("agent", "workflow", "type", "reviewer")  # a name says more than its id
MORE_NAMES = ("_key", "status", "agent", "workflow")


class Column(NamedTuple):
    """One column as it is shown; `least` is the width with its heading broken into words, `whole` without."""

    name: str
    heading: str
    cells: list[str]
    right: bool
    least: int
    whole: int


def columns_of(answer: Answer, *, most_rows: int) -> list[Column]:
    """List the columns worth showing: of ids only one that comes first and has no name beside it."""
    names = [name for name in answer.columns if not name.endswith("_id") or name == answer.columns[0]]
    if len(names) > 1 and names[0].endswith("_id") and names[1] in NAMES:
        names = names[1:]
    return [_column(answer, name, most_rows=most_rows) for name in names]


def _column(answer: Answer, name: str, *, most_rows: int) -> Column:
    values = [row[answer.columns.index(name)] for row in answer.rows[:most_rows]]
    cells, title = [value_text(name, value) for value in values], heading(name)
    widest = max(map(cell_len, cells))
    folded = min(widest, LONGEST_NAME) if any(isinstance(value, str) for value in values) else widest
    return Column(
        name,
        title,
        cells,
        right=all(value is None or is_number(value) for value in values),
        least=max(folded, *map(cell_len, title.split())),
        whole=max(widest, cell_len(title)),
    )


def least_width(columns: list[Column]) -> int:
    """Return how much room columns side by side need at least."""
    return sum(each.least + GAP for each in columns) - GAP


def whole_width(columns: list[Column]) -> int:
    """Return how much room columns take with nothing broken."""
    return sum(each.whole + GAP for each in columns) - GAP


def split_into_tables(columns: list[Column], *, width: int) -> list[list[Column]]:
    """Split columns evenly into as few tables as needed; each begins with what names the rows."""
    if least_width(columns) <= width:
        return [columns]
    named = 2 if columns[1].name.endswith(MORE_NAMES) and not columns[1].right else 1
    names, rest = columns[:named], columns[named:]
    most = max(1, width - least_width(names) - GAP)
    fewest = _in_turn(rest, room=most)
    for room in range(least_width(rest) // len(fewest), most):  # no wider than it takes, so about equally wide
        parts = _in_turn(rest, room=room)
        if len(parts) == len(fewest):
            break
    else:
        parts = fewest
    return [[*names, *part] for part in parts]


def _in_turn(columns: list[Column], *, room: int) -> list[list[Column]]:
    parts = [columns[:1]]
    for column in columns[1:]:
        if least_width([*parts[-1], column]) <= room:
            parts[-1].append(column)
        else:
            parts.append([column])
    return parts
