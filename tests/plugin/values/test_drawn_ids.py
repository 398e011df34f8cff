"""Ids that another run draws differently are numbered by their rows, not by their value."""

from __future__ import annotations

import uuid

import pytest

from pytest_query_snapshot.values.id_aliases import stable_id_key


@pytest.mark.parametrize("version", [1, 4, 6, 7])
def test_drawn_uuid_has_no_key_to_sort_by(version):
    drawn = uuid.UUID(int=uuid.uuid4().int & ~(0xF << 76) | version << 76)
    assert (drawn.version, stable_id_key(drawn)) == (version, "")


@pytest.mark.parametrize(
    "chosen", [uuid.UUID(int=7), uuid.uuid5(uuid.NAMESPACE_DNS, "a"), uuid.uuid3(uuid.NAMESPACE_DNS, "a")]
)
def test_chosen_uuid_sorts_by_its_value(chosen):
    assert stable_id_key(chosen) == chosen.hex
