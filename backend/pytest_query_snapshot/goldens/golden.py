"""The `golden` fixture: what a test compares with, in the words of the test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_query_snapshot.goldens.context import TestBench


class _Comparable:
    """Something that is compared by `==`, whichever side it stands on; a difference raises, telling all."""

    __hash__ = None  # type: ignore[assignment]

    def __ne__(self, other: object) -> bool:
        raise TypeError("a golden is compared with ==")

    def __bool__(self) -> bool:
        raise TypeError("a golden is compared with ==; this asks whether it exists")


class Golden(_Comparable):  # noqa: PLW1641  unhashable, as its parent says
    """`rows == golden` compares the rows, and every statement since the last comparison."""

    def __init__(self, bench: TestBench, name: str | None = None) -> None:
        self._bench = bench
        self._name = name

    def __repr__(self) -> str:
        return "golden" if self._name is None else f"golden({self._name!r})"

    def __eq__(self, received: object) -> bool:
        __tracebackhide__ = True
        return _compare(self._bench, ("rows", "sql"), self._name, received)

    def __call__(self, name: str) -> Golden:
        """Name a comparison: a second one of a kind in the same test needs it."""
        return Golden(self._bench, name)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name what the block changes in the database, for a state golden."""
        self._bench.begin_step(name)
        yield
        self._bench.end_step(name)

    @property
    def rows(self) -> KindOfGolden:
        """The rows alone."""
        return KindOfGolden(self._bench, ("rows",), self._name)

    @property
    def sql(self) -> KindOfGolden:
        """The statements since the last comparison alone."""
        return KindOfGolden(self._bench, ("sql",), self._name)

    @property
    def state(self) -> KindOfGolden:
        """What each step changed in the database, and every statement since the last comparison."""
        return KindOfGolden(self._bench, ("state", "sql"), self._name)

    @property
    def changes(self) -> KindOfGolden:
        """What each step changed in the database alone: for long flows whose statements others pin."""
        return KindOfGolden(self._bench, ("state",), self._name)

    @property
    def plan(self) -> KindOfGolden:
        """The shape of the plan of a query, or of a `plans.Plan` that was asked for elsewhere."""
        return KindOfGolden(self._bench, ("plan",), self._name)

    @property
    def schema(self) -> KindOfGolden:
        """The DDL of metadata, or of what a database holds."""
        return KindOfGolden(self._bench, ("schema",), self._name)


class KindOfGolden(_Comparable):  # noqa: PLW1641  unhashable, as its parent says
    """One kind of golden, to compare with."""

    def __init__(self, bench: TestBench, kinds: tuple[str, ...], name: str | None) -> None:
        self._bench = bench
        self._kinds = kinds
        self._name = name

    def __repr__(self) -> str:
        return f"golden.{self._kinds[0]}"

    def __call__(self, name: str) -> KindOfGolden:
        """Name the comparison."""
        return KindOfGolden(self._bench, self._kinds, name)

    def __eq__(self, received: object) -> bool:
        __tracebackhide__ = True
        return _compare(self._bench, self._kinds, self._name, received)


def _compare(bench: TestBench, kinds: tuple[str, ...], name: str | None, received: Any) -> bool:
    __tracebackhide__ = True
    failed = [comparison for comparison in bench.compare(kinds, name, received) if comparison.failed]
    if failed:
        from pytest_query_snapshot.goldens.failure_message import GoldenMismatchError  # noqa: PLC0415  only after a failure

        raise GoldenMismatchError(failed, root=bench.root, tenant_columns=bench.settings.tenant_columns)
    return True
