"""The `golden` fixture: what a test compares with, in the words of the test."""

from __future__ import annotations

import sys
from dis import opmap
from typing import TYPE_CHECKING, Any, NoReturn

from pytest_query_snapshot.errors import QuerySnapshotError
from pytest_query_snapshot.goldens.step import Step
from pytest_query_snapshot.values.adjustments import Adjustments

if TYPE_CHECKING:
    import re
    from contextlib import AbstractContextManager
    from types import FrameType

    from pytest_query_snapshot.goldens.context import GoldenContext

_USE = "a golden is compared with ==: `assert rows == golden`"
_ONLY_ROWS = "ignoring(..) and rounding(..) are for columns of rows; query_snapshot_mask is for all kinds"
_AS_RECEIVED = Adjustments()
_KINDS = {"rows": ("rows", "sql"), "sql": ("sql",), "state": ("state", "sql"), "changes": ("state",)}


class Golden:
    """`rows == golden` compares the rows, and every statement since the last comparison.

    The comparison has effects, as in syrupy: it writes with ``--snapshot-update``, and raises on a difference. It
    may stand on either side of ``==``; it has no other use.
    """

    # frames and arrays compare as a whole, not cell by cell
    __array_ufunc__ = None
    __pandas_priority__ = 10_000

    def __init__(
        self,
        context: GoldenContext,
        kinds: tuple[str, ...] = ("rows", "sql"),
        name: str | None = None,
        *,
        adjustments: Adjustments = _AS_RECEIVED,
    ) -> None:
        self._context = context
        self._kinds = kinds
        self._name = name
        self._adjustments = adjustments

    def __repr__(self) -> str:
        kind = next((kind for kind, kinds in _KINDS.items() if kinds == self._kinds), self._kinds[0])
        shown = "golden" if self._kinds == _KINDS["rows"] else f"golden.{'rows' if kind == 'rows' else kind}"
        return shown if self._name is None else f"{shown}({self._name!r})"

    def __eq__(self, received: object) -> bool:
        __tracebackhide__ = True
        if _is_membership_test(sys._getframe(1)):
            raise TypeError(f"`golden in ..` compares single members; {_USE}")
        return self._compare(received)

    def __array__(self, *_args: object, **_options: object) -> object:
        """Refuse to be one cell: a masked array makes an array of what it is compared with."""
        raise TypeError(f"this array compares its cells one by one; write `{self!r} == array`")

    def __call__(self, name: str) -> Golden:
        """Name a comparison: a second one of a kind in the same test needs it."""
        __tracebackhide__ = True
        _check_name(name, "golden")
        self._context.obligations.expect(name)
        return Golden(self._context, self._kinds, name, adjustments=self._adjustments)

    def step(self, name: str) -> Step:
        """Name what the block changes in the database, for a state golden.

        `async with golden.step(..):` can read, and write what an AsyncSession holds back, before its commit.
        """
        __tracebackhide__ = True
        _check_name(name, "golden.step")
        block = self._context.step(name)
        return Step(self._context.obligations.entered(block, written=f"golden.step({name!r})", compares=False))

    def budget(
        self, limit: int | None = None, *, exactly: int | None = None, match: str | re.Pattern[str] | None = None
    ) -> AbstractContextManager[None]:
        """Fail when the block runs more statements than `limit`, on any engine, or another number than `exactly`.

        `match` counts some of them: a word matches a table or another name of the statement, other text a part of
        it, a pattern is searched.
        """
        context = self._context
        block = context.settings.budget(limit, exactly=exactly, match=match, counts=context.is_recording)
        written = repr(limit) if exactly is None else f"exactly={exactly!r}"
        return context.obligations.entered(block, written=f"golden.budget({written})", compares=True)

    @property
    def rows(self) -> Golden:
        """The rows alone."""
        return Golden(self._context, ("rows",), self._name, adjustments=self._adjustments)

    @property
    def sql(self) -> Golden:
        """The statements since the last comparison alone; on the left a session, connection, engine or result.

        A statement on the left is compiled and compared, for every dialect of `query_snapshot_compile_dialects`.
        """
        return self._of_kinds(("sql",))

    @property
    def state(self) -> Golden:
        """Compare the changes of each step to the database, and every statement since the last comparison."""
        return self._of_kinds(("state", "sql"))

    @property
    def changes(self) -> Golden:
        """Compare the changes of each step alone: for long flows whose statements other tests pin."""
        return self._of_kinds(("state",))

    @property
    def plan(self) -> Golden:
        """The shape of the plan of a query, or of a `Plan` that was asked for elsewhere."""
        return self._of_kinds(("plan",))

    @property
    def schema(self) -> Golden:
        """The DDL of metadata, or of all that a database holds: tables, views, triggers, functions, policies."""
        return self._of_kinds(("schema",))

    def ignoring(self, *columns: str) -> Golden:
        """Hide columns of the rows in this comparison; the golden names them and shows `<ignored>`."""
        __tracebackhide__ = True
        if not columns or not all(isinstance(name, str) for name in columns):
            raise TypeError('golden.ignoring(..) takes names of columns, such as golden.ignoring("created_at")')
        self._check_once(columns, "ignoring")
        return self._adjusted(self._adjustments.ignoring(columns))

    def rounding(self, **digits: int) -> Golden:
        """Round columns of the rows in this comparison to digits after the point; the golden names them."""
        __tracebackhide__ = True
        if not digits or not all(type(number) is int for number in digits.values()):
            raise TypeError("golden.rounding(..) takes a number of digits for a column: golden.rounding(price=2)")
        self._check_once(tuple(digits), "rounding")
        return self._adjusted(self._adjustments.rounding(digits))

    def _check_once(self, columns: tuple[str, ...], call: str) -> None:
        """Refuse a column that is adjusted already: one of both would have no effect."""
        __tracebackhide__ = True
        named = [*self._adjustments.ignored, *(name for name, _ in self._adjustments.rounded), *columns]
        twice = next((name for name in columns if named.count(name) > 1), None)
        if twice is not None:
            raise TypeError(f"golden.{call}(..): column {twice} is ignored or rounded already; name it once")

    def _adjusted(self, adjustments: Adjustments) -> Golden:
        __tracebackhide__ = True
        if "rows" not in self._kinds:
            raise TypeError(_ONLY_ROWS)
        return Golden(self._context, self._kinds, self._name, adjustments=adjustments)

    def _of_kinds(self, kinds: tuple[str, ...]) -> Golden:
        __tracebackhide__ = True
        if self._adjustments:
            raise TypeError(_ONLY_ROWS)
        return Golden(self._context, kinds, self._name)

    def _compare(self, received: Any) -> bool:
        __tracebackhide__ = True
        try:
            comparisons = self._context.compare(self._kinds, self._name, received, adjustments=self._adjustments)
        except Exception as error:
            self._context.obligations.add_failure(error)
            if isinstance(error, QuerySnapshotError):
                raise error.with_traceback(None) from None
            raise
        failed = [comparison for comparison in comparisons if comparison.failed]
        if failed:
            from pytest_query_snapshot.goldens.failure_message import GoldenMismatchError  # noqa: PLC0415  only after a failure

            settings = self._context.settings
            mismatch = GoldenMismatchError(failed, root=settings.root, tenant_columns=settings.tenant_columns)
            if settings.compare_all:
                self._context.obligations.defer(mismatch)
                return True
            self._context.obligations.add_failure(mismatch)
            raise mismatch
        return True

    def _refuse(self, *_other: object) -> NoReturn:
        __tracebackhide__ = True
        raise TypeError(_USE)

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __contains__ = __iter__ = __len__ = __getitem__ = _refuse
    __bool__ = _refuse  # it would ask whether there is a fixture
    __hash__ = _refuse  # a set or dict would compare it with its members


def _check_name(name: object, call: str) -> None:
    """Refuse what is not a name."""
    __tracebackhide__ = True
    if not isinstance(name, str):
        raise TypeError(f"{call}(..) takes a name, not a {type(name).__name__}; {_USE}")
    if not name.strip():
        raise ValueError(f"{call}(..) takes a name that is not empty")


def _is_membership_test(caller: FrameType) -> bool:
    """Return whether the calling instruction is `in`: nothing else tells it from `==`."""
    at = caller.f_lasti
    return at >= 0 and caller.f_code.co_code[at] == opmap["CONTAINS_OP"]
