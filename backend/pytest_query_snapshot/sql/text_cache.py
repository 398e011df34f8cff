"""A cache for questions about SQL texts that keeps few answers about long ones: their tokens take much memory."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import _lru_cache_wrapper

LONG = 50_000
"""Characters from which a text is long: its tokens take a hundred times as many bytes."""
FEW = 8
"""The answers about long texts that are kept, until the comparison ends."""

MANY_TREES = 512
"""The answers that are kept where one is a tree of the whole statement, of some hundred objects."""

_asked_about_long: set[_lru_cache_wrapper[Any]] = set()

P = ParamSpec("P")
R = TypeVar("R")


def cached_by_text(
    *, maxsize: int
) -> Callable[[Callable[Concatenate[str, P], R]], Callable[Concatenate[str, P], R]]:
    """Keep the newest answers of a pure function whose first argument is a text."""

    def decorate(function: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
        cached, few = lru_cache(maxsize=maxsize)(function), lru_cache(maxsize=FEW)(function)

        @wraps(function)
        def answer(sql: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if len(sql) <= LONG:
                return cached(sql, *args, **kwargs)  # type: ignore[arg-type]  # typeshed wants hashable arguments
            _asked_about_long.add(few)
            return few(sql, *args, **kwargs)  # type: ignore[arg-type]  # see above

        return answer

    return decorate


def forget_long_texts() -> None:
    """Forget what is known of long texts; a comparison of them has ended."""
    while _asked_about_long:
        _asked_about_long.pop().cache_clear()
