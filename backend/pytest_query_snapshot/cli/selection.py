"""Select the pending changes of a command: every selector has to match something."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Iterable, Sequence

from pytest_query_snapshot.errors import NothingMatchedError, NothingSelectedError
from pytest_query_snapshot.review.accept import Review, Selector, reviews, whole_comparisons, with_comparison
from pytest_query_snapshot.review.causes import causes
from pytest_query_snapshot.settings import Project
from pytest_query_snapshot.sql.diff.change import ALL_LABELS, Kind

CLASSES = tuple(dict.fromkeys((*(kind.value for kind in Kind), *ALL_LABELS)))
"""Values of ``--class``: a class, or the first part of several: ``predicate`` for ``predicate-removed``."""
_NEAREST = 3


def chosen(project: Project, options: argparse.Namespace, *, needed: bool = False) -> tuple[Review, ...]:
    """Return the selected changes, risks first.

    Raises:
        NothingSelectedError: a command that decides was given no selector.
        NothingMatchedError: a selector matches no pending change; the error names what comes near.
    """
    selector = Selector(
        classes=tuple(options.classes),
        tests=tuple(options.tests),
        dialects=tuple(options.dialects),
        goldens=tuple(options.golden),
    )
    if needed and selector == Selector() and not options.all and not options.causes:
        raise NothingSelectedError
    found = reviews(project)
    _check(selector, found)
    selected = tuple(one for one in _of_causes(found, options.causes) if selector.takes(one))
    if needed and selected:
        selected = _whole(selector, selected, found)
    if found and not selected:
        raise NothingMatchedError(option="the selectors together", value="", nearest=())
    return selected


def _whole(selector: Selector, selected: tuple[Review, ...], found: tuple[Review, ...]) -> tuple[Review, ...]:
    """Return whole comparisons: a named golden stands for its comparison, a class must cover all of it."""
    here = tuple(one for one in found if not selector.dialects or one.pending.dialect in selector.dialects)
    if selector.goldens:
        return with_comparison(selected, here)
    return whole_comparisons(selected, here)


def _of_causes(found: tuple[Review, ...], ids: Sequence[str]) -> tuple[Review, ...]:
    """Return the changes of the named causes; of every cause where none is named."""
    if not ids:
        return found
    known = {cause.id: cause.same or cause.members for cause in causes(found)}
    for value in ids:
        if value not in known:
            raise NothingMatchedError(option="--cause", value=value, nearest=_nearest(value, known))
    return tuple(one for value in ids for one in known[value])


def _check(selector: Selector, found: tuple[Review, ...]) -> None:
    """Refuse the first value that selects nothing on its own."""
    for value in selector.classes:
        if value not in CLASSES:
            raise NothingMatchedError(option="--class", value=value, nearest=_nearest(value, CLASSES))
    checks: tuple[
        tuple[str, tuple[str, ...], Callable[[str], Selector], Callable[[Review], Iterable[str]]], ...
    ] = (
        ("--class", selector.classes, lambda value: Selector(any_class=(value,)), lambda one: one.labels),
        ("--test", selector.tests, lambda value: Selector(tests=(value,)), lambda one: (one.pending.test,)),
        (
            "--dialect",
            selector.dialects,
            lambda value: Selector(dialects=(value,)),
            lambda one: (one.pending.dialect,),
        ),
        ("golden", selector.goldens, lambda value: Selector(goldens=(value,)), lambda one: (one.pending.golden,)),
    )
    for option, values, alone, words in checks:
        for value in values:
            if not any(alone(value).takes(one) for one in found):
                known = [word for one in found for word in words(one)]
                raise NothingMatchedError(option=option, value=value, nearest=_nearest(value, known))


def _nearest(value: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return what the value may have been meant to be: close spellings of a word, or of the end of a path."""
    words = list(dict.fromkeys(known))
    by_end = {word.rpartition("/")[2].partition(".")[0]: word for word in words} | {word: word for word in words}
    close = difflib.get_close_matches(value, by_end, n=_NEAREST, cutoff=0.5)
    return tuple(dict.fromkeys(by_end[each] for each in close)) or tuple(words[:_NEAREST])
