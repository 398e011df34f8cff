"""The command line: ``query-snapshot`` and its commands, from ``review`` to ``report``."""

from __future__ import annotations

import argparse
import importlib
import io
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pytest_query_snapshot.determinism.variations import DEFAULT_REPEATS
from pytest_query_snapshot.errors import QuerySnapshotError
from pytest_query_snapshot.sql.diff.change import Kind

_EXAMPLES = """\
examples:
  query-snapshot review                        walk through what the last run left
  query-snapshot list --json                   the same for a script
  query-snapshot accept --class format         accept what only looks different
  query-snapshot accept path/of/one.rows.md    accept one golden, even a risk
  query-snapshot review --browser              the same on a page in the browser
  query-snapshot diff main                     what this branch changed, as Markdown
  query-snapshot report                        one HTML page with every golden

classes, for --class; most end in -added, -removed, -changed or -moved, which may be left out:
{classes}

Losing a predicate, a join condition, a LIMIT, a tenant filter or an index is a
risk: review asks for it on its own, and accept takes it only by its whole path
or by its cause.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when done, 1 when something is left to decide, 2 on an error."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a golden may hold what the terminal can't write
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int = _command(options.command)(options)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        return 0
    except (QuerySnapshotError, OSError) as error:
        sys.stderr.write(f"query-snapshot: {error}\n")
        return 2
    return status


_ELSEWHERE = {
    **dict.fromkeys(("review", "accept", "reject"), "decide"),
    **{name: name for name in ("migrate", "prune", "resolve", "show")},
}


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """Import the module of one command alone: --help and list should not wait for the classifiers."""
    if name == "list":
        from pytest_query_snapshot.cli.decide import list_pending  # noqa: PLC0415  see above

        return list_pending
    module = importlib.import_module(f"pytest_query_snapshot.cli.{_ELSEWHERE.get(name, 'commands')}")
    command: Callable[[argparse.Namespace], int] = getattr(module, name)
    return command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="query-snapshot",
        description="Review the changes that golden tests found.",
        epilog=_EXAMPLES.format(classes=_classes()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--root", type=Path, default=None, help="a folder of the project (default: this one)")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_decisions(commands)
    _add_maintenance(commands)
    _add_comparison_of_revisions(commands)
    _add_checks(commands)
    _add_seeds_and_report(commands)
    return parser


def _add_decisions(commands: Any) -> None:
    review = commands.add_parser("review", help="walk through the pending changes, one key each")
    _selectors(review)
    review.add_argument("--browser", action="store_true", help="decide on a page of this machine instead")
    review.add_argument("--no-open", action="store_true", help="with --browser: print the link and open nothing")
    _diff_tool(review)
    for name, what in (
        ("list", "list the pending changes"),
        ("accept", "accept pending changes, never risks in bulk"),
    ):
        command = _json(commands.add_parser(name, help=what))
        _selectors(command, every=name == "accept")
        if name == "list":
            command.add_argument("--unfold", action="store_true", help="list every golden of a cause")
    _selectors(_json(commands.add_parser("reject", help="forget pending changes; the goldens stay")), every=True)


def _add_maintenance(commands: Any) -> None:
    prune = _json(commands.add_parser("prune", help="list goldens that provably belong to no test"))
    prune.add_argument("--yes", action="store_true", help="delete what is listed")
    prune.add_argument(
        "golden", nargs="*", help="whole paths, also of goldens whose test is not proved to be gone"
    )
    _json(commands.add_parser("migrate", help="rewrite goldens of an older format that differ in nothing else"))
    show = commands.add_parser("show", help="write one golden, with its test and seeds")
    show.add_argument("golden", help="path of a golden, or a part of it that no other has")
    show.add_argument("--diff", action="store_true", help="write the change that waits for review instead")
    _diff_tool(show)
    resolve = _json(
        commands.add_parser(
            "resolve", help="run the tests of goldens that have conflict markers, and keep each result for review"
        )
    )
    resolve.add_argument("arguments", nargs="*", metavar="PYTEST ARGUMENT", help="after --, such as -n 4")


def _add_comparison_of_revisions(commands: Any) -> None:
    diff = commands.add_parser("diff", help="summarize as Markdown how the goldens differ between two revisions")
    diff.add_argument("old", metavar="REV", help="the revision to compare with")
    diff.add_argument("new", metavar="REV", nargs="?", default=None, help="default: the working tree")
    diff.add_argument("--html", type=Path, metavar="FILE", help="also write the page to this file")
    diff.add_argument(
        "--format",
        choices=("markdown", "github"),
        default="markdown",
        help="github: a comment for a pull request, by cause, and annotations of the changed goldens",
    )
    diff.add_argument("--output", type=Path, metavar="FILE", help="write the text to this file instead")
    _json(diff)


def _add_checks(commands: Any) -> None:
    determinism = commands.add_parser(
        "determinism",
        help="run the suite again in another order of rows and hashes, and name the tests that depend on it",
    )
    determinism.add_argument(
        "arguments", nargs="*", metavar="PYTEST ARGUMENT", help="after --, such as tests/golden"
    )
    determinism.add_argument(
        "--repeat",
        metavar="N",
        type=_count,
        default=DEFAULT_REPEATS,
        help=f"run the suite this often in fresh processes, each with its own PYTHONHASHSEED ({DEFAULT_REPEATS})",
    )
    _json(determinism)
    _json(commands.add_parser("ties", help="list results with rows that their ORDER BY does not distinguish"))


def _add_seeds_and_report(commands: Any) -> None:
    seed = commands.add_parser("seed", help="write a seed from rows of a live database, masked columns left out")
    seed.add_argument("--from-url", required=True, metavar="URL", help="the database; it is only read")
    seed.add_argument("--tables", required=True, nargs="+", metavar="TABLE", help="tables, as name or schema.name")
    seed.add_argument("--limit", type=int, default=None, metavar="N", help="at most so many rows of each table")
    seed.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    report = commands.add_parser("report", help="write one HTML page: changes, then every golden")
    report.add_argument("--output", type=Path, metavar="FILE", help="default: .query_snapshot/report.html")


def _classes() -> str:
    names = ", ".join(kind.value for kind in Kind)
    return textwrap.fill(names, 78, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _json(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--json", action="store_true", help="write JSON, for scripts")
    return parser


def _count(text: str) -> int:
    """Read a number of runs."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _diff_tool(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--diff-tool",
        metavar="COMMAND",
        help="show differences with this command, such as delta or 'difft {old} {new}'",
    )


def _change_class(name: str) -> str:
    """Return the present name of a class: those that end in ``-removed`` ended in ``-lost`` in 0.1."""
    if not name.endswith("-lost"):
        return name
    present = f"{name.removesuffix('-lost')}-removed"
    sys.stderr.write(f"query-snapshot: --class {name} is now called {present}; the old name goes with 0.3\n")
    return present


def _selectors(parser: argparse.ArgumentParser, *, every: bool = False) -> None:
    parser.add_argument("golden", nargs="*", help="path of a golden, a part of it, or a pattern with * and ?")
    parser.add_argument(
        "--cause",
        dest="causes",
        action="append",
        default=[],
        metavar="ID",
        help="a cause, by the id that list prints; all its goldens hold the very same edit",
    )
    parser.add_argument(
        "--class",
        dest="classes",
        action="append",
        default=[],
        type=_change_class,
        metavar="CLASS",
        help="such as format; query-snapshot --help lists them",
    )
    parser.add_argument(
        "--test", dest="tests", action="append", default=[], metavar="TEXT", help="part of a test id"
    )
    parser.add_argument(
        "--dialect", dest="dialects", action="append", default=[], metavar="NAME", help="such as sqlite"
    )
    if every:
        parser.add_argument("--all", action="store_true", help="every pending change")
