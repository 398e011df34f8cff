"""Pending changes: what a failing comparison received, beside the golden it was compared to.

One JSON file per golden and database under ``.query_snapshot/pending``, written at the moment of the comparison:
it is there when the run is cut off, and whichever worker made it. A later comparison that passes removes it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from pytest_query_snapshot.atomic_write import remove, write_text
from pytest_query_snapshot.errors import PendingUnreadableError, WriteFailedError
from pytest_query_snapshot.state_folder import STATE_FOLDER, make_state_folder

FOLDER = "pending"
MIGRATION = "migration"
"""Goldens of an older format whose received text differs in nothing else."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A received value that its golden does not hold yet; ``base`` is None without a golden file.

    ``received`` is None only for a golden that a branch removed; no run leaves that. ``classes`` are those that
    the run found, so that no command has to find them again.
    """

    golden: str
    test: str
    kind: str
    dialect: str
    base: str | None
    received: str | None
    seeds: tuple[str, ...] = ()
    about: str = ""
    classes: dict[str, Any] | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The file name of this pending change: databases that share a golden have one each."""
        return f"{hashlib.sha256(f'{self.golden} {self.dialect}'.encode()).hexdigest()[:24]}.json"


def record(root: Path, pending: Pending, folder: str = FOLDER) -> None:
    """Leave ``pending`` for review; of a golden on a database, the latest counts."""
    try:
        path = make_state_folder(root, folder)
    except OSError as error:
        raise WriteFailedError(path=root / STATE_FOLDER, reason=error.strerror or str(error)) from error
    write_text(path / pending.name, json.dumps(asdict(pending), indent=1) + "\n")


def clear(root: Path, golden: str, *, dialect: str, folder: str = FOLDER) -> None:
    """Forget the pending change of ``golden`` on one database: it passed there, or was decided."""
    path = root / STATE_FOLDER / folder / Pending(golden, "", "", dialect, None, "").name
    if path.exists():
        remove(path)


def find_pending(root: Path, golden: str, *, dialect: str) -> Pending | None:
    """Return the pending change of ``golden`` on one database, as it is now."""
    path = root / STATE_FOLDER / FOLDER / Pending(golden, "", "", dialect, None, "").name
    return _read(path) if path.exists() else None


def all_pending(root: Path, folder: str = FOLDER) -> tuple[Pending, ...]:
    """Read every pending change, in the order of their goldens."""
    place = root / STATE_FOLDER / folder
    paths = place.glob("*.json") if place.is_dir() else ()
    return tuple(sorted((_read(path) for path in paths), key=lambda pending: (pending.golden, pending.dialect)))


def _read(path: Path) -> Pending:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        # a field that an older version did not write has its default
        known = {field.name: found[field.name] for field in fields(Pending) if field.name in found}
        pending = Pending(**known | {"seeds": tuple(known.get("seeds", ()))})
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise PendingUnreadableError(path=path, reason=str(error)) from error
    texts = (pending.golden, pending.test, pending.kind, pending.dialect, pending.received, pending.base or "")
    if not all(isinstance(text, str) for text in texts):
        raise PendingUnreadableError(path=path, reason="a field is not a text")
    return pending
