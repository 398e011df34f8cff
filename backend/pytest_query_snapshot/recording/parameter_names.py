"""Names of parameters as words: the parameter of a column "a b" is called a_b on every driver."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

_IS_WORD = re.compile(r"[^\W\d]\w*").fullmatch
_NO_WORD = re.compile(r"^(?=\d)|\W")
_Value = TypeVar("_Value")


class ParameterNames:
    """The words for the parameters of one compiled statement; no two have the same."""

    def __init__(self, compiled: Any, expanded: Mapping[str, Sequence[str]]) -> None:
        self._compiled = compiled
        self._escaped: Mapping[str, str] = compiled.escaped_bind_names
        self._expanded = expanded
        self._words: dict[str, str] = {}
        names = compiled.bind_names.values()
        if all(map(_IS_WORD, names)):
            return
        taken = {name for name in names if _IS_WORD(name)}
        for name in names:
            if not _IS_WORD(name):
                self._add(name, taken)

    def _add(self, name: str, taken: set[str]) -> None:
        word = _NO_WORD.sub("_", name)
        while word in taken:
            word += "_"
        taken.add(word)
        self._words[name] = word
        self._words.update((each, _NO_WORD.sub("_", each)) for each in self._expanded.get(name, ()))

    def word(self, name: str) -> str:
        """Return the word for a name."""
        return self._words.get(name, name)

    def by_position(self) -> tuple[str, ...]:
        """Return the words in the order in which the driver gets the values; none where it gets them by name."""
        if not self._compiled.positional:
            return ()
        positions = self._compiled.positiontup
        if self._compiled.literal_execute_params:  # these are written into the text and have no placeholder
            written = {self._compiled.bind_names[each] for each in self._compiled.literal_execute_params}
            positions = [name for name in positions if name not in written]
        if self._compiled.dialect.paramstyle.startswith("numeric"):  # $1: members of lists get the last numbers
            positions = sorted(positions, key=self._expanded.__contains__)
        return tuple(self.word(each) for name in positions for each in self._expanded.get(name, (name,)))

    def by_word(self, values: Mapping[str, _Value]) -> Mapping[str, _Value]:
        """Return the same values by words."""
        return {self.word(name): value for name, value in values.items()} if self._words else values

    def members(self) -> tuple[tuple[str, str], ...]:
        """Return each member of an expanded list with the list."""
        return tuple((self.word(each), self.word(name)) for name, all_ in self._expanded.items() for each in all_)

    def of_driver(self) -> tuple[tuple[str, str], ...]:
        """Return the names of placeholders that are not words, as the driver writes them, with their words."""
        return tuple((self._escaped.get(name, name), word) for name, word in self._words.items())
