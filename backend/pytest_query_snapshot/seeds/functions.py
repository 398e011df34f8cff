"""Python seeds: functions of a conftest.py that fill the database with an ORM session."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from pytest_query_snapshot.errors import ConfigurationError
from pytest_query_snapshot.seeds.files import SeedFile

Function = TypeVar("Function", bound=Callable[[Any], object])
_MARK = "_query_snapshot_seed"


def seed(name: str | None = None, *, requires: Iterable[str] = ()) -> Callable[[Function], Function]:
    """Register a function of a conftest.py as a seed, for `@pytest.mark.seed(name)`.

    It is called with an ORM session once for each set of seeds, and the result is kept like a loaded file. What it
    does has to be the same each time: no clock and no random values that a golden shows.
    """
    if name is not None and not isinstance(name, str):
        raise TypeError("seed is called: write @seed() or @seed('agents') above the function")
    if isinstance(requires, str):
        raise TypeError(f"seed(.., requires=..) takes a list of names: requires=[{requires!r}]")

    def mark(function: Function) -> Function:
        setattr(function, _MARK, (name or function.__name__, tuple(requires)))
        return function

    return mark


def seeds_in(modules: Iterable[Any], *, root: Path) -> dict[str, SeedFile]:
    """Return the seeds that modules register. Raises ConfigurationError when two have one name."""
    found: dict[str, SeedFile] = {}
    functions = {id(one): one for module in modules for one in vars(module).values() if _is_seed(one)}
    for function in functions.values():
        name, requires = getattr(function, _MARK)
        code = function.__code__
        path = Path(code.co_filename)
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        line = code.co_firstlineno
        if name in found:
            raise ConfigurationError(f"{shown}:{line}: seed {name!r} is registered at {found[name].shown} too")
        needed = tuple((line, one) for one in requires)
        found[name] = SeedFile(name, shown, "", needed, ".py", function, line)
    return found


def _is_seed(value: object) -> bool:
    return inspect.isfunction(value) and hasattr(value, _MARK)
