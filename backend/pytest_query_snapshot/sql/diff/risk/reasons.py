"""Reasons why a change of one part of a statement needs a reviewer.

The law is one for all parts: what lets through rows that were kept out, or writes where nothing was written, is a
risk; what keeps more rows out is a change. Where neither is known, it is a risk.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from pytest_query_snapshot.sql.diff.risk.join_kinds import join_reason
from pytest_query_snapshot.sql.diff.risk.upsert import upsert_reason
from pytest_query_snapshot.sql.diff.risk.weakening import OTHER_COLUMNS, compare_inside, reason_of
from pytest_query_snapshot.sql.diff.risk.windows import window_reason
from pytest_query_snapshot.sql.facts.expressions import parse_expression
from pytest_query_snapshot.sql.facts.fact import VALUES_QUERY, Facet, Fact
from pytest_query_snapshot.sql.facts.normal_form import split_label
from pytest_query_snapshot.sql.word_tree import NUMBER, Group, Node, flatten, is_symbol, is_word, split_at, text

LEFT_OUT = "rows that were left out may come back"
BELOW_NOT = "below NOT, a stricter condition lets more rows through"
DECISIVE = "a condition reads this column"
JOINED_MORE = "rows of another query are added"
UNREAD = "rows that the subquery leaves out may come back"
IGNORED = "rows that break a constraint are left out or cut, without an error"
REPLACES = "REPLACE deletes the rows that are in its way"
REPEATED = "rows may be returned, or counted, more than once"
_MORE_RETURNED = "the table may hold more rows"
_MORE_ROWS = "more rows are let through"
_NO_LONGER_SKIPPED = "rows that were skipped are returned"
_OTHER_ORDER = "the assignment reads a column that is set before it now, or no longer is"
_DIRTY = "rows that are not committed are read"
_WEAKER_LOCK = "others may lock or change the rows"

_SET_OPERATIONS = {
    # what an operation may become without letting more rows through
    "union": {"union", "intersect", "except", "minus"},
    "union all": {"union", "union all", "intersect", "intersect all", "except", "except all", "minus"},
    "intersect all": {"intersect", "intersect all"},
    "except": {"except", "minus"},
    "minus": {"except", "minus"},
}


def reason_of_change(old: Fact, new: Fact) -> str:
    """Return why another value in the place of one is a risk; empty if it is safe."""
    compare = _COMPARISONS.get(old.facet, _inside)
    return compare(old, new)


def reason_of_loss(fact: Fact) -> str:
    """Return why a part that is gone is a risk, apart from the classes that always are."""
    if fact.facet is Facet.SET_OPERATION:
        return LEFT_OUT if fact.text.startswith(("except", "intersect", "minus")) else ""
    if fact.facet is Facet.OFFSET:
        return _NO_LONGER_SKIPPED
    return REPEATED if fact.facet is Facet.DISTINCT else ""


def _inside(old: Fact, new: Fact) -> str:
    before, after = (parse_expression(split_label(fact.nodes)[0]) for fact in (old, new))
    if _distinct_calls(old.nodes) > _distinct_calls(new.nodes):
        return REPEATED
    return reason_of(compare_inside(old.nodes_with_links(), new.nodes_with_links())) or window_reason(
        before, after
    )


def _distinct_calls(nodes: tuple[Node, ...]) -> int:
    """Count the functions that are called with DISTINCT."""
    groups = [node for node in nodes if isinstance(node, Group)]
    here = sum(is_word(group.children[0] if group.children else None, "distinct") for group in groups)
    return here + sum(_distinct_calls(group.children) for group in groups)


def _set_operation(old: Fact, new: Fact) -> str:
    if new.text in _SET_OPERATIONS.get(old.text, {old.text}):
        return ""
    return REPEATED if (old.text, new.text) == ("union", "union all") else LEFT_OUT


def _amount(old: Fact, new: Fact) -> str:
    """Compare two amounts of rows; one that is not a number, or comes with further words, is not known."""
    before, after = _number(old.nodes), _number(new.nodes)
    if old.facet is Facet.OFFSET:
        return "" if after >= before else _NO_LONGER_SKIPPED
    known = not math.isnan(after) and not math.isnan(before)
    if old.facet is Facet.SAMPLE:
        return _MORE_ROWS if known and after > before else ""
    ties = [any(is_word(node, "ties") for node in fact.nodes) for fact in (old, new)]
    percent = [any(is_word(node, "percent") for node in fact.nodes) for fact in (old, new)]
    alike = percent[0] == percent[1] and ties[0] >= ties[1]
    return "" if known and alike and after <= before else _MORE_ROWS


def _number(nodes: tuple[Node, ...]) -> float:
    tokens = [token for token in flatten(nodes) if not is_symbol(token, "(", ")")]
    tokens = [token for token in tokens if not is_word(token, "percent", "with", "ties")]
    if tokens and is_word(tokens[0], "system", "bernoulli"):
        tokens = tokens[1:2]
    if len(tokens) != 1 or tokens[0].kind != NUMBER:
        return math.nan
    try:
        return float(tokens[0].text.replace("_", ""))
    except ValueError:
        return math.nan


_LOCKS = ("key share", "share", "no key update", "update")
"""From the weakest to the strongest, as PostgreSQL has them."""
_READS_UNCOMMITTED = frozenset({"nolock", "readuncommitted"})
_HINTED_LOCKS = frozenset(
    {
        *("updlock", "xlock", "tablock", "tablockx", "holdlock", "serializable", "repeatableread"),
        "readcommittedlock",
    }
)


def _lock(fact: Fact) -> int:
    """Return the strength of a lock."""
    words = text(fact.nodes).replace("lock in share mode", "for share")
    return next((place for place, lock in reversed([*enumerate(_LOCKS)]) if f"for {lock}" in words), 1)


def hint_reason(old: Fact | None, new: Fact) -> str:
    """Return why the hints of a table, such as ``WITH (NOLOCK)``, lock less than those before."""
    before, after = (_hints(fact) if fact else set() for fact in (old, new))
    if after & _READS_UNCOMMITTED and not before & _READS_UNCOMMITTED:
        return _DIRTY
    return "" if before & _HINTED_LOCKS <= after & _HINTED_LOCKS else _WEAKER_LOCK


def _hints(fact: Fact) -> set[str]:
    return {token.text for token in flatten(fact.nodes)}


def _still_locked(old: Fact, new: Fact) -> bool:
    """Return whether every table that was locked is; without OF a lock is about all."""
    before, after = _lock_tables(old), _lock_tables(new)
    return not after or (bool(before) and before <= after)


def _lock_tables(fact: Fact) -> set[str]:
    start = next((i for i, node in enumerate(fact.nodes) if is_word(node, "of")), len(fact.nodes))
    end = next(
        (i for i in range(start, len(fact.nodes)) if is_word(fact.nodes[i], "skip", "nowait", "wait")),
        len(fact.nodes),
    )
    return {text(table) for table in split_at(fact.nodes[start + 1 : end], ",")}


def _more_of_a_table(old: Fact, new: Fact) -> str:
    """Return why VALUES that is read like a table, or a table function, may return more rows."""
    before, after = ([text((node,)) for node in fact.nodes if isinstance(node, Group)] for fact in (old, new))
    rows = old.key == VALUES_QUERY and (len(after) == len(before) or not set(after) - set(before))
    return "" if rows else _MORE_RETURNED


def _row(fact: Fact) -> tuple[Node, ...]:
    """Return the values of ``SET (a, b) = (1, 2)``; nothing where one column gets one value."""
    last = fact.nodes[-1:]
    return last if last and isinstance(last[0], Group) and len(split_at(last[0].children, ",")) > 1 else ()


def _is_permuted(old: tuple[Node, ...], new: tuple[Node, ...]) -> bool:
    """Return whether the same words stand in another order: rows that change places are not meant."""
    rows = [sorted(text((node,)) for node in nodes) for nodes in (old, new)]
    if rows[0] == rows[1]:
        return False
    one, other = ([token.text for token in flatten(nodes)] for nodes in (old, new))
    return one != other and sorted(one) == sorted(other)


def _join_kind(old: Fact, new: Fact) -> str:
    return join_reason(old.text, new.text)


def _lock_reason(old: Fact, new: Fact) -> str:
    if old.key:
        return hint_reason(old, new)
    return "" if _lock(new) >= _lock(old) and _still_locked(old, new) else _WEAKER_LOCK


def _distinct(old: Fact, _: Fact) -> str:
    return "" if old.text == "distinct" else REPEATED


def _values(old: Fact, new: Fact) -> str:
    if old.key:
        return _more_of_a_table(old, new)
    return OTHER_COLUMNS if _is_permuted(old.nodes, new.nodes) else _inside(old, new)


def _assignment(old: Fact, new: Fact) -> str:
    if old.form == new.form and old.links != new.links:
        return _OTHER_ORDER
    return OTHER_COLUMNS if _is_permuted(_row(old), _row(new)) else _inside(old, new)


_COMPARISONS: dict[Facet, Callable[[Fact, Fact], str]] = {
    Facet.JOIN_KIND: _join_kind,
    Facet.SET_OPERATION: _set_operation,
    Facet.LIMIT: _amount,
    Facet.OFFSET: _amount,
    Facet.SAMPLE: _amount,
    Facet.DISTINCT: _distinct,
    Facet.LOCK: _lock_reason,
    Facet.CONFLICT: upsert_reason,
    Facet.VALUES: _values,
    Facet.ASSIGNMENT: _assignment,
}
