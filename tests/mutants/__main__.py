"""Break each query builder of the analytics in every small way, and see a test of its rows fail: `make mutants`.

The goldens of the emitted SQL would notice any change of a statement. What is asked here is more: that the *rows*
of some seed tell the difference. So statements are not compared; the rows of the unbroken code are the goldens.
The references in plain Python come second, and what is left is tried on PostgreSQL too.
"""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.operators import mutants
from tests.mutants.places import builders
from tests.mutants.results import Results, table
from tests.mutants.server import serve

BUILDERS = builders()


def main() -> int:
    """Make the mutants, run them, print the table; fail when one survives without a reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--module", action="append", choices=sorted(BUILDERS), help="one of them; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--fresh", action="store_true", help="try all again, also those killed before")
    options = parser.parse_args()
    names = options.module or list(BUILDERS)
    made = [mutant for name in names for mutant in mutants(name, BUILDERS[name].read_text())]
    sqlite, postgresql = Results("sqlite"), Results("postgresql")
    if options.fresh:
        sqlite.forget()
        postgresql.forget()
    if not attempt(made, sqlite, database="sqlite", jobs=options.jobs):
        return 1
    alive = [mutant for mutant in made if sqlite.killer(mutant) is None and mutant.name not in EQUIVALENT]
    if not attempt(alive, postgresql, database="postgresql", jobs=0):
        return 1
    text, good = table(made, (sqlite, postgresql))
    sys.stdout.write(text)
    return 0 if good else 1


def attempt(made, results, *, database: str, jobs: int) -> bool:
    """Try on one database every mutant that is not known of; say whether the tests pass unbroken."""
    new = [mutant for mutant in made if not results.knows(mutant)]
    new.sort(key=lambda mutant: mutant.name in EQUIVALENT)  # what is known to survive takes longest
    if not new:
        return True
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(database, total=len(new))

        def tell(mutant, killer):
            results.add(mutant, killer)
            progress.advance(task)
            if killer is None and mutant.name not in EQUIVALENT:
                progress.console.print(f"survives {mutant.name}", markup=False, highlight=False, soft_wrap=True)

        return serve(new, database=database, jobs=jobs, tell=tell)


if __name__ == "__main__":
    sys.exit(main())
