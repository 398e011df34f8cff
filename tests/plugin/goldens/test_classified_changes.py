"""The lines of two goldens of changes, told apart as removed, added and changed rows."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.goldens.formats.changes import classify_state

GOLDEN = """## pay

### invoice

```diff
+ invoice#1: total=5
~ invoice#2: paid FALSE -> TRUE
```

unchanged: (none). Tables not listed are empty.
"""
EDITS = {
    ("+ invoice#1: total=5\n", ""): ("removed", "+ invoice#1: total=5", ""),
    ("```\n\nunchanged", "- invoice#3: total=1\n```\n\nunchanged"): ("added", "", "- invoice#3: total=1"),
    ("total=5", "total=6"): ("changed", "+ invoice#1: total=5", "+ invoice#1: total=6"),
}


@pytest.mark.parametrize(("edit", "expected"), EDITS.items())
def test_line_of_changes_is_classified_with_both_its_forms(edit, expected):
    (change,) = classify_state(GOLDEN, GOLDEN.replace(*edit))
    assert (change.action.value, change.old or "", change.new or "") == expected
    assert change.where == "pay / invoice"
