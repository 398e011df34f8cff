"""Check the vocabulary: no idioms, docstrings that open with a verb or a noun, names of tests with a subject.

And the names of files: one that a command under test wrote into the working directory is not committed unseen.

Run by `make lint`. An exception is listed with its file and the exact text of the line.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

IDIOMS: Final = re.compile(
    r"\b(anew|nobody|somebody|whoever|whatever|told|meanwhile"
    r"|is no |are none|goes on|go on|by hand|at its word|it is none|kicks?|tell(?:s|ing)? (?:\w+ ){0,3}apart)\b",
    re.IGNORECASE,
)
TEST_NAMES: Final = re.compile(
    r"\btest_(?:what|who|whom|whose|which|how|where|whether|when|why)_"
    r"|\btest_\w*_(?:anew|nobody|somebody|whoever|whatever|told|tells?|meanwhile|is_no|are_none|goes_on|go_on"
    r"|by_hand|at_its_word|is_none|kicks?)(?:_\w*)?\b"
)
OPENING: Final = re.compile(
    r"(What|Who|Whose|Whom|How|Where|Which|Whether|When|Why|Say|Tell|Ask|Look|Hand|Settle|Deal|Kick)\b"
)
FILE_NAMES: Final = re.compile(r"\.ci/run|LICENSE|Makefile|[\w./-]*\.\w+", re.ASCII)
ALLOWED: Final = (
    ("CHANGELOG.md", "`kick` and"),
    ("CHANGELOG.md", "`take_kicks` are gone, `ThreadRuntime.kick` is `notify`"),
    ("backend/docs/reference/controlplane/steps.md", "parameters: {name: nobody}"),
    ("backend/pytest_query_snapshot/databases/servers/binaries.py", '_ACCOUNTS = ("postgres", "nobody")'),
)
"""Idioms that are names: of removed functions, of an account of the system, and of a person in an example."""


def idioms(path: str, text: str) -> Iterator[str]:
    """Yield a message for each line with an idiom that is not allowed."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = IDIOMS.search(line)
        if found and not any(path == where and exception in line for where, exception in ALLOWED):
            yield f"{path}:{number}: idiom {found.group().strip()!r}: {line.strip()}"


def openings(path: str, text: str) -> Iterator[str]:
    """Yield a message for each docstring that opens with a relative clause or a verb of speech."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
            continue
        value = node.value.value
        if isinstance(value, str) and OPENING.match(value):
            yield f"{path}:{node.lineno}: open with a noun, or a verb for what is done: {value.splitlines()[0]}"


def names(path: str, text: str) -> Iterator[str]:
    """Yield a message for each test whose name opens with a relative clause or has an idiom."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(r"\s*(?:async )?def test_", line) and (found := TEST_NAMES.search(line)):
            yield f"{path}:{number}: name the subject, its behaviour and the condition: {found.group()}"


def stray_files(paths: list[str]) -> Iterator[str]:
    """Yield a message for each file whose name is none that this repository gives, goldens aside."""
    for path in paths:
        if "__snapshots__" not in Path(path).parts and not FILE_NAMES.fullmatch(path):
            yield f"{path!r}: a stray file, or a name without a suffix"


def main() -> int:
    """Print every finding; return 1 if there is one."""
    command = ["git", "ls-files", "backend/*.py", "backend/*.md", "README.md", "CHANGELOG.md"]
    paths = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    files = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, text=True).stdout
    findings = list(stray_files(files.split("\0")[:-1]))
    for path in paths:
        text = Path(path).read_text(encoding="utf-8")
        findings += idioms(path, text)
        if path.endswith(".py"):
            findings += openings(path, text)
    command = ["git", "ls-files", "tests/*.py"]
    for path in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        findings += names(path, Path(path).read_text(encoding="utf-8"))
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
