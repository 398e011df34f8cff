"""The rows of a table as those of an earlier state with few changes: as cheap to make as there are changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_Row = tuple[Any, ...]


class PatchedRows(Mapping[_Row, _Row]):
    """Rows by key: those of `base`, but for some that were written and some that are gone."""

    __slots__ = ("base", "removed", "written")

    def __init__(self, base: Mapping[_Row, _Row], written: Mapping[_Row, _Row], removed: Sequence[_Row]) -> None:
        self.base = base
        self.written = written
        self.removed = frozenset(removed)

    def __getitem__(self, key: _Row) -> _Row:
        if key in self.written:
            return self.written[key]
        if key in self.removed:
            raise KeyError(key)
        return self.base[key]

    def __iter__(self) -> Iterator[_Row]:
        yield from (key for key in self.base if key not in self.removed)
        yield from (key for key in self.written if key not in self.base)

    def __len__(self) -> int:
        return len(self.base) - len(self.removed) + sum(1 for key in self.written if key not in self.base)

    def __contains__(self, key: object) -> bool:
        return key in self.written or (key in self.base and key not in self.removed)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PatchedRows) and other.base is self.base:
            return all(self.get(key) == other.get(key) for key in keys_to_compare(self, other))
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]


def keys_to_compare(before: Mapping[_Row, _Row], after: Mapping[_Row, _Row]) -> Iterable[_Row]:
    """Return the keys of rows that may differ, each once: those of `after` in its order, then what it lost."""
    old = before.base if isinstance(before, PatchedRows) else before
    new = after.base if isinstance(after, PatchedRows) else after
    if old is not new:
        return dict.fromkeys((*after, *before))
    return dict.fromkeys((*_patched_keys(after), *_patched_keys(before)))


def _patched_keys(rows: Mapping[_Row, _Row]) -> Iterable[_Row]:
    return (*rows.written, *rows.removed) if isinstance(rows, PatchedRows) else ()
