"""Frames, series and arrays of pandas, polars and numpy as plain values; none of them is imported here."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.values.printing.escaping import escape


class Frame(NamedTuple):
    """A table that a library holds: the labels of its columns, and its rows."""

    labels: tuple[object, ...]
    rows: list[tuple[Any, ...]]
    notes: tuple[str, ...] = ()


def read_frame(value: object) -> Frame | None:
    """Read a frame or a series; None for other values. Raises UnprintableValueError."""
    pandas: Any = sys.modules.get("pandas")
    if pandas is not None and isinstance(value, (pandas.DataFrame, pandas.Series)):
        return _pandas_frame(pandas, value)
    polars: Any = sys.modules.get("polars")
    if polars is not None and isinstance(value, (polars.DataFrame, polars.Series)):
        return _polars_frame(polars, value)
    return None


def plain(value: object) -> object:
    """Return an array or a scalar of one of the libraries as lists and plain scalars; other values as they are."""
    package = type(value).__module__.partition(".")[0]
    convert = _CONVERSIONS.get(package)
    return value if convert is None else convert(value)


def _pandas_frame(pandas: Any, value: Any) -> Frame:
    if isinstance(value, pandas.Series):
        value = value.to_frame("value" if value.name is None else value.name)
    columns = [value.iloc[:, at].tolist() for at in range(value.shape[1])]
    labels = tuple(value.columns.tolist())
    if not _is_numbered(pandas, value.index):
        names = [name if name is not None else f"index_{at}" for at, name in enumerate(value.index.names)]
        levels = [value.index.get_level_values(at).tolist() for at in range(value.index.nlevels)]
        columns, labels = [*levels, *columns], (*(names if len(names) > 1 else _only(names)), *labels)
    named = any(name is not None for name in value.columns.names)
    notes = (f"columns: {', '.join(escape(str(name)) for name in value.columns.names)}",) if named else ()
    if not columns:
        return Frame((), [()] * len(value), notes)
    return Frame(labels, [tuple(map(plain, row)) for row in zip(*columns, strict=True)], notes)


def _only(names: list[Any]) -> list[Any]:
    return ["index" if names[0] == "index_0" else names[0]]


def _is_numbered(pandas: Any, index: Any) -> bool:
    """Return whether an index only counts the rows and so says nothing."""
    return isinstance(index, pandas.RangeIndex) and index.name is None and (index.start, index.step) == (0, 1)


def _polars_frame(polars: Any, value: Any) -> Frame:
    if isinstance(value, polars.Series):
        value = value.to_frame(value.name or "value")
    for name, kind in value.schema.items():
        _refuse_nanoseconds(polars, value, name, kind)
    return Frame(tuple(value.columns), value.rows())


# also within lists and structs; a time of day has no other unit
_NANOSECONDS = re.compile(r"time_unit='ns'|\bTime\b")


def _refuse_nanoseconds(polars: Any, frame: Any, name: str, kind: Any) -> None:
    """Refuse values that Python's own types would cut at the microsecond."""
    if not _NANOSECONDS.search(repr(kind)):
        return
    exact = False
    if kind == polars.Time or kind.base_type() in {polars.Datetime, polars.Duration}:
        counts = frame[name].to_physical().drop_nulls()
        exact = not bool((counts % 1000 != 0).any())
    if not exact:
        raise UnprintableValueError(
            value=frame, instead=f"column {name!r} has nanoseconds; cast it to microseconds or to text first"
        )


def _plain_pandas(value: Any) -> Any:
    name = type(value).__name__
    if name in {"NaTType", "NAType", "Timestamp", "Timedelta"}:
        return value
    if name in {"Interval", "Period"}:
        return value
    if hasattr(value, "tolist"):
        pandas: Any = sys.modules["pandas"]
        if isinstance(value, pandas.Series) and not _is_numbered(pandas, value.index):
            raise UnprintableValueError(value=value, instead="hand over its .to_dict(), with the index as keys")
        return value.tolist()
    raise UnprintableValueError(value=value)


def _plain_numpy(value: Any) -> Any:
    numpy: Any = sys.modules["numpy"]
    if value is numpy.ma.masked:
        return None
    if isinstance(value, (numpy.datetime64, numpy.timedelta64)):
        return value
    if isinstance(value, numpy.void) or (isinstance(value, numpy.ndarray) and value.dtype.names):
        raise UnprintableValueError(value=value, instead="hand over a list of dicts, with the names of its fields")
    if isinstance(value, numpy.longdouble):
        return float(value)
    if isinstance(value, numpy.clongdouble):
        return complex(value)
    if isinstance(value, numpy.generic):
        return value.item()
    if isinstance(value, numpy.ndarray):
        return _array_items(numpy, value)
    raise UnprintableValueError(value=value)


def _array_items(numpy: Any, value: Any) -> Any:
    """Turn an array into lists; times stay numpy's own, whose unit Python has not."""
    if value.ndim == 0:
        return plain(value[()])
    if value.dtype.kind in "mM":
        return [_array_items(numpy, each) if value.ndim > 1 else each for each in value]
    return value.tolist()


def _plain_pgvector(value: Any) -> Any:
    if hasattr(value, "to_text") and type(value).__name__ == "Bit":
        return value.to_text()
    if hasattr(value, "to_coordinates") or type(value).__name__ == "SparseVector":
        return {
            "dimensions": value.dimensions(),
            "values": dict(zip(value.indices(), value.values(), strict=True)),
        }
    return value.to_list()


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "numpy": _plain_numpy,
    "pandas": _plain_pandas,
    "pgvector": _plain_pgvector,
}
