"""Parameters of two statements: renamed, or exchanged for one another.

SQLAlchemy numbers parameters in the order of the text, so a number more or less says nothing. A name that stood
for one thing and stands for another now, while both names are still used, does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pytest_query_snapshot.sql.facts.fact import Facet, Statement
from pytest_query_snapshot.sql.word_tree import (
    PARAMETER,
    Group,
    Node,
    Token,
    flatten,
    is_parameter_by_place,
    text,
)

_NUMBER = re.compile(r"_?\d+\Z")

Pairs = tuple[tuple[str, str], ...]


def exchanged(
    pairs: Iterable[tuple[str, str]],
    *,
    order: tuple[str, ...],
    values: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
) -> Pairs:
    """List the parameters that took the place of others that are still used.

    `pairs` are the names before and after at each place where the statements agree; `order` are the names of the
    new statement in the order of its text; `values` are those of the golden, before and after.
    """
    known = tuple(dict.fromkeys(pairs))
    before, after = {old for old, _ in known}, {new for _, new in known}
    found: list[tuple[str, str]] = []
    for old, new in known:
        elsewhere = [pair for pair in known if (pair[0] == old) != (pair[1] == new)]
        moved = old != new and (new in before or old in after)
        split = any(pair[0] == old or pair[1] == new for pair in elsewhere)
        if (moved or split) and not _is_renumbered(old, new, order, values, split=split):
            found.append((old, new))
    return tuple(found)


def _is_renumbered(
    old: str,
    new: str,
    order: tuple[str, ...],
    values: tuple[Mapping[str, str], Mapping[str, str]],
    *,
    split: bool,
) -> bool:
    """Return whether two names differ by a number that the order of the text, or the value, explains."""
    if old[0] in "?%" and old == new:
        return True
    if _stem(old) != _stem(new):
        return False
    one, other = values[0].get(old), values[1].get(new)
    if one is not None and other is not None:
        return one == other
    if split:
        return False
    numbered = [name for name in dict.fromkeys(order) if _stem(name) == _stem(new)]
    return numbered == sorted(numbered, key=_number)


def _stem(name: str) -> str:
    return _NUMBER.sub("", name.removesuffix(")s"))


def _number(name: str) -> int:
    digits = _NUMBER.search(name.removesuffix(")s"))
    return int(digits[0].lstrip("_")) if digits else 0


def exchanged_places(first: Statement, second: Statement) -> bool:
    """Return whether parameters bound by their place stand in another order in what both statements have."""
    before, after = _by_place(first), _by_place(second)
    common = Counter(before) & Counter(after)
    return _only(before, common) != _only(after, common)


Owner = tuple[Facet, str, str, str]


def _by_place(statement: Statement) -> list[Owner]:
    """List the facts that hold parameters without a name, in the order of these."""
    found = [
        (token.place, (fact.facet, fact.scope, fact.form, text(fact.nodes)))
        for fact in statement.facts
        for token in flatten(fact.nodes)
        if is_parameter_by_place(token)
    ]
    return [owner for _, owner in sorted(found)]


def _only(owners: list[Owner], common: Counter[Owner]) -> list[Owner]:
    left = common.copy()
    kept: list[Owner] = []
    for owner in owners:
        if left[owner]:
            left[owner] -= 1
            kept.append(owner)
    return kept


Conditions = list[tuple[Node, ...]]


def with_equal_parameters(old: Conditions, new: Conditions) -> tuple[Conditions, Conditions]:
    """Write parameters that differ by their number alone alike, where only one can be meant."""
    sides = [
        {token.text for nodes in side for token in flatten(nodes) if token.kind == PARAMETER}
        for side in (old, new)
    ]
    counts = [Counter(map(_stem, side)) for side in sides]
    single = {stem for stem in counts[0].keys() & counts[1].keys() if counts[0][stem] == counts[1][stem] == 1}
    before, after = ([tuple(_with_stems(node, single) for node in nodes) for nodes in side] for side in (old, new))
    return before, after


def _with_stems(node: Node, single: set[str]) -> Node:
    if isinstance(node, Group):
        return Group(
            node.opening, node.closing, tuple(_with_stems(child, single) for child in node.children), node.edges
        )
    stem = _stem(node.text)
    return Token(PARAMETER, stem, node.place) if node.kind == PARAMETER and stem in single else node
