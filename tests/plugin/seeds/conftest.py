"""Seeds are tested in whole sessions of a small project."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request, make_project):
    return make_project(request.param)
