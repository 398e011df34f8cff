"""A pytest plugin for the bench: tests run as they are, and nothing is recorded or compared.

`python -m pytest -p tests.bench.switched_off`. Results are still fetched and sessions flushed, as a test without
goldens would do to see them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.engine import FilterResult, Result
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Fixtures(), "query-snapshot-bench")  # the last one registered wins


class _Fixtures:
    @pytest.fixture
    def golden(self) -> _Golden:
        return _Golden()


class _Golden:
    """Equal to everything; every attribute and call of it gives itself."""

    def __eq__(self, received: object) -> bool:
        if isinstance(received, (Result, FilterResult)):
            received.all()
        elif isinstance(received, Session):
            received.flush()
        return True

    __hash__ = None  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *_args: Any, **_options: Any) -> _Golden:
        return self

    @contextmanager
    def step(self, _name: str) -> Iterator[None]:
        yield

    @contextmanager
    def budget(self, *_args: Any, **_options: Any) -> Iterator[None]:
        yield
