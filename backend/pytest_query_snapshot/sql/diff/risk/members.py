"""Operands of tests: lists, arrays, patterns and constants."""

from __future__ import annotations

import re

from pytest_query_snapshot.sql.diff.risk.strictness import Strictness
from pytest_query_snapshot.sql.facts.expressions import Expr, bare
from pytest_query_snapshot.sql.facts.normal_form import form_of
from pytest_query_snapshot.sql.word_tree import STRING, flatten

_MORE_LETS_THROUGH = frozenset({"&&", "?|", "<@"})
_MORE_KEEPS_OUT = frozenset({"@>", "?&"})


def is_narrowed_by_more(operator: str) -> bool:
    """Return whether a longer list on the right of an operator lets fewer rows through."""
    return operator in _MORE_KEEPS_OUT or operator == "!="


def members_of(operator: str, expression: Expr) -> list[str] | None:
    """List the members of a literal array; None where the operator, or the list, is not known."""
    expression = bare(expression)
    if operator in {"=", "!="} and len(expression.parts) == 1:
        wanted = {"any", "some"} if operator == "=" else {"all"}
        return _array(expression.parts[0]) if expression.op in wanted else None
    return _array(expression) if operator in _MORE_LETS_THROUGH | _MORE_KEEPS_OUT else None


def _array(expression: Expr) -> list[str] | None:
    expression = bare(expression)
    while expression.kind == "cast":
        expression = bare(expression.parts[0])
    if expression.kind == "index":  # ARRAY[1, 2]
        name, *members = expression.parts
        return list(map(_named, members)) if name.key == "array" else None
    return list(map(_named, expression.parts)) if expression.kind == "list" else None


def _named(expression: Expr) -> str:
    form, names = form_of(expression)
    return " ".join((form, *names))


def is_constant(expression: Expr) -> bool:
    """Return whether an expression is the same for every row: values, and calculations with them."""
    expression = bare(expression)
    if expression.kind == "value":
        return True
    known = expression.kind in {"sign", "cast", "tuple", "collate"}
    return known and all(is_constant(part) for part in expression.parts)


def is_plain_regex(expression: Expr) -> bool:
    """Return whether a pattern matches more, and never less, where the case of letters does not count."""
    literal = _literal(expression)
    return literal is not None and not any(negation in literal for negation in ("[^", "(?!", "(?<!"))


def compare_patterns(old: Expr, new: Expr, *, operator: str) -> Strictness:
    """Compare two literal patterns of LIKE by whether one matches the other."""
    one, other = _literal(old), _literal(new)
    if one is None or other is None:
        return Strictness.OTHER if is_constant(old) and is_constant(new) else Strictness.UNKNOWN
    wider, narrower = _matches(other, one), _matches(one, other)
    if wider == narrower:
        return Strictness.OTHER if _wildcards(one) == _wildcards(other) else Strictness.UNKNOWN
    return Strictness.WEAKER if wider != operator.startswith("not ") else Strictness.STRICTER


def _literal(expression: Expr) -> str | None:
    tokens = list(flatten(expression.nodes))
    return tokens[0].text[1:-1] if len(tokens) == 1 and tokens[0].kind == STRING else None


def _wildcards(pattern: str) -> str:
    """Write each run of letters as one sign: patterns of one shape ask for another text."""
    return re.sub(r"[^%_]+", "x", pattern)


def _matches(pattern: str, value: str) -> bool:
    """Return whether a pattern matches everything that another one does, its wildcards read as signs."""
    parts = {"%": ".*", "_": "[^%]"}
    written = "".join(parts.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(written, value, re.DOTALL) is not None
