"""A deterministic order for unordered rows: by content, then by the rows that reference the same ids.

Ids drawn at random can't be sorted by, but the rows that mention them can distinguish them: a step is the one
called 'end', and its event is the event of that step. So each id gets a signature of all rows that mention it,
recomputed a few times from the signatures of the ids beside it (the colour refinement of Weisfeiler and Leman).
"""

from __future__ import annotations

import uuid
from collections import Counter
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_query_snapshot.values.id_aliases import IdAliases, stable_id_key
from pytest_query_snapshot.values.printing.numbers import number_text, rounded_text
from pytest_query_snapshot.values.printing.printer import Printer
from pytest_query_snapshot.values.stored import stored_scalar
from pytest_query_snapshot.values.table import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

REFINEMENT_ROUNDS = 4
MAX_READABLE = 500


class Signature(NamedTuple):
    """The signature of an id: the text of the rows that mention it, and a hash of their neighbourhood."""

    text: str
    hashed: str


_NOTHING = Signature("", "")


class _Column(Protocol):
    @property
    def owner(self) -> str | None:
        """The table that the column identifies, if it holds ids."""


class _Unnamed(IdAliases):
    """Names no id: what rows are sorted by must not depend on ids that are drawn at random."""

    def alias_for(self, key: object, kind: str) -> str:  # noqa: ARG002  the signature is that of the class above
        return ""


Content = list[tuple[int, float, str]]
SortKey = tuple[Content, list[str], list[str]]


def sort_key(content: Content, ids: Sequence[object], signatures: Mapping[object, Signature]) -> SortKey:
    """Return the sort key of a row that was split."""
    known = [signatures.get(value, _NOTHING) for value in ids]
    text = [stable_id_key(value) or signature.text for value, signature in zip(ids, known, strict=True)]
    return content, text, [signature.hashed for signature in known]


class UnorderedSortKey:
    """The sort key of a row in a bag."""

    def __init__(self, columns: Sequence[_Column], signatures: Mapping[object, Signature] | None = None) -> None:
        self._owners = tuple(column.owner for column in columns)
        self._printer = Printer(_Unnamed())
        self._signatures = signatures or {}
        self._columns = columns

    def __call__(self, row: Sequence[Any]) -> SortKey:
        """Return the sort key of a row."""
        return sort_key(*self.split(row), self._signatures)

    def refined(self, rows: Sequence[Sequence[Any]]) -> UnorderedSortKey:
        """Return a key that distinguishes rows of equal content, where there are any."""
        keys = Counter(repr(self(row)) for row in rows)
        if len(keys) == len(rows):
            return self
        return UnorderedSortKey(self._columns, signatures(("", *self.split(row)) for row in rows))

    def split(self, row: Sequence[Any]) -> tuple[Content, list[object]]:
        """Part a row into what it says and the ids it mentions."""
        content: Content = []
        ids: list[object] = []
        for value, owner in zip(row, self._owners, strict=True):
            if isinstance(value, uuid.UUID) or (owner is not None and type(value) is int):
                ids.append(value)
            elif value is None or value is ABSENT:
                content.append((0, 0.0, repr(value)))
            elif isinstance(value, (int, float, Decimal)) and value == value:  # noqa: PLR0124  not for NaN
                number = stored_scalar(value)
                content.append((1, _as_float(number), number_text(number)))
            else:
                content.append((2, 0.0, self._printer.value(value)))
        return content, ids


def _as_float(value: float | Decimal) -> float:
    try:
        return float(rounded_text(value))
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def in_alias_order(ids: Iterable[tuple[object, str]]) -> list[tuple[object, str]]:
    """Sort ids, each with its kind, by key; those drawn at random follow in the order in which they are given."""
    found = dict.fromkeys(ids)
    return sorted(found, key=lambda each: (not stable_id_key(each[0]), stable_id_key(each[0])))


def signatures(rows: Iterable[tuple[str, Content, Sequence[object]]]) -> dict[object, Signature]:
    """Describe each id by the rows that mention it: where a row stands, what it says, its ids."""
    labelled = [(f"{place}{content}", ids) for place, content, ids in rows]
    known: dict[object, str] = {each: stable_id_key(each) for _, ids in labelled for each in ids}
    readable: dict[object, str] = {}
    for _ in range(REFINEMENT_ROUNDS):
        mentions: dict[object, list[str]] = {each: [] for each in known}
        for label, ids in labelled:
            row = label + "|".join(known[each] for each in ids)
            for position, each in enumerate(ids):
                mentions[each].append(f"{position}{row}")
        known = {
            each: stable_id_key(each) or sha256("\x1f".join(sorted(found)).encode("utf-8", "replace")).hexdigest()
            for each, found in mentions.items()
        }
        # what was said first decides the order, so that a reader sees one; the hash only distinguishes equals
        readable = readable or {
            each: "\x1f".join(sorted(found))[:MAX_READABLE] for each, found in mentions.items()
        }
    return {each: Signature(readable[each], signature) for each, signature in known.items()}
