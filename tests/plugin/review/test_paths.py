"""The paths of goldens where there is little room."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.review.causes import causes
from pytest_query_snapshot.review.terminal import Painter, summarized

from .conftest import SQL

PATH = "__snapshots__/golden/test_agents/test_wider.sqlite.sql"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (None, PATH),
        (15 + len(PATH), PATH),
        (14 + len(PATH), ".../golden/test_agents/test_wider.sqlite.sql"),
        (15 + len(".../test_wider.sqlite.sql"), ".../test_wider.sqlite.sql"),
    ],
)
def test_a_path_is_cut_at_its_folders(folder, width, shown):
    folder.pending("test_wider.sqlite.sql", SQL, SQL.replace("agents.name", "agents.title"))
    (cause,) = causes(folder.reviews())
    assert list(summarized(cause, Painter(), width=width))[1].strip() == shown
