"""A difference shown by a command of the user: delta, difftastic, or any other that takes two files."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pytest_query_snapshot.errors import DiffToolError
from pytest_query_snapshot.review.pending import Pending

_OLD, _NEW = "{old}", "{new}"
_NOT_RUN = 126
"""A shell's statuses from here on say that a command did not run; below, tools tell equal from different."""


@dataclass(frozen=True, slots=True)
class DiffTool:
    """A command; the files replace ``{old}`` and ``{new}``, or are appended."""

    command: str

    def words(self, old: Path, new: Path) -> list[str]:
        """Return the command with its files; no shell reads it."""
        try:
            found = shlex.split(self.command)
        except ValueError as error:
            raise DiffToolError(command=self.command, reason=str(error)) from error
        if not found:
            raise DiffToolError(command=self.command, reason="no command")
        if any(sign in word for word in found for sign in (_OLD, _NEW)):
            return [word.replace(_OLD, str(old)).replace(_NEW, str(new)) for word in found]
        return [*found, str(old), str(new)]

    def show(self, pending: Pending) -> None:
        """Run the command on the golden and the received value; a missing side is an empty file."""
        with tempfile.TemporaryDirectory(prefix="query-snapshot-") as folder:
            # the name stays: tools choose the language by it
            name = PurePosixPath(pending.golden).name
            old, new = Path(folder, "golden", name), Path(folder, "received", name)
            for path, text in ((old, pending.base), (new, pending.received)):
                path.parent.mkdir()
                path.write_bytes((text or "").encode("utf-8", "surrogatepass"))
            self._run(self.words(old, new))

    def _run(self, words: list[str]) -> None:
        sys.stdout.flush()
        source = None if sys.stdin.isatty() else subprocess.DEVNULL
        try:
            done = subprocess.run(words, stdin=source, check=False)  # noqa: S603  the user's own command
        except OSError as error:
            raise DiffToolError(command=self.command, reason=error.strerror or str(error)) from error
        if done.returncode >= _NOT_RUN or done.returncode < 0:
            raise DiffToolError(command=self.command, reason=f"ended with status {done.returncode}")
