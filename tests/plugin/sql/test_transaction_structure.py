"""Edges of transactions around statements that stay: a split, or another outcome, is a risk."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_query_snapshot import classify_sql
from pytest_query_snapshot.goldens.formats.sql_blocks import read_script
from pytest_query_snapshot.goldens.formats.transaction_structure import placed

TABLES = ("account", "booking", "customer", "device", "event", "folder")
PARTS = st.lists(
    st.tuples(st.sampled_from(["", "RELEASE", "ROLLBACK TO"]), st.integers(1, 3)), min_size=1, max_size=3
)
TRANSACTIONS = st.lists(
    st.tuples(st.sampled_from(["COMMIT", "COMMIT", "ROLLBACK"]), PARTS), min_size=1, max_size=3
)


def statement(number, *, changed=False):
    table = TABLES[number]
    return f"UPDATE {table} SET state = '{'new' if changed else 'old'}', seen = true WHERE {table}.id = {number};"


def written(transactions, *, changed=(), named=False):
    """Write a golden, and where each statement stands: its transaction, and whether it is kept."""
    lines, places, number = [], {}, 0
    for at, (end, parts) in enumerate(transactions):
        lines.append("BEGIN;")
        for part, (savepoint, count) in enumerate(parts):
            name = f" s{part}" if named else ""
            lines += [f"SAVEPOINT{name};"] * bool(savepoint)
            for _ in range(count):
                if number < len(TABLES):
                    lines.append(statement(number, changed=number in changed))
                    places[number] = (at, end == "COMMIT" and savepoint != "ROLLBACK TO")
                    number += 1
            lines += [f"{savepoint} SAVEPOINT{name};"] * bool(savepoint)
        lines.append(f"{end};")
    lines += [statement(left, changed=left in changed) for left in range(number, len(TABLES))]
    places |= {left: (len(transactions), True) for left in range(number, len(TABLES))}
    return "\n\n".join(lines) + "\n", places


@settings(max_examples=120, deadline=None)
@given(TRANSACTIONS, TRANSACTIONS, st.sets(st.integers(0, 5), max_size=3), st.booleans())
def test_statements_that_are_split_or_end_otherwise_are_a_risk(before, after, changed, named):
    old, was = written(before, named=named)
    new, became = written(after, changed=changed, named=named)
    split = any(was[a][0] == was[b][0] and became[a][0] != became[b][0] for a in was for b in was)
    ended = any(was[each][1] != became[each][1] for each in was)
    changes = classify_sql(old, new)
    assert any(change.risk for change in changes) or not (split or ended)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "SAVEPOINT a;|1|ROLLBACK TO SAVEPOINT a;|2|RELEASE SAVEPOINT a;",
            "SAVEPOINT a;|1|2|RELEASE SAVEPOINT a;",
        ),
        ("BEGIN;|1|2|COMMIT;", "BEGIN;|1|BEGIN;|2|COMMIT;"),
        ("1|2", "1|2|ROLLBACK;"),
        ("BEGIN;|1|COMMIT;", "BEGIN;|SAVEPOINT;|1|ROLLBACK TO SAVEPOINT;|COMMIT;"),
        ("BEGIN;|1|1|COMMIT;", "BEGIN;|1|COMMIT;|BEGIN;|1|COMMIT;"),
    ],
)
def test_other_edges_around_the_same_statements_are_a_risk(old, new):
    texts = [
        "\n\n".join(statement(int(part)) if part.isdigit() else part for part in each.split("|"))
        for each in (old, new)
    ]
    assert any(change.risk for change in classify_sql(*texts))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (  # a repetition that became several statements
            f"BEGIN;\n\n{statement(1)}\n-- x 2: 1 row each\n\nCOMMIT;\n",
            f"BEGIN;\n\n{statement(1)}\n-- 1 row\n\nCOMMIT;\n" * 2,
        ),
        (  # a statement that moved
            f"BEGIN;\n\n{statement(1)}\n\n{statement(2)}\n\nCOMMIT;\n",
            f"BEGIN;\n\n{statement(2)}\n\nCOMMIT;\n\nBEGIN;\n\n{statement(1)}\n\nCOMMIT;\n",
        ),
    ],
)
def test_added_transaction_that_takes_part_of_another_is_a_risk(old, new):
    assert any(change.risk and change.label == "transaction-added" for change in classify_sql(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1|2", "BEGIN;|1|2|COMMIT;"),
        ("BEGIN;|1|2|COMMIT;", "BEGIN;|SAVEPOINT a;|1|RELEASE SAVEPOINT a;|2|COMMIT;"),
        ("BEGIN;|1|COMMIT;", "BEGIN;|1|COMMIT;|BEGIN;|2|ROLLBACK;"),
        ("BEGIN;|1|COMMIT;", "BEGIN;|1|SAVEPOINT a;|2|ROLLBACK TO SAVEPOINT a;|COMMIT;"),
    ],
)
def test_edges_that_change_nothing_for_the_statements_are_safe(old, new):
    texts = [
        "\n\n".join(statement(int(part)) if part.isdigit() else part for part in each.split("|"))
        for each in (old, new)
    ]
    assert not any(change.risk for change in classify_sql(*texts))


@pytest.mark.parametrize(
    ("script", "undone"),
    [
        ("SAVEPOINT a; 1; ROLLBACK TO a; 2; ROLLBACK TO a; 3; COMMIT", "12"),
        ("SAVEPOINT a; 1; SAVEPOINT b; 2; ROLLBACK TO SAVEPOINT a; 3; COMMIT", "12"),
        ("SAVEPOINT a; SAVEPOINT b; 1; RELEASE SAVEPOINT b; 2; ROLLBACK TO SAVEPOINT a; COMMIT", "12"),
        ("SAVEPOINT; 1; ROLLBACK TO SAVEPOINT; 2; RELEASE SAVEPOINT; ROLLBACK TO SAVEPOINT; COMMIT", "1"),
    ],
)
def test_savepoints_undo_what_they_hold(script, undone):
    blocks = read_script(f"{script};\n")
    found = zip(blocks, placed(blocks), strict=True)
    assert "".join(block.sql for block, place in found if place.is_undone) == undone
