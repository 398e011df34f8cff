"""Distinct comparisons have distinct files, and a golden path is read back into its parts."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pytest_query_snapshot.goldens.storage.golden_path import (
    DIALECT_KINDS,
    LONGEST_LABEL,
    SHARED_KINDS,
    golden_name,
    slug,
    slug_of_test,
    split_stem,
    stem,
    suffix,
)

# many of the signs that the grammar itself uses, so that clashes are likely
PARTS = st.one_of(st.text(alphabet="ab[]-.:A", max_size=9), st.text(max_size=40))
NAMES = st.none() | PARTS
KINDS = st.sampled_from([*SHARED_KINDS, *DIALECT_KINDS])


@given(PARTS, NAMES, PARTS, NAMES)
@example("test_i[b]", "c]", "test_i[b]-c]", None)
@example("test_i[x::int]", None, "test_i[x.int]", None)
@example("A::b", None, "A.b", None)
@example("test_a", "b", "test_a-b", None)
@example("test_a[-b]", None, "test_a[", "b]")
def test_stem_differs_for_different_comparisons(test, name, other_test, other_name):
    assume((test, name) != (other_test, other_name))
    assert stem(test, name).casefold() != stem(other_test, other_name).casefold()


@given(PARTS, NAMES)
@example("test_x[-vars.none-]--", "a--0123abcd")
@example("[a]--0123abcd-b", "c")
def test_stem_reads_back_as_slugs_of_its_parts(test, name):
    expected = None if name is None else slug(name, longest=LONGEST_LABEL)
    assert split_stem(stem(test, name)) == (slug_of_test(test), expected)


@given(PARTS, NAMES, KINDS, st.sampled_from(["sqlite", "postgresql", "mysql"]))
def test_golden_name_reads_back_kind_dialect_and_stem(test, name, kind, dialect):
    made = stem(test, name)
    found = golden_name(f"__snapshots__/golden/test_a/{made}{suffix(kind, dialect)}")
    assert found is not None
    assert (found.test, found.kind) == (made, kind)
    assert found.dialect == ("" if kind in SHARED_KINDS else dialect)
    assert (found.module, found.test_slug) == ("__snapshots__/golden/test_a", slug_of_test(test))


@given(PARTS, NAMES, KINDS)
@example("é" * 300, "a" * 300, "schema")
@example("con", None, "rows")
def test_file_name_suits_every_file_system(test, name, kind):
    made = stem(test, name) + suffix(kind, "postgresql")
    assert len(made.encode()) < 240
    assert made.isascii()
    assert made.isprintable()
    assert not set(made) & set('\\/?*:|"<>')
    assert not made.startswith(".")
    assert made.partition(".")[0].casefold() not in {"con", "nul", "aux", "prn"}


@pytest.mark.parametrize(
    ("test", "name", "expected"),
    [
        ("test_x[week]", "busy", "test_x[week]-busy"),
        ("test_x", None, "test_x"),
        ("test_x[a-b.c]", None, "test_x[a-b.c]"),
        ("TestX::test_x", None, "TestX.test_x--f0e7fe76"),
    ],
)
def test_plain_names_stay_readable(test, name, expected):
    assert stem(test, name) == expected


@pytest.mark.parametrize("path", ["__snapshots__/test_a/.rows.md", "README.md", "__snapshots__/test_a/x.sql"])
def test_golden_name_rejects_other_files(path):
    assert golden_name(path) is None
