"""Obligations of a test that takes `golden`: it compares what it began, and each failure reaches pytest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from pytest_query_snapshot.errors import GoldenOutlivedError, HiddenFailureError, NothingComparedError


class Obligations:
    """The comparisons that one test owes."""

    def __init__(self, test: str) -> None:
        self._test = test
        self._named: dict[str, bool] = {}
        self._open_steps: dict[str, None] = {}
        self._unentered: dict[int, str] = {}
        self._failures: list[str] = []
        self._deferred: list[Exception] = []
        self._compared = False
        self._has_ended = False

    def check_running(self) -> None:
        """Make sure that the test still runs. Raises GoldenOutlivedError."""
        if self._has_ended:
            raise GoldenOutlivedError(test=self._test)

    def expect(self, name: str) -> None:
        """Note the name of a golden that is to be compared."""
        self.check_running()
        self._named.setdefault(name, False)

    def meet(self, name: str | None) -> None:
        """Note that something was compared under a name, or under none."""
        self._compared = True
        if name is not None:
            self._named[name] = True

    def begin_step(self, name: str) -> None:
        """Note a step whose changes or statements are to be compared."""
        self._open_steps[name] = None

    def meet_steps(self) -> None:
        """Note that the work of all steps so far is compared."""
        self._open_steps.clear()

    def add_failure(self, error: BaseException) -> None:
        """Note a comparison that raised."""
        self._failures.append((str(error).splitlines() or [type(error).__name__])[0])

    def defer(self, error: Exception) -> None:
        """Note a comparison that failed, and that fails the test at its end."""
        self._deferred.append(error)

    def entered(
        self, block: AbstractContextManager[None], *, written: str, compares: bool
    ) -> AbstractContextManager[None]:
        """Return a block that is an obligation until it is entered; some blocks compare by themselves."""
        self.check_running()
        number = len(self._unentered) + 1
        self._unentered[number] = written
        return self._entered(block, number, compares=compares)

    @contextmanager
    def _entered(self, block: AbstractContextManager[None], number: int, *, compares: bool) -> Iterator[None]:
        __tracebackhide__ = True
        self._unentered[number] = ""
        self._compared = self._compared or compares
        with block:
            yield

    def end(self) -> None:
        """Refuse everything from here on: the fixture is gone."""
        self._has_ended = True

    def check(self) -> None:
        """Make sure that everything was compared, and that no failure was caught.

        Raises:
            NothingComparedError: something was forgotten; the error names it.
            HiddenFailureError: a comparison failed, and the test passed.
            GoldenMismatchError: a comparison failed in a run that compares all; a group if there are several.
        """
        if self._deferred:
            raise _together(self._deferred)
        if self._failures:
            raise HiddenFailureError(failures=tuple(self._failures))
        forgotten = [f"golden({name!r})" for name, compared in self._named.items() if not compared]
        forgotten += [f"write `with {written}:`" for written in self._unentered.values() if written]
        if not self._compared and not forgotten:
            forgotten = ["`golden`: write `assert rows == golden`, or leave the fixture out"]
        steps = ", ".join(map(repr, self._open_steps))
        if steps:
            forgotten.append(f"after golden.step({steps}) write `assert session == golden.state`")
        if forgotten:
            raise NothingComparedError(forgotten=tuple(forgotten))


def _together(errors: list[Exception]) -> Exception:
    return errors[0] if len(errors) == 1 else ExceptionGroup(f"{len(errors)} comparisons failed", errors)
