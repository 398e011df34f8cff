"""JSON values whose in-place changes, at any depth, mark their row as changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.mutable import Mutable


def _reporting(name: str, parent: type) -> Any:
    """Wrap one mutating method of dict or list: adopt what it stores, then report the change."""
    original = getattr(parent, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        self.adopt()
        self.changed()
        return result

    method.__name__ = name
    return method


class TrackedJSON(Mutable):
    """A dict or list that reports changes to the row that holds it; scalars are stored as they are."""

    owner: TrackedJSON | None = None

    @classmethod
    def coerce(cls, key: str, value: Any) -> Any:  # noqa: ARG003  the signature is SQLAlchemy's
        """Return `value` with every dict and list in it tracked."""
        return _tracked(value, None)

    def changed(self) -> None:
        """Report to the owner, and so in the end to the row."""
        if self.owner is None:
            super().changed()
        else:
            self.owner.changed()

    def adopt(self) -> None:
        """Track what was just stored in here."""
        raise TypeError(type(self))  # only the two containers below are ever made


class TrackedDict(TrackedJSON, dict[str, Any]):
    """A dict of a JSON column."""

    def adopt(self) -> None:
        """Track the values that are not tracked yet."""
        for key, value in self.items():
            dict.__setitem__(self, key, _tracked(value, self))

    def __reduce__(self) -> Any:
        return (dict, (dict(self),))

    for _name in ("__setitem__", "__delitem__", "__ior__", "update", "setdefault", "pop", "popitem", "clear"):
        locals()[_name] = _reporting(_name, dict)


class TrackedList(TrackedJSON, list[Any]):
    """A list of a JSON column."""

    def adopt(self) -> None:
        """Track the items that are not tracked yet."""
        for index, value in enumerate(self):
            list.__setitem__(self, index, _tracked(value, self))

    def __reduce__(self) -> Any:
        return (list, (list(self),))

    for _name in (
        *("__setitem__", "__delitem__", "__iadd__", "__imul__", "append", "extend"),
        *("insert", "remove", "pop", "clear", "sort", "reverse"),
    ):
        locals()[_name] = _reporting(_name, list)


def _tracked(value: Any, owner: TrackedJSON | None) -> Any:
    """Return `value` as a container owned by `owner`; one that another row owns is copied."""
    if isinstance(value, TrackedJSON) and value.owner is owner:
        return value
    kind = TrackedDict if isinstance(value, dict) else TrackedList if isinstance(value, list | tuple) else None
    if kind is None:
        return value
    tracked: Any = kind(value)
    tracked.owner = owner
    tracked.adopt()
    return tracked
