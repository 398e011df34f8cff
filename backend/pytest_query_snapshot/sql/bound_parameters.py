"""Statements with the values of their parameters in the place of the parameters: to compare, not to run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pytest_query_snapshot.sql.lexer import scan

_LITERAL = re.compile(r"-?\d+(?:\.\d+)?|NULL|true|false|'(?:[^']|'')*'", re.IGNORECASE)


def with_values(sql: str, values: Mapping[str, str], *, dialect: str = "") -> str:
    """Write each parameter as its value, as the golden shows it; one without a value stays."""
    known = {name.lstrip(":"): value for name, value in values.items()}
    return "".join(
        _literal(known[name]) if kind == "param" and (name := text.lstrip(":")) in known else text
        for kind, text in scan(sql, dialect=dialect)
    )


def _literal(value: str) -> str:
    if _LITERAL.fullmatch(value):
        return value
    return "'" + value.replace("'", "''") + "'"
