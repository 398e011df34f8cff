"""The DDL of a schema: what builds its tables and indexes on one database.

Compare two schema goldens: tables, columns, constraints and indexes, each by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.schema import CreateIndex

from pytest_query_snapshot.databases.schema.definitions import definitions
from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.goldens.formats.schema_risks import reason_of_change
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.splitter import UnterminatedError, split
from pytest_query_snapshot.sql.word_tree import (
    Group,
    Node,
    is_word,
    lex,
    split_at,
    text,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def render(metadata: sa.MetaData, dialect: sa.Dialect) -> str:
    """Write what `create_all` executes, the tables in order of their names: a new reference must not move them.

    Raises UnprintableValueError when a listener of the metadata asks the database.
    """
    made: list[Any] = []
    try:
        metadata.create_all(
            MockConnection(dialect, lambda element, *_, **__: made.append(element)), checkfirst=False
        )
    except AttributeError as error:
        how = f"a listener asks the database ({error}): hand over the engine, whose catalog is read"
        raise UnprintableValueError(value=metadata, instead=how) from error
    of_tables: dict[str, list[Any]] = {}
    others: list[list[Any]] = [[], []]
    for element in made:
        table = _table_of(element)
        if table is not None:
            of_tables.setdefault(table.fullname, []).append(element)
        elif not isinstance(getattr(element, "element", None), sa.types.TypeEngine):
            others[bool(of_tables)].append(element)
    before, after = ([_tidy(_compiled(element, dialect)) for element in some] for some in others)
    types = _types(metadata.tables.values(), dialect)
    tables = ["\n".join(_parts(elements, dialect)) for _, elements in sorted(of_tables.items())]
    return "\n\n".join([*before, *types, *tables, *after]) + "\n"


def _table_of(element: Any) -> sa.Table | None:
    """Return the table that a statement of `create_all` makes or belongs to."""
    target = element.target if isinstance(element, sa.DDL) else getattr(element, "element", None)
    target = target if isinstance(target, sa.Table) else getattr(target, "table", None)
    return target if isinstance(target, sa.Table) else None


def _parts(elements: list[Any], dialect: sa.Dialect) -> Iterator[str]:
    """Write the statements of a table as they are executed, but its indexes, kept in a set, by their names."""
    indexes = (element for element in elements if isinstance(element, CreateIndex))
    by_name = iter(sorted(indexes, key=lambda index: str(index.element.name)))
    for element in elements:
        yield _tidy(_compiled(next(by_name) if isinstance(element, CreateIndex) else element, dialect))


def _compiled(element: Any, dialect: sa.Dialect) -> str:
    return str(element.compile(dialect=dialect))


def render_database(connection: sa.Connection) -> str:
    """Write what a database holds: by the catalog of SQLite and PostgreSQL, of another one by reflection."""
    statements = definitions(connection)
    if statements is not None:
        return "\n\n".join(map(_tidy, statements)) + "\n"
    found = sa.MetaData()
    found.reflect(connection)
    views = sa.inspect(connection)
    written = (
        f"CREATE VIEW {name} AS {views.get_view_definition(name)}" for name in sorted(views.get_view_names())
    )
    return "\n\n".join([render(found, connection.dialect).rstrip("\n"), *map(_tidy, written)]) + "\n"


def _types(tables: Iterable[sa.Table], dialect: sa.Dialect) -> list[str]:
    """Write the types of PostgreSQL that columns name: their labels stand in no table."""
    if dialect.name != "postgresql":
        return []
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  takes as long to import as many plugins
    from sqlalchemy.dialects.postgresql import CreateDomainType, CreateEnumType  # noqa: PLC0415

    found: dict[str, str] = {}
    for kind in (column.type for table in tables for column in table.columns):
        made = (kind.item_type if isinstance(kind, sa.ARRAY) else kind).dialect_impl(dialect)
        if isinstance(made, postgresql.ENUM):
            found[f"{made.schema}.{made.name}"] = _tidy(str(CreateEnumType(made).compile(dialect=dialect)))
        elif isinstance(made, postgresql.DOMAIN):
            found[f"{made.schema}.{made.name}"] = _tidy(str(CreateDomainType(made).compile(dialect=dialect)))
    return [found[name] for name in sorted(found)]


def _tidy(ddl: str) -> str:
    return "\n".join(line.rstrip().replace("\t", "    ") for line in ddl.strip().splitlines()) + ";"


_ROUTINES = frozenset({"function", "procedure", "aggregate"})
_OF_A_TABLE = frozenset({"trigger", "policy", "rule"})
_HARMLESS = frozenset({"schema", "extension", "sequence"})
_NOUNS = frozenset({"view", "trigger", "policy", "rule", "type", "domain"}) | _ROUTINES | _HARMLESS
_LOOSENING = frozenset({"policy", "rule", "disable"})
_CONSTRAINTS = ("constraint", "primary", "foreign", "unique", "check", "exclude")


def classify_schema(old: str, new: str) -> tuple[Change, ...]:
    """Return what changed between two schema goldens."""
    before, after = _objects(old), _objects(new)
    found = tuple(_changes(before, after))
    if found or old == new:
        return found
    return (Change(Kind.FORMAT if list(before) == list(after) else Kind.REORDERED),)


def _changes(
    before: dict[tuple[Kind, str, str], str], after: dict[tuple[Kind, str, str], str]
) -> Iterator[Change]:
    gone = {table for kind, table, _ in before if kind is Kind.TABLE} - {t for k, t, _ in after if k is Kind.TABLE}
    come = {table for kind, table, _ in after if kind is Kind.TABLE} - {t for k, t, _ in before if k is Kind.TABLE}
    for key, written in before.items():
        kind, table, name = key
        if key not in after and (kind is Kind.TABLE or table not in gone):
            yield _change(kind, Action.REMOVED, written, where=table if name else "")
        elif key in after and after[key] != written:
            yield _change(kind, Action.CHANGED, written, after[key], where=table)
    for key, written in after.items():
        kind, table, name = key
        if key not in before and (kind is Kind.TABLE or table not in come):
            yield _change(kind, Action.ADDED, new=written, where=table if name else "")


def _change(kind: Kind, action: Action, old: str = "", new: str = "", *, where: str = "") -> Change:
    why = _why_risky(old or new, action) if kind is Kind.SCHEMA else ""
    if action is Action.CHANGED and not why:
        why = reason_of_change(kind, old, new)
    return Change(kind, action, old, new, where, why)


def _objects(schema: str) -> dict[tuple[Kind, str, str], str]:
    """Read a schema as (kind, table, name) and the text of each part."""
    found: dict[tuple[Kind, str, str], str] = {}
    for statement in _statements(schema):
        nodes = tree(lex(statement))
        written = text(nodes)
        if is_word(nodes[0] if nodes else None, "create") and any(is_word(node, "table") for node in nodes[:3]):
            found.update(_table_parts(nodes))
        elif any(is_word(node, "index") for node in nodes[:3]):
            found[Kind.INDEX, _after(nodes, "on"), _after(nodes, "index")] = written
        elif is_word(nodes[0] if nodes else None, "alter") and "constraint" in written:
            found[Kind.CONSTRAINT, _after(nodes, "table"), _after(nodes, "constraint")] = written
        else:
            key = (Kind.SCHEMA, "", _heading(nodes) or written)
            found[(Kind.SCHEMA, "", written) if key in found else key] = written
    return found


def _statements(schema: str) -> list[str]:
    try:
        return [statement.text for statement in split(schema, dialect_name="")]
    except UnterminatedError:  # what can't be cut is one object: any change of it is seen
        return [schema]


def _heading(nodes: tuple[Node, ...]) -> str:
    """Return what tells an object from others: its kind and name, a function's arguments, a trigger's table."""
    place = next((place for place, node in enumerate(nodes) if is_word(node, *_NOUNS)), None)
    if place is None:
        return ""
    noun, name = text(nodes[place : place + 1]), _after(nodes[place:], text(nodes[place : place + 1]))
    if noun in _ROUTINES:
        arguments = next((node for node in nodes if isinstance(node, Group)), None)
        return f"{noun} {name}{text((arguments,)) if arguments else ''}"
    owner = _after(nodes[place:], "on") if noun in _OF_A_TABLE else ""
    return f"{noun} {name} on {owner}" if owner else f"{noun} {name}"


def _why_risky(written: str, action: Action) -> str:
    """Return why the change of an object that guards or computes is a risk: its parts are not compared."""
    words = set(written.split())
    if action is Action.ADDED:
        return "it lets rows through or holds them back" if words & _LOOSENING else ""
    return "what it guards or computes may differ" if words & (_NOUNS - _HARMLESS) or "security" in words else ""


def _table_parts(nodes: tuple[Node, ...]) -> Iterator[tuple[tuple[Kind, str, str], str]]:
    place = next((i for i, node in enumerate(nodes) if isinstance(node, Group)), len(nodes))
    name = _after(nodes[:place], "table")
    yield (Kind.TABLE, name, ""), name + text(nodes[place + 1 :])
    body = nodes[place] if place < len(nodes) else None
    for item in split_at(body.children, ",") if isinstance(body, Group) else ():
        written = text(item)
        if not is_word(item[0], *_CONSTRAINTS):
            yield (Kind.COLUMN, name, text(item[:1])), written
        elif is_word(item[0], "constraint") and len(item) > 1:
            yield (Kind.CONSTRAINT, name, text(item[1:2])), written
        else:
            yield (Kind.CONSTRAINT, name, written), written


def _after(nodes: tuple[Node, ...], word: str) -> str:
    """Return the name that follows a word, with its schema, past IF NOT EXISTS."""
    place = next((place for place, node in enumerate(nodes) if is_word(node, word)), len(nodes)) + 1
    while place < len(nodes) and is_word(nodes[place], "if", "not", "exists", "concurrently", "only"):
        place += 1
    end = place + 1
    while text(nodes[end : end + 1]) == ".":
        end += 2
    return text(nodes[place:end])
