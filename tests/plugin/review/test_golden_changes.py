"""The classifiers of whole goldens against labelled changes: a file per kind and class in ``goldens/``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_query_snapshot.goldens.classify import classify_golden
from pytest_query_snapshot.sql.diff.change import labels

_PAIR = re.compile(r"=== (\w+)\n(.*?\n)--- becomes\n(.*?\n)=> ([^\n]+)\n", re.DOTALL)


def pairs():
    for path in sorted((Path(__file__).parent / "goldens").glob("*.txt")):
        for number, match in enumerate(_PAIR.finditer(path.read_text()), start=1):
            expected = {label.strip() for label in match[4].split(",")}
            assert path.stem.partition("-")[2] in expected, path
            yield pytest.param(match[1], match[2], match[3], expected, id=f"{path.stem}:{number}")


PAIRS = list(pairs())


@pytest.mark.parametrize(("kind", "old", "new", "expected"), PAIRS)
def test_a_change_of_a_golden_gets_its_class(kind, old, new, expected):
    assert set(labels(classify_golden(old, new, kind=kind))) == expected


@pytest.mark.parametrize(("kind", "old", "new", "expected"), PAIRS)
def test_a_golden_equals_itself(kind, old, new, expected):
    assert classify_golden(new, new, kind=kind) == ()


def test_a_missing_golden_is_new():
    assert labels(classify_golden(None, "x", kind="rows")) == ("new",)


def test_a_removed_golden_is_lost():
    assert labels(classify_golden("x", None, kind="rows")) == ("golden-removed",)
