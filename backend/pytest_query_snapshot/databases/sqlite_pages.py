"""The rows of SQLite tables that differ between two images of a database, found by the pages that differ.

Reading a table costs as much as it has rows; comparing its pages costs next to nothing, and leaves no trigger or
journal in a database that a test looks at. The format is documented at https://sqlite.org/fileformat2.html. What
this module does not understand it reports as not comparable, and the table is read in full.
"""

from __future__ import annotations

import struct
from functools import cached_property
from typing import NamedTuple

_HEADER = 100  # of the file, on its first page
_SCHEMA_ROOT = 1
_INTERIOR_INDEX, _INTERIOR_TABLE, _LEAF_INDEX, _LEAF_TABLE = 2, 5, 10, 13
_LARGEST_PAGE = 65536
_CHUNK = 64  # pages that are compared together
_SHORT, _LONG = struct.Struct(">H"), struct.Struct(">I")


class ChangedRows(NamedTuple):
    """The rowids of rows that were written and are there, and of those that are gone."""

    written: tuple[int, ...]
    removed: tuple[int, ...]


class Image:
    """The bytes of one schema, as `sqlite3.Connection.serialize` returns them, and the trees of its tables."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        size = _SHORT.unpack_from(data, 16)[0] if len(data) >= _HEADER else 0
        self.page_size = _LARGEST_PAGE if size == 1 else size
        self.usable = self.page_size - (data[20] if size else 0)
        self._trees: dict[int, dict[int, int]] = {}

    def page(self, number: int) -> bytes:
        """Return one page; they are counted from one."""
        start = (number - 1) * self.page_size
        return self.data[start : start + self.page_size]

    @property
    def last_page(self) -> int:
        """Return the number of the last page."""
        return len(self.data) // self.page_size if self.page_size else 0

    def tree(self, root: int) -> dict[int, int]:
        """Return the pages of a tree with their kinds."""
        if root not in self._trees:
            self._trees[root] = self._read_tree(root)
        return self._trees[root]

    def _read_tree(self, root: int) -> dict[int, int]:
        found: dict[int, int] = {}
        pending = [root]
        while pending:
            number = pending.pop()
            start = (number - 1) * self.page_size
            head = start + (_HEADER if number == _SCHEMA_ROOT else 0)
            kind = found[number] = self.data[head]
            if kind in {_INTERIOR_TABLE, _INTERIOR_INDEX}:
                cells = _SHORT.unpack_from(self.data, head + 3)[0]
                pointers = struct.unpack_from(f">{cells}H", self.data, head + 12)
                pending += [_LONG.unpack_from(self.data, start + at)[0] for at in pointers]
                pending.append(_LONG.unpack_from(self.data, head + 8)[0])
        return found

    def free_pages(self) -> set[int]:
        """Return the pages that belong to nothing."""
        found: set[int] = set()
        trunk = _LONG.unpack_from(self.data, 32)[0]
        while trunk:
            start = (trunk - 1) * self.page_size
            following, count = struct.unpack_from(">II", self.data, start)
            found.add(trunk)
            found.update(struct.unpack_from(f">{count}I", self.data, start + 8))
            trunk = following
        return found

    def rows(self, number: int) -> dict[int, bytes]:
        """Return the cells of a leaf by rowid."""
        start = (number - 1) * self.page_size
        head = start + (_HEADER if number == _SCHEMA_ROOT else 0)
        cells = _SHORT.unpack_from(self.data, head + 3)[0]
        found: dict[int, bytes] = {}
        for at in struct.unpack_from(f">{cells}H", self.data, head + 8):
            length, after = _varint(self.data, start + at)
            rowid, payload = _varint(self.data, after)
            found[_signed(rowid)] = self.data[start + at : payload + self._local(length)]
        return found

    def _local(self, length: int) -> int:
        """Return the number of bytes of a payload that lie in the cell, the number of its next page included."""
        most = self.usable - 35
        if length <= most:
            return length
        least = (self.usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (self.usable - 4)
        return (local if local <= most else least) + 4


class ImageDifference:
    """Two images of one schema, compared."""

    def __init__(self, old: Image, new: Image, *, roots: dict[str, int]) -> None:
        self._old, self._new = old, new
        self.roots = roots
        self._changed = _changed_pages(old, new) if old.page_size == new.page_size else set()

    @cached_property
    def is_comparable(self) -> bool:
        """Return whether the structure is the same, and every changed page has an owner that can be understood."""
        if self._old.page_size != self._new.page_size or not self._old.page_size:
            return False
        schema = self._new.tree(_SCHEMA_ROOT)
        first = _SCHEMA_ROOT in self._changed and self._old.page(1)[_HEADER:] != self._new.page(1)[_HEADER:]
        if first or not self._changed.isdisjoint(schema.keys() - {_SCHEMA_ROOT}):
            return False
        known = {_SCHEMA_ROOT} | self._new.free_pages()
        for root in self.roots.values():
            known.update(self._new.tree(root))
        return known.issuperset(page for page in self._changed if page <= self._new.last_page)

    def rows_of(self, table: str) -> ChangedRows | None:
        """Return the changed rows of a table; None if it has changed and does not keep its rows by rowid."""
        root = self.roots[table]
        old, new = self._old.tree(root), self._new.tree(root)
        if old.keys() == new.keys() and self._changed.isdisjoint(new):
            return ChangedRows((), ())
        if new[root] not in {_INTERIOR_TABLE, _LEAF_TABLE}:
            return None
        before = self._cells(self._old, old, other=new)
        after = self._cells(self._new, new, other=old)
        written = (rowid for rowid, cell in after.items() if before.get(rowid) != cell)
        return ChangedRows(tuple(written), tuple(before.keys() - after.keys()))

    def _cells(self, image: Image, tree: dict[int, int], *, other: dict[int, int]) -> dict[int, bytes]:
        """Return the cells of those leaves that the other image does not have alike."""
        found: dict[int, bytes] = {}
        for page, kind in tree.items():
            if kind == _LEAF_TABLE and (page in self._changed or page not in other):
                found.update(image.rows(page))
        return found


def _changed_pages(old: Image, new: Image) -> set[int]:
    size = old.page_size
    step = size * _CHUNK
    found: set[int] = set()
    for start in range(0, max(len(old.data), len(new.data)), step):
        if old.data[start : start + step] != new.data[start : start + step]:
            first = start // size + 1
            found.update(page for page in range(first, first + _CHUNK) if old.page(page) != new.page(page))
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; return it and the place behind it."""
    value = 0
    for place in range(at, at + 8):
        byte = data[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004  the last byte has no high bit
            return value, place + 1
    return value << 8 | data[at + 8], at + 9


def _signed(number: int) -> int:
    return number - (1 << 64) if number >= 1 << 63 else number
