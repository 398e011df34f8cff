"""The classifier measured: no loss without a risk, classes right, few false alarms, no meaning lost."""

from __future__ import annotations

import random
import re
import sqlite3

import pytest

from pytest_query_snapshot.sql.diff.statements import classify_statement

from .generated_changes import BENIGN, NAMES, pairs

PAIRS = list(pairs())
FOUND = [(pair, classify_statement(pair.old, pair.new, dialect=pair.dialect)) for pair in PAIRS]
VALUES = {"tenant": 1, "state": "new", "owner": 2, "level": 3, "id": 5, "root": 1, "kind": "paid", "other": "new"}


def labels(changes):
    return {change.label for change in changes}


def is_risk(changes):
    return any(change.risk for change in changes)


def is_right(pair, changes):
    wanted = pair.label.removeprefix("!")
    return labels(changes) <= BENIGN if wanted in BENIGN else wanted in labels(changes)


def test_there_are_enough_pairs_to_measure_with():
    assert len(PAIRS) >= 1_500
    assert len({names.dialect for names in NAMES}) >= 3


def test_every_difference_is_seen():
    assert [pair.about for pair, changes in FOUND if not changes] == []


def test_no_loss_goes_without_a_risk():
    assert [pair.about for pair, changes in FOUND if pair.label.startswith("!") and not is_risk(changes)] == []


def test_classes_are_right():
    wrong = [pair.about for pair, changes in FOUND if not is_right(pair, changes)]
    assert len(wrong) <= 0.03 * len(PAIRS), wrong


def test_false_alarms_are_few():
    false = [pair.about for pair, changes in FOUND if not pair.label.startswith("!") and is_risk(changes)]
    assert len(false) < 0.03 * len(PAIRS), false


def test_a_class_without_meaning_is_given_to_no_other_change():
    benign = [pair for pair, changes in FOUND if labels(changes) <= BENIGN]
    assert [pair.about for pair in benign if pair.label not in BENIGN] == []


def seeded(names):
    """Make the tables of a set of names, with rows that distinguish most edits."""
    choose = random.Random(5)
    w = names.words
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute(
        f"CREATE TABLE {w['T']} (id INTEGER PRIMARY KEY, tenant_id INT, {w['c']} TEXT, {w['d']} INT, owner_id INT,"
        " parent_id INT)"
    )
    database.execute(
        f"CREATE TABLE {w['U']} (id INTEGER PRIMARY KEY, t_id INT, tenant_id INT, kind TEXT, amount INT)"
    )
    database.execute(f"CREATE TABLE {w['V']} (id INTEGER PRIMARY KEY, t_id INT, body TEXT)")
    for number in range(1, 60):
        row = (choose.randrange(1, 3), choose.choice(("new", "old", "x", None)), choose.randrange(12))
        owner, parent = choose.randrange(1, 4), choose.randrange(1, number + 1)
        database.execute(f"INSERT INTO {w['T']} VALUES (?, ?, ?, ?, ?, ?)", (number, *row, owner, parent))
        paid = (choose.randrange(1, 60), choose.randrange(1, 3), choose.choice(("paid", "void", "open")))
        database.execute(f"INSERT INTO {w['U']} VALUES (?, ?, ?, ?, ?)", (number, *paid, choose.randrange(9)))
        note = (choose.randrange(1, 60), choose.choice(("x", "y")))
        database.execute(f"INSERT INTO {w['V']} VALUES (?, ?, ?)", (number, *note))
    return database


def outcome(database, names, sql):
    """Run a statement and return its rows and what it leaves behind; undone at the end."""
    wanted = {name: VALUES[name] for name in re.findall(r"(?<!:):([a-z]+)", sql)}
    database.execute("BEGIN")
    try:
        rows = database.execute(sql, wanted).fetchall()
        # DML alone leaves something behind
        tables = [names.words[key] for key in "TUV"] if not sql.lower().startswith(("select", "with")) else []
        return rows, [database.execute(f"SELECT * FROM {table}").fetchall() for table in tables]
    finally:
        database.execute("ROLLBACK")


@pytest.mark.parametrize("names", [each for each in NAMES if each.dialect == "sqlite"], ids=str)
def test_a_change_without_meaning_gives_the_same_rows(names):
    database = seeded(names)
    checked = 0
    for pair, changes in FOUND:
        if pair.about.startswith(f"sqlite {names.words['T']} ") and labels(changes) <= BENIGN:
            assert outcome(database, names, pair.old) == outcome(database, names, pair.new), pair.about
            checked += 1
    assert checked >= 15
    database.close()


@pytest.mark.parametrize("names", [NAMES[0]], ids=str)
def test_seed_distinguishes_most_changes_of_meaning(names):
    database = seeded(names)
    told = missed = 0
    for pair, _ in FOUND:
        if not pair.about.startswith(f"sqlite {names.words['T']} ") or pair.label in BENIGN:
            continue
        try:
            differ = outcome(database, names, pair.old) != outcome(database, names, pair.new)
        except sqlite3.Error:  # an edit that the database refuses is told by it
            differ = True
        told, missed = told + differ, missed + (not differ)
    assert told > 2 * missed
    database.close()
