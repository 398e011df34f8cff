"""Output of commands: every value passes `controlplane.escaping` on its way to the terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from controlplane.escaping import json_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OUT = Console()
ERR = Console(stderr=True)
WHOLE = 10_000  # characters of a line where no terminal folds it
STYLES = {
    **dict.fromkeys(("completed", "approved", "executed", "accepted"), "green"),
    **dict.fromkeys(("failed", "cancelled", "rejected", "execution_failed", "expired"), "red"),
    **dict.fromkeys(("paused", "interrupted"), "yellow"),
    **dict.fromkeys(("waiting", "pending"), "cyan"),
}


def short(key: Any) -> str:
    """Return the beginning of an id, long enough to type."""
    return "" if key is None else str(key)[:8]


def show(value: Any, *, style: str = "", end: str = "\n") -> None:
    """Print a value as plain text, in one line however long."""
    OUT.print(Text(visible(value), style), end=end, soft_wrap=True)


def show_status(status: Any, detail: Any = "") -> None:
    """Print a status in its colour, with what there is to say of it."""
    show(status, style=STYLES.get(str(status), ""), end="" if detail else "\n")
    if detail:
        show(f" {detail}")


def show_error(error: object) -> None:
    """Print an error, its lines kept."""
    ERR.print(Text("error: " + visible(error, keep="\n"), "red"), soft_wrap=True)


def show_warnings(warnings: Iterable[str]) -> None:
    """Print warnings beside the output."""
    for warning in warnings:
        ERR.print(Text("warning: " + visible(warning, keep="\n"), "yellow"), soft_wrap=True)


def show_json(value: Any, *, indent: int | None = 2) -> None:
    """Print JSON, for programs."""
    sys.stdout.write(json_text(json.dumps(value, default=str, ensure_ascii=False, indent=indent)) + "\n")


def report(text: str, *, as_json: bool, data: Any) -> None:
    """Print what a verb did: one line, or `data` as JSON for programs."""
    if as_json:
        show_json(data)
    else:
        show(text)


def report_quietly(*, as_json: bool, data: Any) -> None:
    """Print `data` for programs; for people, the success of the verb is enough."""
    if as_json:
        show_json(data)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under headings; a status has its colour, None and the empty text are blank."""
    table = Table(*headings, box=None)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*map(_cell, row))
    console = OUT if OUT.is_terminal else Console(file=sys.stdout, width=WHOLE)
    console.print(table)


def show_facts(facts: dict[str, Any]) -> None:
    """Print the facts of one record, a line each; those that are not known are left out."""
    for name, value in facts.items():
        if value not in (None, "", [], {}):
            shown = json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, list | dict) else value
            show(f"{name.replace('_', ' ')}: {shown}")


def _cell(value: Any) -> Text:
    text = "" if value is None else f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "strftime") else visible(value)
    return Text(text, STYLES.get(text, ""))
