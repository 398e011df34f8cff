"""The DDL of all tables, per dialect."""

from __future__ import annotations

import pytest

from controlplane.models import Base


@pytest.mark.usefixtures("engine")
def test_the_schema(golden):
    assert Base.metadata == golden.schema
