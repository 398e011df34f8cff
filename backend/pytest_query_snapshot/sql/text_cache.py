"""A cache for questions about SQL texts that keeps few answers about long ones: their tokens take much memory."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 50_000
"""Characters from which a text is long: its tokens take a hundred times as many bytes."""
FEW = 8
"""The answers about long texts that are kept: those of one comparison."""

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
            answers = few if len(sql) > LONG else cached
            return answers(sql, *args, **kwargs)  # type: ignore[arg-type]  # typeshed wants hashable arguments

        return answer

    return decorate
