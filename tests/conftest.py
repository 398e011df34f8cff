"""What every test of this repository starts from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from controlplane import clock as controlplane_clock

pytest_plugins = ["pytester"]

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class TestClock:
    """A clock that a test moves: each question for the time takes one second, so that order shows in goldens."""

    __test__ = False

    def __init__(self) -> None:
        self.current = START - timedelta(seconds=1)

    def __call__(self) -> datetime:
        self.current += timedelta(seconds=1)
        return self.current

    def advance(self, **delta: float) -> None:
        self.current += timedelta(**delta)

    def set(self, at: datetime) -> None:
        """Let the next question be answered with exactly `at`."""
        self.current = at - timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock():
    test_clock = TestClock()
    with controlplane_clock.use(test_clock):
        yield test_clock
