"""Run the benchmarks: `python -m tests.bench [topic ...]`; a topic is the name of a module `bench_<topic>.py`.

Without a topic all are run but those that take longer than the others together: they are run when they are named.
The figures of each topic replace its table in the documentation, with the machine and the date.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tests.bench import page

if TYPE_CHECKING:
    from tests.bench.figures import Figure

TOPICS = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
LONG = ("analytics", "crowd", "many")
VERDICTS = {True: "holds", False: "falls short", None: ""}


def main() -> int:
    console = Console(width=None if sys.stdout.isatty() else 160)
    unknown = [topic for topic in sys.argv[1:] if topic not in TOPICS]
    if unknown:
        console.print(f"unknown: {', '.join(unknown)}; there are: {', '.join(TOPICS)}")
        return 2
    table = Table("topic", "figure", "measured", "aim", "", "detail")
    for topic in sys.argv[1:] or [topic for topic in TOPICS if topic not in LONG]:
        figures: list[Figure] = []
        module = importlib.import_module(f"tests.bench.bench_{topic}")
        with console.status(f"measuring {topic}"):
            for figure in module.run():
                figures.append(figure)
                table.add_row(topic, *row(figure))
                console.print(f"{topic}: {figure.name}: {figure.value:.3g} {figure.unit}")
        page.write(topic, (module.__doc__ or "").splitlines()[0], [row(figure) for figure in figures])
    console.print(table)
    return 0


def row(figure: Figure) -> tuple[str, ...]:
    aim = "" if figure.limit is None else f"{'≥' if figure.at_least else '≤'} {figure.limit:g} {figure.unit}"
    return figure.name, f"{figure.value:.3g} {figure.unit}", aim, VERDICTS[figure.holds], figure.detail


if __name__ == "__main__":
    raise SystemExit(main())
