"""The grammar of golden paths: build the path of a comparison, and read a path back into its parts.

    path  = snapshots "/" module folder "/" stem suffix
    stem  = test | test "-" name
    suffix = ".rows.md" | ".state.md" | "." dialect (".sql" | ".plan.txt" | ".schema.sql")

A part that can't be a file name as it is becomes a slug and a hash of the part: ``slug--1a2b3c4d``. Distinct tests
and names have distinct stems, on file systems that ignore case too; a stem is read back without knowing the tests.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

# File systems allow 255 bytes; a temporary name and the longest suffix must fit too.
LONGEST_TEST = 120
LONGEST_LABEL = 60
SHARED_KINDS = {"rows": ".rows.md", "state": ".state.md"}
DIALECT_KINDS = {"sql": ".sql", "plan": ".plan.txt", "schema": ".schema.sql"}
_HASH = 8
_PLAIN = re.compile(rf"test_[a-z0-9_]{{0,{LONGEST_TEST - 5}}}")
_LOST = re.compile(r"[^A-Za-z0-9_.,=+[\]-]+")
# Names that Windows keeps for devices.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{at}" for port in ("com", "lpt") for at in range(1, 10))}
)
_SUFFIX = re.compile(
    r"(?P<stem>.+?)(?:\.(?P<shared>rows|state)\.md|\.(?P<dialect>\w+)(?P<kind>\.sql|\.plan\.txt|\.schema\.sql))",
    re.DOTALL,
)
_KINDS = {suffix: kind for kind, suffix in DIALECT_KINDS.items()}
# A test without hash: its brackets end at the first "]" before a "-", so that a name can follow.
_TEST = re.compile(r"[^\[\]-]+(?:\[.*?\])?(?=-|\Z)", re.DOTALL)
_HASHED = re.compile(rf"--[0-9a-f]{{{_HASH}}}(?=-|\Z)")


def below(path: Path, root: Path) -> str | None:
    """Return a path from a folder on; None if it lies elsewhere.

    By the texts of both, which takes a tenth of the time of ``relative_to`` or ``os.path.relpath``.
    """
    text, folder = str(path), str(root)
    if not folder.endswith(os.sep):  # as the root of a file system does
        folder += os.sep
    return text[len(folder) :] if text.startswith(folder) else None


def suffix(kind: str, dialect: str) -> str:
    """Return the end of the file names of a kind."""
    shared = SHARED_KINDS.get(kind)
    return shared if shared is not None else f".{dialect}{DIALECT_KINDS[kind]}"


def slug(part: str, *, longest: int) -> str:
    """Turn one part into a file name, injectively: where the slug loses something, a hash of the part follows.

    Capitals count as lost, since many file systems ignore case.
    """
    kept = _LOST.sub("-", part).strip("-.") or "x"
    lossless = kept == part and kept == kept.lower() and "--" not in kept
    if lossless and len(kept) <= longest and kept not in _DEVICES:
        return kept
    return f"{kept[: longest - _HASH - 2]}--{_digest(part)}"


def slug_of_test(test: str) -> str:
    """Return the first part of a stem, for the part of a node id behind the module: ``TestA::test_x[1]``."""
    if _PLAIN.fullmatch(test):  # what the rest finds for most tests
        return test
    names, bracket, parameters = test.partition("[")
    dotted = names.replace("::", ".") + bracket + parameters
    if "." in names or "::" in parameters:  # the dots would read like another test
        kept = _LOST.sub("-", dotted).strip("-.") or "x"
        return _unambiguous(kept, f"node id {test}")
    plain = slug(dotted, longest=LONGEST_TEST)
    return plain if _reads_back(plain) else _unambiguous(plain, dotted)


def _unambiguous(kept: str, part: str) -> str:
    """Return a slug with a hash that reads back as one part, for any signs in the test."""
    cut = kept[: LONGEST_TEST - _HASH - 2]
    hashed = f"{cut}--{_digest(part)}"
    if _reads_back(hashed):
        return hashed
    return f"{re.sub(r'[][-]', '_', cut)}--{_digest(part)}"


def _reads_back(slug: str) -> bool:
    """Return whether a stem that begins with this slug of a test is split behind it, with a name or without."""
    return split_stem(slug) == (slug, None) and all(
        split_stem(f"{slug}-{name}") == (slug, name) for name in ("x", "]", "[-]")
    )


def _digest(part: str) -> str:
    return sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]


def stem(test: str, name: str | None) -> str:
    """Return the begin of the file names of a comparison: the test, and the name if it has one."""
    return with_name(slug_of_test(test), name)


def with_name(first: str, name: str | None) -> str:
    """Return a stem whose first part is known."""
    return first if name is None else f"{first}-{slug(name, longest=LONGEST_LABEL)}"


def split_stem(stem: str) -> tuple[str, str | None]:
    """Read a stem back into the slugs of its test and of the name of the comparison."""
    match = _TEST.match(stem)
    end = match.end() if match is not None else 0
    hashed = _HASHED.match(stem, end) if match is not None else _HASHED.search(stem)
    if hashed is not None:
        end = hashed.end()
    if end == 0 or end == len(stem):
        return stem, None
    return stem[:end], stem[end + 1 :]


def may_be_slug_of(function: str, slug: str) -> bool:
    """Return whether a test of this function, ``TestA.test_x``, with any parameters, can have this slug."""
    head, cut = _readable(slug)
    kept = _LOST.sub("-", function).strip("-.") or "x"
    return any(each == head or (cut and each.startswith(head)) for each in (kept, kept.replace("-", "_")))


def _readable(slug: str) -> tuple[str, bool]:
    """Return the function in the slug of a test, and whether its name may be cut."""
    hashed = re.search(rf"--[0-9a-f]{{{_HASH}}}\Z", slug)
    kept = slug[: hashed.start()] if hashed is not None else slug
    head, bracket, _ = kept.partition("[")
    return head, not bracket and hashed is not None and len(kept) >= LONGEST_TEST - _HASH - 2


@dataclass(frozen=True, slots=True)
class GoldenName:
    """The facts in the path of a golden; ``stem`` is the path without kind and dialect."""

    path: str
    stem: str
    kind: str
    dialect: str

    @property
    def module(self) -> str:
        """The folder of the test's module: the snapshot folder, then the module's path under the test folder."""
        return str(PurePosixPath(self.stem).parent)

    @property
    def test(self) -> str:
        """The name of the test, and of the comparison if it has one."""
        return PurePosixPath(self.stem).name

    @property
    def test_slug(self) -> str:
        """The slug of the test alone."""
        return split_stem(self.test)[0]

    @property
    def readable_test(self) -> str:
        """The function of the test, as far as its slug shows it."""
        return _readable(self.test_slug)[0]


def golden_name(path: str) -> GoldenName | None:
    """Read a path; None for a file that is not a golden."""
    match = _SUFFIX.fullmatch(path)
    if match is None or match["stem"].endswith("/"):
        return None
    shared = match["shared"]
    kind = shared or _KINDS[match["kind"]]
    return GoldenName(path=path, stem=match["stem"], kind=kind, dialect="" if shared else match["dialect"])


def goldens_of(root: Path, snapshots: str) -> tuple[GoldenName, ...]:
    """List the goldens of a project, sorted."""
    folder = root / snapshots
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else ()
    names = (golden_name(path.relative_to(root).as_posix()) for path in paths)
    return tuple(name for name in names if name is not None)
