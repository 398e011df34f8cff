"""One sentence for each kind of change, for the reference and for pages that explain a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_query_snapshot.sql.diff.change import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

MEANINGS: Final[Mapping[Kind, str]] = {
    Kind.NEW: "a test has its first golden",
    Kind.GOLDEN: "a golden that a branch added, removed, changed or moved, in `query-snapshot diff`",
    Kind.FORMAT: "spaces, line breaks, comments, or the spelling of a keyword",
    Kind.ALIAS: "a table or column has another alias, everywhere",
    Kind.REORDERED: "parts whose order has no effect, such as conditions joined by AND",
    Kind.PARAMETERS: "names of parameters; their values are the same",
    Kind.PARAMETER_VALUES: "values of parameters",
    Kind.SWAPPED_PARAMETERS: "two parameters took the place of each other",
    Kind.QUERY_COUNT: "a statement runs more or less often",
    Kind.ROW_COUNT: "a statement returns or changes another number of rows",
    Kind.STATEMENT: "a whole statement",
    Kind.TRANSACTION: "BEGIN, COMMIT, ROLLBACK or a savepoint",
    Kind.ERROR: "a statement that fails",
    Kind.TABLE: "a table that is read or written",
    Kind.ONLY: "ONLY before a table, which leaves out the tables that inherit from it",
    Kind.SAMPLE: "TABLESAMPLE",
    Kind.LATERAL: "LATERAL",
    Kind.ORDINALITY: "WITH ORDINALITY",
    Kind.RECURSIVE: "WITH RECURSIVE",
    Kind.COLUMN_NAMES: "the list of columns of a common table expression, alias or INSERT",
    Kind.SUBQUERY: "a subquery or common table expression",
    Kind.JOIN_KIND: "INNER, LEFT, RIGHT, FULL or CROSS",
    Kind.JOIN_CONDITION: "a condition that joins tables",
    Kind.PREDICATE: "a condition: WHERE, HAVING, FILTER, CASE, a partial index, at any depth",
    Kind.TENANT_FILTER: "a condition on a column of `query_snapshot_tenant_columns`",
    Kind.COLUMN: "a column or expression of the result",
    Kind.AGGREGATE: "an aggregate or window function of the result",
    Kind.DISTINCT: "DISTINCT or DISTINCT ON",
    Kind.GROUP_BY: "GROUP BY",
    Kind.ORDER_BY: "ORDER BY",
    Kind.LIMIT: "LIMIT or FETCH FIRST",
    Kind.OFFSET: "OFFSET",
    Kind.SET_OPERATION: "UNION, INTERSECT, EXCEPT, with or without ALL",
    Kind.LOCK: "FOR UPDATE, SKIP LOCKED and the like",
    Kind.ASSIGNMENT: "what UPDATE or ON CONFLICT sets",
    Kind.VALUES: "what INSERT inserts",
    Kind.CONFLICT: "ON CONFLICT, OR IGNORE, OR REPLACE",
    Kind.RETURNING: "RETURNING",
    Kind.OTHER: "a part that no other kind names",
    Kind.UNEXPLAINED: "a text that the reader of SQL does not understand completely, or rows that changed on a "
    "database without a golden of their statement",
    Kind.ROW: "a row of a result",
    Kind.CELL: "one value of a row",
    Kind.ROW_ORDER: "the order of the rows of a result",
    Kind.TYPE: "the type of a column of a result",
    Kind.STATE: "a row that a step inserted, updated or deleted",
    Kind.STEP: "a step of a state golden",
    Kind.UNCHANGED: "the list of tables that a test left as they were",
    Kind.PLAN: "the plan of a query",
    Kind.INDEX: "an index: used by a plan, or part of a schema",
    Kind.FULL_SCAN: "a plan reads a whole table",
    Kind.SCHEMA: "a table, column or other object of a schema",
    Kind.CONSTRAINT: "a constraint of a schema",
    Kind.DATABASES_DISAGREE: "a golden of rows or states that differs by database",
}
