"""The DDL of a schema: what builds its tables and indexes on one database.

Compare two schema goldens: tables, columns, constraints and indexes, each by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable, SetColumnComment, SetTableComment

from pytest_query_snapshot.goldens.formats.sql_blocks import read_script
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.word_tree import (
    Group,
    Node,
    Token,
    is_word,
    lex,
    split_at,
    text,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def render(schema: sa.MetaData | Iterable[sa.Table], dialect: sa.Dialect) -> str:
    """Write the DDL of tables, in order of their names: a new reference must not move what is there."""
    tables = schema.tables.values() if isinstance(schema, sa.MetaData) else schema
    ordered = sorted(tables, key=lambda table: table.fullname)
    parts = [*_types(ordered, dialect), *(_table(table, dialect) for table in ordered)]
    return "\n\n".join(parts) + "\n"


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


def _table(table: sa.Table, dialect: sa.Dialect) -> str:
    parts = [str(CreateTable(table).compile(dialect=dialect))]
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    parts.extend(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)
    parts.extend(_comments(table, dialect))
    return "\n".join(_tidy(part) for part in parts)


def _comments(table: sa.Table, dialect: sa.Dialect) -> Iterator[str]:
    """Write the comments that the table's own statement can't hold."""
    if not dialect.supports_comments or dialect.inline_comments:
        return
    if table.comment is not None:
        yield str(SetTableComment(table).compile(dialect=dialect))
    for column in table.columns:
        if column.comment is not None:
            yield str(SetColumnComment(column).compile(dialect=dialect))


def _tidy(ddl: str) -> str:
    return "\n".join(line.rstrip().replace("\t", "    ") for line in ddl.strip().splitlines()) + ";"


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
            yield Change(kind, Action.REMOVED, old=written, where=table if name else "")
        elif key in after and after[key] != written:
            yield Change(kind, Action.CHANGED, written, after[key], where=table)
    for key, written in after.items():
        kind, table, name = key
        if key not in before and (kind is Kind.TABLE or table not in come):
            yield Change(kind, Action.ADDED, new=written, where=table if name else "")


def _objects(schema: str) -> dict[tuple[Kind, str, str], str]:
    """Read a schema as (kind, table, name) and the text of each part."""
    found: dict[tuple[Kind, str, str], str] = {}
    for block in read_script(schema):
        nodes = tree(lex(block.sql))
        written = text(nodes)
        if is_word(nodes[0] if nodes else None, "create") and any(is_word(node, "table") for node in nodes[:3]):
            found.update(_table_parts(nodes))
        elif any(is_word(node, "index") for node in nodes[:3]):
            found[Kind.INDEX, _after(nodes, "on"), _after(nodes, "index")] = written
        elif is_word(nodes[0] if nodes else None, "alter") and "constraint" in written:
            found[Kind.CONSTRAINT, _after(nodes, "table"), _after(nodes, "constraint")] = written
        else:
            found[Kind.SCHEMA, "", " ".join(written.split()[:4])] = written
    return found


def _table_parts(nodes: tuple[Node, ...]) -> Iterator[tuple[tuple[Kind, str, str], str]]:
    place = next((i for i, node in enumerate(nodes) if isinstance(node, Group)), len(nodes))
    name = nodes[place - 1].text if place and isinstance(nodes[place - 1], Token) else ""  # type: ignore[union-attr]
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
    """Return the name that follows a word, past IF NOT EXISTS."""
    for position, node in enumerate(nodes):
        if is_word(node, word):
            rest = [
                n for n in nodes[position + 1 :] if not is_word(n, "if", "not", "exists", "concurrently", "only")
            ]
            return text(tuple(rest[:1]))
    return ""
