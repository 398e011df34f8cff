"""Executed statements, as values: with their parameters by name, and the events of transactions."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    ReleaseSavepointClause,
    RollbackToSavepointClause,
    SavepointClause,
)

from pytest_query_snapshot.recording.eager_loads import in_settled_order
from pytest_query_snapshot.recording.entries import StepMarker, TransactionEvent, Transition
from pytest_query_snapshot.recording.flush_order import with_settled_flushes
from pytest_query_snapshot.recording.parameter_names import ParameterNames
from pytest_query_snapshot.sql.element_walk import elements_of
from pytest_query_snapshot.sql.normalize import name_placeholders
from pytest_query_snapshot.values.masks import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_query_snapshot.recording.entries import Entry, Execution
    from pytest_query_snapshot.values.id_aliases import IdColumns
    from pytest_query_snapshot.values.masks import Masks


@dataclass(frozen=True, slots=True)
class Statement:
    """One execution: the statement, the sets of parameters it ran with, what came of it, and who asked for it."""

    sql: str
    names: tuple[str, ...]
    sets: tuple[Mapping[str, Any], ...]
    rows: int | None
    error: str | None = None
    owners: Mapping[str, str] | None = None
    where: str | None = None


Recorded = Statement | TransactionEvent | StepMarker


class RecordingReader:
    """Turns what the recorder kept into statements; remembers what it learned of each compiled statement."""

    def __init__(self, columns: IdColumns, *, masks: Masks) -> None:
        self._columns = columns
        self._masks = masks
        self._known: WeakKeyDictionary[Any, _CompiledInfo] = WeakKeyDictionary()
        self._by_cache_key: OrderedDict[Any, _CompiledInfo] = OrderedDict()
        self._walked: tuple[Any, Sequence[Any]] = (None, ())

    def read(self, recorded: Iterable[Entry]) -> list[Recorded]:
        """Read a recording; the batches of one insert of many rows become one statement."""
        found: list[Recorded] = []
        last_batch: object = None
        for entry in with_settled_flushes(in_settled_order(recorded)):
            if isinstance(entry, (StepMarker, Transition)):
                found.append(entry if isinstance(entry, StepMarker) else entry.boundary)
                last_batch = None
                continue
            if entry.batch is not None and entry.batch is last_batch and entry.error is None:
                continue
            last_batch = entry.batch
            if isinstance(entry.author_statement, _SAVEPOINTS):
                continue  # its boundary is recorded already
            found.append(self._statement(entry, batch=entry.batch is not None))
        return found

    def compiled_statement(self, compiled: Any) -> Statement:
        """Read a statement that was compiled, and not executed, with the values it holds."""
        if not hasattr(compiled, "positional"):
            named = name_placeholders(str(compiled).strip(), names=None, dialect=compiled.dialect.name)
            return Statement(named.sql, (), (), None)
        values: dict[str, Any] = {
            name: value
            for name, value in compiled.construct_params(_check=False, escape_names=False).items()
            if not compiled.binds[name].required
        }
        expanded = compiled._process_parameters_for_postcompile(dict(values))  # noqa: SLF001  what an execution does
        members: Mapping[str, Sequence[str]] = expanded.parameter_expansion
        words = ParameterNames(compiled, members)
        named = name_placeholders(
            expanded.statement,
            names=(),
            folded=words.members(),
            renamed=words.of_driver(),
            dialect=compiled.dialect.name,
            paramstyle=compiled.dialect.paramstyle,
            written_labels=_written_labels(compiled),
        )
        learned = self._compiled_info(compiled)
        parameters = _fold_expanded({**values, **expanded.additional_parameters}, members)
        if learned.hidden:
            parameters = _mask(parameters, learned.hidden)
        parameters = words.by_word(parameters)
        if "), (... " in named.sql:
            parameters = _fold_rows(parameters)
        names = tuple(name for name in named.names if name in parameters)
        return Statement(named.sql, names, (parameters,), None, owners=words.by_word(learned.owners))

    def _statement(self, entry: Execution, *, batch: bool) -> Statement:
        compiled = entry.compiled
        if compiled is None or not hasattr(compiled, "positional"):
            return _driver_statement(entry, masks=self._masks)
        learned = self._compiled_info(compiled)
        expanded: Mapping[str, Sequence[str]] = {} if batch else entry.expanded
        words = ParameterNames(compiled, expanded)
        named = name_placeholders(
            compiled.string if batch else entry.statement,
            names=words.by_position(),
            folded=words.members(),
            renamed=() if compiled.positional else words.of_driver(),
            dialect=compiled.dialect.name,
            paramstyle=compiled.dialect.paramstyle,
            written_labels=_written_labels(compiled),
        )
        sets = tuple(_fold_expanded(each, expanded) for each in entry.parameters)
        if learned.hidden:
            sets = tuple(_mask(each, learned.hidden) for each in sets)
        sets = tuple(map(words.by_word, sets))
        kept = named.names
        if "), (... " in named.sql:
            sets = tuple(_fold_rows(each) for each in sets)
            kept = tuple(name for name in kept if any(name in each for each in sets))
        return Statement(
            sql=named.sql,
            names=kept,
            sets=sets,
            rows=len(sets) if batch else entry.rows,
            error=entry.error,
            owners=words.by_word(learned.owners),
            where=entry.where,
        )

    def _compiled_info(self, compiled: Any) -> _CompiledInfo:
        """Find the parameters that hold ids, and those that are masked: by the columns they meet."""
        learned = self._known.get(compiled)
        if learned is None:
            learned = self._known[compiled] = self._learned_by_cache_key(compiled)
        return learned

    def _learned_by_cache_key(self, compiled: Any) -> _CompiledInfo:
        """Learn what statements of one cache key share once, however many engines or caches compile them."""
        if compiled.cache_key is None:
            return self._learn(compiled)
        key = compiled.cache_key.key
        learned = self._by_cache_key.get(key)
        # the same statement can be compiled with other parameters: for some columns only, or for many rows
        if learned is None or learned.names != _names(compiled):
            learned = self._by_cache_key[key] = self._learn(compiled)
            if len(self._by_cache_key) > _KEPT:
                self._by_cache_key.popitem(last=False)
        return learned

    def _learn(self, compiled: Any) -> _CompiledInfo:
        bound = tuple(_bound_columns(compiled, self._comparisons_of(compiled.statement)))
        owners = (
            (name, self._columns.referenced_table(column)) for name, column, is_identity in bound if is_identity
        )
        return _CompiledInfo(
            owners={name: owner for name, owner in owners if owner is not None},
            hidden=self._hidden(compiled, bound) if self._masks else (),
            names=_names(compiled),
        )

    def _comparisons_of(self, statement: Any) -> Sequence[Any]:
        """Find the comparisons in a statement; it may be compiled for several dialects in a row."""
        if self._walked[0] is not statement:
            found = [element for element in elements_of(statement) if isinstance(element, BinaryExpression)]
            self._walked = (statement, found)
        return self._walked[1]

    def _hidden(self, compiled: Any, bound: Sequence[_Bound]) -> tuple[str, ...]:
        by_column = {name for name, column, _ in bound if self._masks.is_masked(column)}
        nameless = set(compiled.binds).difference(name for name, _, _ in bound)
        by_name = {name for name in nameless if self._masks.is_masked_name(_NUMBERED.sub("", name))}
        return tuple(sorted(by_column | by_name))


def _names(compiled: Any) -> frozenset[str]:
    return frozenset(compiled.bind_names.values())


def _written_labels(compiled: Any) -> frozenset[str] | None:
    """Return the labels that the author gave to columns; None where no label is SQLAlchemy's own."""
    if compiled.compile_state is None:
        return None
    columns = getattr(compiled.statement, "_raw_columns", None)
    if columns is None:
        return None
    return frozenset(str(column.name) for column in columns if isinstance(column, sa.Label))


class _CompiledInfo(NamedTuple):
    """Facts about the parameters of a compiled statement."""

    owners: Mapping[str, str]
    hidden: tuple[str, ...]
    names: frozenset[str]


_KEPT = 2000
"""The number of statements that are remembered by their cache key."""


# a name, the column it meets, and whether it is one of its values; a threshold (<, BETWEEN, +) is a number instead
_Bound = tuple[str, sa.Column[Any], bool]
_IDENTITY_OPERATORS = frozenset(
    {
        operators.eq,
        operators.ne,
        operators.in_op,
        operators.not_in_op,
        operators.is_,
        operators.is_not,
        operators.is_distinct_from,
        operators.is_not_distinct_from,
    }
)


def _bound_columns(compiled: Any, comparisons: Sequence[Any]) -> Iterator[_Bound]:
    """Find the parameters that are written to, or compared with, columns."""
    table = getattr(compiled.statement, "table", None)
    columns: Any = table.columns if isinstance(table, sa.Table) else {}
    for name in compiled.binds:
        match = _ROW.fullmatch(name)
        column = columns.get(match[1] if match is not None and name not in columns else name)
        if column is not None:
            yield name, column, True
    for element in comparisons:
        is_identity = element.operator in _IDENTITY_OPERATORS
        for side, column in ((element.right, element.left), (element.left, element.right)):
            for bind in getattr(side, "clauses", (side,)):
                if (
                    isinstance(bind, BindParameter)
                    and bind in compiled.bind_names
                    and isinstance(column, sa.Column)
                ):
                    yield compiled.bind_names[bind], column, is_identity


def _mask(parameters: Mapping[str, Any], hidden: Sequence[str]) -> Mapping[str, Any]:
    """Mask parameters by name."""
    return {**parameters, **{name: _masked(parameters[name]) for name in hidden if name in parameters}}


def _masked(value: Any) -> Any:
    return type(value)(map(masked, value)) if isinstance(value, (InListValue, ColumnValues)) else masked(value)


def _fold_expanded(parameters: Mapping[str, Any], expanded: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    """Put the elements of an expanded list back into one value."""
    if not expanded:
        return parameters
    members = {member for names in expanded.values() for member in names}
    folded = {name: value for name, value in parameters.items() if name not in members}
    folded.update(
        {name: InListValue(parameters[member] for member in members_of) for name, members_of in expanded.items()}
    )
    return folded


def _fold_rows(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put the values of name_m0, name_m1 .. together under the first."""
    folded: dict[str, Any] = {}
    for name, value in parameters.items():
        match = _ROW.fullmatch(name)
        # a default that Python makes has no _m0: its first row goes by the name of the column
        first = (
            next((each for each in (f"{match[1]}_m0", match[1]) if each in parameters), name) if match else name
        )
        if first == name:
            folded[name] = value
        else:
            known = folded.get(first, ColumnValues())
            before = known if isinstance(known, ColumnValues) else (known,)
            folded[first] = ColumnValues((*before, value))
    return folded


_ROW = re.compile(r"(.+)_m(\d+)")
_NUMBERED = re.compile(r"_\d+$")


class ColumnValues(tuple[Any, ...]):
    """The values of one column in the rows of VALUES."""

    __slots__ = ()


_SAVEPOINTS = (SavepointClause, ReleaseSavepointClause, RollbackToSavepointClause)


class InListValue(tuple[Any, ...]):
    """The elements of an IN list: a tuple that is written as SQL, not as JSON."""

    __slots__ = ()


def _driver_statement(entry: Execution, *, masks: Masks) -> Statement:
    """Read a statement that is the user's own text for the driver."""
    sets: tuple[Mapping[str, Any], ...] = tuple(
        {
            str(name): value
            for name, value in (each.items() if isinstance(each, dict) else enumerate(each, start=1))
        }
        for each in entry.parameters
    )
    if masks:
        sets = tuple(_mask(each, [name for name in each if masks.is_masked_name(name)]) for each in sets)
    dialect = "" if entry.options is None else getattr(entry.origin, "dialect", entry.origin).name
    named = name_placeholders(entry.statement, names=None, dialect=dialect)
    names = tuple(dict.fromkeys(name for each in sets for name in each))
    return Statement(named.sql, names, sets, entry.rows, error=entry.error, where=entry.where)
