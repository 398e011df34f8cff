"""Records: objects that consist of fields, of any library."""

from __future__ import annotations

import dataclasses
import sys
from types import SimpleNamespace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Row
from sqlalchemy.exc import SQLAlchemyError

from pytest_query_snapshot.errors import UnprintableValueError

_BUILTIN = (dict, list, set, frozenset, str, bytes, int, float)


class Record(NamedTuple):
    """The name of a record's class and its fields in their order; `mapper` if it is an ORM entity."""

    name: str
    fields: tuple[tuple[str, Any], ...]
    mapper: Any = None


def read_record(value: object) -> Record | None:
    """Read the fields of a record; None for a value that is not one. Raises UnprintableValueError."""
    cls = type(value)
    if cls in _PLAIN:
        return None
    names = _field_names(value)
    if names is None:
        return None
    if isinstance(value, _BUILTIN):
        raise UnprintableValueError(
            value=value, instead="it is a record and a container or text too; use one of both"
        )
    mapper = mapper_of(value)
    try:
        return Record(cls.__name__, tuple((name, read(value)) for name, read in names), mapper)
    except (AttributeError, SQLAlchemyError) as error:
        raise UnprintableValueError(
            value=value, instead=f"hand over what it is to show: {type(error).__name__}: {error}"
        ) from error


def mapper_of(value: object) -> Any:
    """Return the mapper of an ORM entity; None for other values."""
    if not hasattr(type(value), "_sa_class_manager") or isinstance(value, type):
        return None
    state = sa.inspect(value, raiseerr=False)
    return getattr(state, "mapper", None)


def fields_of(value: Any) -> tuple[str, ...] | None:
    """Name the places of a named tuple or a row; None unless each place has a name.

    A row names only some of its columns where an unnamed alias of a class is among them.
    """
    names = getattr(value, "_fields", None)
    return names if names is not None and len(names) == len(value) else None


def _field_names(value: Any) -> list[tuple[str, Any]] | None:
    mapper = mapper_of(value)
    if mapper is not None:
        return [(prop.key, _attribute(prop.key)) for prop in mapper.column_attrs if hasattr(prop, "columns")]
    if isinstance(value, (tuple, Row)):
        members = fields_of(value)
        return [(str(name), _item(at)) for at, name in enumerate(members)] if members is not None else None
    names = _declared_names(value)
    return None if names is None else [(name, _attribute(name)) for name in names]


def _declared_names(value: Any) -> list[str] | None:
    """Name the fields that a dataclass, attrs, pydantic, msgspec or namespace object declares."""
    cls: Any = type(value)
    if isinstance(value, type):
        return None
    if dataclasses.is_dataclass(value):
        return [field.name for field in dataclasses.fields(value)]
    attributes = getattr(cls, "__attrs_attrs__", None)
    if attributes is not None:
        return [attribute.name for attribute in attributes]
    pydantic: Any = sys.modules.get("pydantic")
    if pydantic is not None and isinstance(value, pydantic.BaseModel):
        return [*cls.model_fields, *cls.model_computed_fields, *(value.__pydantic_extra__ or ())]
    if hasattr(cls, "__struct_fields__"):
        return list(cls.__struct_fields__)
    return list(vars(value)) if isinstance(value, SimpleNamespace) else None


def _attribute(name: str) -> Any:
    return lambda value: getattr(value, name)


def _item(at: int) -> Any:
    return lambda value: tuple.__getitem__(value, at) if isinstance(value, tuple) else value[at]


_PLAIN = frozenset({type(None), bool, int, float, str, bytes, tuple, list, dict, set, frozenset})
