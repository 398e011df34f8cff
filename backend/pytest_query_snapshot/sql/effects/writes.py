"""Detection of statements that may change a table: all that are not certainly read-only."""

from __future__ import annotations

from functools import lru_cache

from pytest_query_snapshot.sql.effects.transactions import Kind, classify
from pytest_query_snapshot.sql.lexer import tokens_of

# words before a bracket that call nothing, and functions of which every database knows that they only compute
_READING = frozenset(
    [
        "all",
        "and",
        "any",
        "array",
        "as",
        "between",
        "by",
        "case",
        "cast",
        "count",
        "distinct",
        "else",
        "except",
        "exists",
        "extract",
        "filter",
        "from",
        "group",
        "having",
        "if",
        "in",
        "inner",
        "intersect",
        "is",
        "join",
        "lateral",
        "left",
        "like",
        "limit",
        "not",
        "null",
        "offset",
        "on",
        "or",
        "order",
        "over",
        "partition",
        "right",
        "row",
        "select",
        "set",
        "some",
        "then",
        "union",
        "unique",
        "using",
        "values",
        "varchar",
        "char",
        "numeric",
        "decimal",
        "when",
        "where",
        "window",
        "with",
        "materialized",
        "abs",
        "array_agg",
        "avg",
        "bool_and",
        "bool_or",
        "ceil",
        "ceiling",
        "char_length",
        "coalesce",
        "concat",
        "cume_dist",
        "current_date",
        "date",
        "date_part",
        "date_trunc",
        "datetime",
        "dense_rank",
        "first_value",
        "floor",
        "format",
        "group_concat",
        "greatest",
        "ifnull",
        "instr",
        "json",
        "json_agg",
        "json_array",
        "json_array_length",
        "json_build_object",
        "json_each",
        "json_extract",
        "json_group_array",
        "json_group_object",
        "json_object",
        "json_tree",
        "json_type",
        "jsonb_agg",
        "jsonb_array_elements",
        "jsonb_build_object",
        "julianday",
        "lag",
        "last_value",
        "lead",
        "least",
        "length",
        "lower",
        "ltrim",
        "max",
        "min",
        "mod",
        "now",
        "nth_value",
        "ntile",
        "nullif",
        "percent_rank",
        "percentile_cont",
        "percentile_disc",
        "position",
        "power",
        "printf",
        "quote",
        "random",
        "rank",
        "replace",
        "round",
        "row_number",
        "rtrim",
        "sign",
        "sqrt",
        "strftime",
        "string_agg",
        "substr",
        "substring",
        "sum",
        "time",
        "timestamp",
        "to_char",
        "total",
        "trim",
        "typeof",
        "unnest",
        "upper",
    ]
)
# a backslash before a quote ends the literal in some databases and not in others
_AMBIGUOUS = ("\\'", '\\"')


_SETTING = frozenset({"SET", "RESET", "LISTEN", "UNLISTEN", "DEALLOCATE"})


@lru_cache(maxsize=4096)
def may_write(statement: str) -> bool:
    """Return whether a statement may change a table; a function that is not known only to compute may."""
    kind = classify(statement, "").kind
    if kind in {Kind.READ, Kind.IGNORED} or (kind is Kind.WRITE and _only_sets(statement)):
        return any(quote in statement for quote in _AMBIGUOUS) or _calls_unknown_function(statement)
    return kind in {Kind.WRITE, Kind.REFUSED, Kind.COMMIT}


def _only_sets(statement: str) -> bool:
    """Return whether a statement changes a setting; SET CONSTRAINTS runs the triggers that were deferred."""
    words = [text.upper() for kind, text in tokens_of(statement) if kind != "comment"]
    return words[0] in _SETTING and words[1:2] != ["CONSTRAINTS"] and ";" not in words[:-1]


def _calls_unknown_function(statement: str) -> bool:
    """Return whether a name stands before a bracket that is not a keyword or a function that only computes.

    A quoted name, and one with a schema, may be a function of the project that is called like a known one.
    """
    before = name = named = ""
    for kind, text in tokens_of(statement):
        if kind == "comment":
            continue
        if kind == "open":
            return True
        is_call = named == "quoted" or (named == "word" and (before == "." or name.lower() not in _READING))
        if text == "(" and is_call:
            return True
        before, name, named = name, text, kind
    return False
