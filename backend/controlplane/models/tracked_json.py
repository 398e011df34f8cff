"""JSON values whose in-place changes, at any depth, mark their row as changed.

SQLAlchemy's own `Mutable` takes one container type per column and no scalars; a JSON column holds any of them.
"""

from __future__ import annotations

from typing import Any, Self

from sqlalchemy import JSON, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import flag_modified, set_committed_value
from sqlalchemy.types import TypeDecorator


class TrackedJSON(TypeDecorator[Any]):
    """A JSON column: gives back what was put in. Omitted is SQL NULL; None is JSON null.

    Not JSONB on PostgreSQL: that sorts the keys of mappings, and the outputs of a join are in definition order.
    """

    impl = JSON()
    cache_ok = True
    should_evaluate_none = True

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Let `column["key"]` and comparisons behave as those of a JSON column do."""
        return self.impl_instance.coerce_compared_value(op, value)


@compiles(TrackedJSON, "sqlite")
def _as_text(_type: TrackedJSON, _compiler: Any, **_options: Any) -> str:
    """Keep what was written: what SQLite calls JSON is numeric, turns 6.0 into 6 and long integers into floats."""
    return "TEXT"


class _Row:
    """The end of the chain of owners: one attribute of one object.

    It holds the object: who keeps only the JSON value and changes it must not lose the change because the
    session's weak identity map has let the object go.
    """

    def __init__(self, target: Any, key: str) -> None:
        self.target = target
        self.key = key

    def changed(self) -> None:
        flag_modified(self.target, self.key)


class _Container:
    """The part that the tracked dict and list share: their owner."""

    owner: Any = None

    def changed(self) -> None:
        if self.owner is not None:
            self.owner.changed()


def _reporting(parent: type, name: str) -> Any:
    """Wrap one mutating method of dict or list: adopt what it stored, then report the change."""
    original = getattr(parent, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        self.adopt()
        self.changed()
        return result

    method.__name__ = name
    return method


class TrackedDict(_Container, dict[str, Any]):
    """A dict in a JSON column."""

    def adopt(self) -> None:
        """Track the values that are not tracked yet."""
        for key, value in self.items():
            dict.__setitem__(self, key, tracked(value, self))

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return the value under `key`, tracked; `default` is stored when there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def __ior__(self, other: Any) -> Self:  # type: ignore[misc,override]
        self.update(other)
        return self

    def __reduce__(self) -> Any:
        return (dict, (dict(self),))

    __setitem__, __delitem__ = _reporting(dict, "__setitem__"), _reporting(dict, "__delitem__")
    update, pop, popitem, clear = (_reporting(dict, name) for name in ("update", "pop", "popitem", "clear"))


class TrackedList(_Container, list[Any]):
    """A list in a JSON column."""

    def adopt(self) -> None:
        """Track the items that are not tracked yet."""
        for index, value in enumerate(self):
            list.__setitem__(self, index, tracked(value, self))

    def __iadd__(self, other: Any) -> Self:  # type: ignore[misc]
        self.extend(other)
        return self

    def __imul__(self, times: Any) -> Self:  # type: ignore[misc]
        self[:] = list(self) * times
        return self

    def __reduce__(self) -> Any:
        return (list, (list(self),))

    __setitem__, __delitem__ = _reporting(list, "__setitem__"), _reporting(list, "__delitem__")
    append, extend, insert = (_reporting(list, name) for name in ("append", "extend", "insert"))
    remove, pop, clear = (_reporting(list, name) for name in ("remove", "pop", "clear"))
    sort, reverse = (_reporting(list, name) for name in ("sort", "reverse"))


def tracked(value: Any, owner: Any) -> Any:
    """Return `value` with its dicts and lists tracked and owned by `owner`; what another row owns is copied."""
    if isinstance(value, _Container) and value.owner is owner:
        return value
    kind = TrackedDict if isinstance(value, dict) else TrackedList if isinstance(value, list | tuple) else None
    if kind is None:
        return value
    container = kind(value)
    container.owner = owner
    container.adopt()
    return container


@event.listens_for(Mapper, "mapper_configured")
def _listen(mapper: Mapper[Any], kind: type) -> None:
    """Track the JSON attributes of a class as soon as it is mapped."""
    keys = tuple(
        attribute.key for attribute in mapper.column_attrs if isinstance(attribute.columns[0].type, TrackedJSON)
    )
    if not keys:
        return

    def on_load(target: Any, _context: Any, names: Any = None) -> None:
        for key in keys:
            if key in target.__dict__ and (names is None or key in names):
                set_committed_value(target, key, tracked(target.__dict__[key], _Row(target, key)))

    event.listen(kind, "load", on_load)
    event.listen(kind, "refresh", on_load)
    event.listen(kind, "refresh_flush", on_load)
    for key in keys:
        event.listen(getattr(kind, key), "set", _on_set(key), retval=True)


def _on_set(key: str) -> Any:
    def on_set(target: Any, value: Any, _old: Any, _initiator: Any) -> Any:
        return tracked(value, _Row(target, key))

    return on_set
