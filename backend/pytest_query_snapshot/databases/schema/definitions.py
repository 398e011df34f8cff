# ruff: noqa: S608  names come from the catalog, quoted by the server itself
"""Statements that would make what a database holds, read from its own catalog so that nothing is left out.

SQLite keeps the statements themselves. PostgreSQL describes the parts (https://www.postgresql.org/docs/current/
functions-info.html, "System Catalog Information Functions"), and the statements are put together here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.schema.catalog import KEEPER_SCHEMA
from pytest_query_snapshot.databases.schema.table_catalog import quoted
from pytest_query_snapshot.sql.lexer import scan

# SQLite writes these words itself, in capitals and with one space after each
_SQLITE_HEAD = re.compile(r"CREATE (?:UNIQUE INDEX|VIRTUAL TABLE|TABLE|INDEX|VIEW|TRIGGER) +")
_SQLITE_OBJECTS = """
SELECT sql, type, name FROM {schema}.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY type = 'view', tbl_name, type <> 'table', type, name
"""

_OWN = f"""NOT EXISTS (
  SELECT FROM pg_catalog.pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '{KEEPER_SCHEMA}')"""
_NAME = "CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident({})"

_BEFORE_TABLES = f"""
SELECT 0 AS rank, extname AS name, 'CREATE EXTENSION ' || quote_ident(extname) AS text
  FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'
UNION ALL
SELECT 1, n.nspname, 'CREATE SCHEMA ' || quote_ident(n.nspname)
  FROM pg_catalog.pg_namespace n, LATERAL (SELECT n.oid) o WHERE {_OWN} AND n.nspname <> 'public'
UNION ALL
SELECT 2, {_NAME.format("o.typname")}, CASE o.typtype
    WHEN 'e' THEN 'CREATE TYPE ' || {_NAME.format("o.typname")} || ' AS ENUM (' || (
      SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
        FROM pg_catalog.pg_enum WHERE enumtypid = o.oid) || ')'
    WHEN 'r' THEN 'CREATE TYPE ' || {_NAME.format("o.typname")} || ' AS RANGE (SUBTYPE = ' || (
      SELECT format_type(rngsubtype, NULL) FROM pg_catalog.pg_range WHERE rngtypid = o.oid) || ')'
    WHEN 'c' THEN 'CREATE TYPE ' || {_NAME.format("o.typname")} || ' AS (' || (
      SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
        FROM pg_catalog.pg_attribute WHERE attrelid = o.typrelid AND attnum > 0 AND NOT attisdropped) || ')'
    ELSE 'CREATE DOMAIN ' || {_NAME.format("o.typname")} || ' AS ' || format_type(o.typbasetype, o.typtypmod)
      || coalesce(' DEFAULT ' || o.typdefault, '') || CASE WHEN o.typnotnull THEN ' NOT NULL' ELSE '' END
      || coalesce((SELECT string_agg(' CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid), ''
                                     ORDER BY conname)
                     FROM pg_catalog.pg_constraint WHERE contypid = o.oid AND contype = 'c'), '') END
  FROM pg_catalog.pg_type o JOIN pg_catalog.pg_namespace n ON n.oid = o.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = o.typrelid
  WHERE {_OWN} AND (o.typtype IN ('e', 'r', 'd') OR o.typtype = 'c' AND c.relkind = 'c')
UNION ALL
SELECT 3, {_NAME.format("o.relname")}, 'CREATE SEQUENCE ' || {_NAME.format("o.relname")}
    || ' AS ' || format_type(s.seqtypid, NULL) || ' START ' || s.seqstart || ' INCREMENT ' || s.seqincrement
    || ' MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END
  FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class o ON o.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
  WHERE {_OWN} AND NOT (s.seqstart = 1 AND s.seqincrement = 1 AND s.seqmin = 1 AND NOT s.seqcycle
    AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = o.oid AND d.deptype IN ('a', 'i')))
UNION ALL
SELECT 4, {_NAME.format("o.proname")} || '(' || pg_get_function_identity_arguments(o.oid) || ')', CASE o.prokind
    WHEN 'a' THEN 'CREATE AGGREGATE ' || {_NAME.format("o.proname")} || '(' || pg_get_function_arguments(o.oid)
      || ') (SFUNC = ' || a.aggtransfn || ', STYPE = ' || format_type(a.aggtranstype, NULL)
      || CASE WHEN a.aggfinalfn::oid = 0 THEN '' ELSE ', FINALFUNC = ' || a.aggfinalfn END
      || coalesce(', INITCOND = ' || quote_literal(a.agginitval), '') || ')'
    ELSE rtrim(pg_get_functiondef(o.oid), E'\\n') END
  FROM pg_catalog.pg_proc o JOIN pg_catalog.pg_namespace n ON n.oid = o.pronamespace
  LEFT JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = o.oid
  WHERE {_OWN} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend i WHERE i.objid = o.oid AND i.deptype = 'i')
ORDER BY 1, 2, 3
"""

_TABLES = f"""
SELECT {_NAME.format("o.relname")} AS name, o.relkind::text AS kind, o.relpersistence = 'u' AS is_unlogged,
  o.reloptions AS options, pg_get_partkeydef(o.oid) AS partitioned_by,
  (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
     FROM pg_catalog.pg_inherits i WHERE i.inhrelid = o.oid) AS parents,
  pg_get_expr(o.relpartbound, o.oid) AS bound,
  (SELECT json_agg(json_build_array(
            quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
            (SELECT quote_ident(l.collname) FROM pg_catalog.pg_collation l, pg_catalog.pg_type t
              WHERE t.oid = a.atttypid AND l.oid = a.attcollation AND a.attcollation <> t.typcollation),
            a.attidentity, a.attgenerated,
            (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d
              WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
            a.attnotnull, col_description(o.oid, a.attnum)) ORDER BY a.attnum)::text
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT json_agg('CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)
          ORDER BY position(k.contype::text IN 'pufcx'), k.conname)::text
     FROM pg_catalog.pg_constraint k WHERE k.conrelid = o.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x'))
    AS constraints,
  (SELECT json_agg(pg_get_indexdef(x.indexrelid) ORDER BY x.indexrelid::regclass::text)::text
     FROM pg_catalog.pg_index x WHERE x.indrelid = o.oid AND NOT EXISTS (
       SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')))
    AS indexes,
  (SELECT json_agg(json_build_array(pg_get_triggerdef(t.oid), quote_ident(t.tgname), t.tgenabled)
          ORDER BY t.tgname)::text
     FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
     JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
    WHERE t.tgrelid = o.oid AND NOT t.tgisinternal AND t.tgparentid = 0 AND f.nspname <> '{KEEPER_SCHEMA}')
    AS triggers,
  (SELECT json_agg(pg_get_ruledef(r.oid) ORDER BY r.rulename)::text
     FROM pg_catalog.pg_rewrite r WHERE r.ev_class = o.oid AND r.rulename <> '_RETURN') AS rules,
  (SELECT json_agg(json_build_array(quote_ident(p.polname), p.polpermissive, p.polcmd, (
             SELECT string_agg(CASE r.role WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r.role)::text END, ', ')
               FROM unnest(p.polroles) AS r(role)),
           pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) ORDER BY p.polname)::text
     FROM pg_catalog.pg_policy p WHERE p.polrelid = o.oid) AS policies,
  o.relrowsecurity AS is_secured, o.relforcerowsecurity AS is_secured_for_owner,
  obj_description(o.oid, 'pg_class') AS comment,
  CASE WHEN o.relkind IN ('v', 'm') THEN pg_get_viewdef(o.oid, true) END AS view,
  (SELECT quote_ident(s.srvname) FROM pg_catalog.pg_foreign_table g
     JOIN pg_catalog.pg_foreign_server s ON s.oid = g.ftserver WHERE g.ftrelid = o.oid) AS server
FROM pg_catalog.pg_class o JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
WHERE {_OWN} AND o.relkind IN ('r', 'p', 'v', 'm', 'f') AND o.relpersistence <> 't'
ORDER BY o.relkind IN ('v', 'm'), 1
"""

_COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "*": "ALL"}
_TRIGGER_STATES = {"D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}
_NOUNS = {"v": "VIEW", "m": "MATERIALIZED VIEW", "f": "FOREIGN TABLE"}
_ONE_RELATION = re.compile(r"\bFROM (?:ONLY )?([\w.]+)(?: (\w+))?(?=;|\n|\Z)")


def definitions(connection: sa.Connection) -> list[str] | None:
    """Return the statements that make what the database holds, without `;`; None where no catalog is read here.

    The objects of extensions and of this plugin are left out, as are temporary ones, owners and rights.
    """
    if connection.dialect.name == "sqlite":
        return list(_sqlite(connection))
    if connection.dialect.name == "postgresql":
        return list(_postgresql(connection))
    return None


def _sqlite(connection: sa.Connection) -> Iterator[str]:
    schemas = [row[1] for row in connection.exec_driver_sql("PRAGMA database_list") if row[1] != "temp"]
    for schema in schemas:
        rows = connection.exec_driver_sql(_SQLITE_OBJECTS.format(schema=quoted(schema))).all()
        virtual = [name for text, kind, name in rows if kind == "table" and text.startswith("CREATE VIRTUAL")]
        for text, _, name in rows:
            # the tables in which a virtual table keeps its rows are its own affair
            if not any(name.startswith(f"{owner}_") for owner in virtual):
                yield text if schema == "main" else _SQLITE_HEAD.sub(rf"\g<0>{schema}.", text, count=1)


def _postgresql(connection: sa.Connection) -> Iterator[str]:
    yield from (text for _, _, text in connection.exec_driver_sql(_BEFORE_TABLES))
    for relation in connection.exec_driver_sql(_TABLES).all():
        yield _made(relation)
        yield from _around(relation)


def _made(relation: Any) -> str:
    """Write the statement that makes a table or view, from its row of the catalog."""
    head = (
        f"CREATE {'UNLOGGED ' if relation.is_unlogged else ''}{_NOUNS.get(relation.kind, 'TABLE')} {relation.name}"
    )
    settings = f" WITH ({', '.join(relation.options)})" if relation.options else ""
    if relation.view is not None:
        return f"{head}{settings} AS\n{unqualified(relation.view).rstrip(';')}"
    items = [*map(_column, _read(relation.columns)), *_read(relation.constraints)]
    body = "(\n    " + ",\n    ".join(items) + "\n)" if items else "()"
    inherited = f" INHERITS ({relation.parents})" if relation.parents and not relation.bound else ""
    divided = f" PARTITION BY {relation.partitioned_by}" if relation.partitioned_by else ""
    return f"{head} {body}{inherited}{divided}{f' SERVER {relation.server}' if relation.server else ''}{settings}"


def _around(relation: Any) -> Iterator[str]:
    """Write the statements for what belongs to a table or view and stands in statements of its own."""
    name = relation.name
    if relation.bound:
        yield f"ALTER TABLE ONLY {relation.parents} ATTACH PARTITION {name} {relation.bound}"
    yield from (_of_public(text).replace(" USING btree ", " ", 1) for text in _read(relation.indexes))
    for text, trigger, state in _read(relation.triggers):
        yield _of_public(text)
        if state in _TRIGGER_STATES:
            yield f"ALTER TABLE {name} {_TRIGGER_STATES[state]} TRIGGER {trigger}"
    yield from (text.rstrip(";") for text in _read(relation.rules))
    if relation.is_secured:
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    if relation.is_secured_for_owner:
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    yield from (_policy(name, policy) for policy in _read(relation.policies))
    if relation.comment is not None:
        yield f"COMMENT ON {_NOUNS.get(relation.kind, 'TABLE')} {name} IS {_literal(relation.comment)}"
    for column, *_, comment in _read(relation.columns):
        if comment is not None:
            yield f"COMMENT ON COLUMN {name}.{column} IS {_literal(comment)}"


def _read(text: str | None) -> list[Any]:
    return json.loads(text) if text else []


def _column(facts: list[Any]) -> str:
    name, kind, collation, identity, generated, default, is_required, _ = facts
    parts = [name, kind]
    if collation:
        parts.append(f"COLLATE {collation}")
    if identity:
        parts.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    elif generated:
        parts.append(f"GENERATED ALWAYS AS ({default}) {'STORED' if generated == 's' else 'VIRTUAL'}")
    elif default is not None:
        parts.append(f"DEFAULT {default}")
    if is_required:
        parts.append("NOT NULL")
    return " ".join(parts)


def _policy(table: str, facts: list[Any]) -> str:
    name, is_permissive, command, roles, using, check = facts
    kind = "" if is_permissive else " AS RESTRICTIVE"
    return (
        f"CREATE POLICY {name} ON {table}{kind} FOR {_COMMANDS[command]} TO {roles}"
        + (f" USING ({using})" if using else "")
        + (f" WITH CHECK ({check})" if check else "")
    )


def _of_public(text: str) -> str:
    """Drop the default schema, which the server writes before the table of an index or a trigger."""
    return re.sub(r" ON (ONLY )?public\.", r" ON \1", text, count=1)


def unqualified(view: str) -> str:
    """Drop the table's name before the columns of a view that reads one table, as PostgreSQL 16 and later do."""
    tokens = list(scan(view, dialect="postgresql"))
    words = [value.upper() for kind, value in tokens if kind == "word"]
    found = _ONE_RELATION.search(view)
    if found is None or words.count("SELECT") != 1 or "JOIN" in words:
        return view
    name = found[2] or found[1].rpartition(".")[2]
    kept = [value for _, value in tokens]
    for place in reversed(range(1, len(kept) - 1)):
        if kept[place : place + 2] == [name, "."] and kept[place - 1] != ".":
            del kept[place : place + 2]
    return "".join(kept)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
