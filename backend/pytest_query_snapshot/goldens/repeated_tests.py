"""Tests that a plugin calls many times: repeats of pytest-repeat share goldens, Hypothesis is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.errors import RepeatedTestError

if TYPE_CHECKING:
    import pytest

_REPEAT = "__pytest_repeat_step_number"


def name_of(item: pytest.Item) -> str:
    """Return the name of a test, without the count of pytest-repeat. Raises RepeatedTestError."""
    return node_id_of(item).removeprefix(item.nodeid.removesuffix(item.name))


def node_id_of(item: pytest.Item) -> str:
    """Return the node id of a test, without the count of pytest-repeat.

    Raises:
        RepeatedTestError: Hypothesis gives the test many inputs, or the count looks like a parameter.
    """
    # Hypothesis marks the function, and runs it again with each example inside of one call
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        raise RepeatedTestError(test=item.nodeid, caller="Hypothesis")
    call: Any = getattr(item, "callspec", None)
    if call is None or _REPEAT not in call.params:
        return item.nodeid
    count = re.compile(rf"{call.params[_REPEAT] + 1}-\d+")
    parts = list(getattr(call, "_idlist", ()))
    counts = [at for at, part in enumerate(parts) if count.fullmatch(part)]
    if len(counts) != 1:
        raise RepeatedTestError(test=item.nodeid, caller="pytest-repeat")
    del parts[counts[0]]
    plain = item.nodeid.removesuffix(f"[{call.id}]")
    return f"{plain}[{'-'.join(parts)}]" if parts else plain
