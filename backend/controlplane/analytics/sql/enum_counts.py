"""Records counted by a member of an enum, those with none too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from controlplane.analytics.sql.portable import Rows, members_table, ratio

if TYPE_CHECKING:
    from enum import StrEnum

    from sqlalchemy import ColumnElement, Subquery


def count_by_member(kind: type[StrEnum], key: Any, *, scope: ColumnElement[bool], label: str, number: str) -> Rows:
    """Select, for every member in the order of its enum: the member, how many records have it, their share of all.

    `label` and `number` name the first two columns. Over no records at all every share is null.
    """
    counts = select(key.label("member"), func.count().label(number)).where(scope).group_by(key).subquery("counts")
    return share_by_member(kind, counts, label=label, number=number)


def share_by_member(kind: type[StrEnum], counts: Subquery, *, label: str, number: str) -> Rows:
    """Select what `count_by_member` does from a table that holds, by `member`, a column named `number`."""
    members = members_table(kind, name="members")
    counted: Any = func.coalesce(counts.c[number], 0)
    return (
        select(
            members.c.member.label(label),
            counted.label(number),
            ratio(counted, func.sum(counted).over()).label("share"),
        )
        .select_from(members.outerjoin(counts, counts.c.member == members.c.member))
        .order_by(members.c.position)
    )
