"""Functions of the schema that leave something on the session that calls them: a setting, a lock, a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.databases.connections.session_state import NO_FUNCTIONS, LeavingFunctions, statements_in
from pytest_query_snapshot.databases.schema.catalog import OWN_SCHEMAS
from pytest_query_snapshot.sql.effects.sessions import names_in, session_effects

if TYPE_CHECKING:
    from collections.abc import Iterable

# only code that can be read: an extension's functions in C are left out
_FUNCTIONS = f"""
SELECT p.proname, p.prorettype = 'trigger'::regtype, coalesce(nullif(p.prosrc, ''), pg_get_functiondef(p.oid))
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE {OWN_SCHEMAS} AND p.prokind IN ('f', 'p') AND l.lanname NOT IN ('internal', 'c')
"""  # noqa: S608  a condition of ours


def leaving_functions(raw: Any) -> LeavingFunctions:
    """Read which functions of the schema leave something, those included that call another one that does."""
    return _leaving(raw.execute(_FUNCTIONS).fetchall())


def _leaving(functions: Iterable[tuple[str, bool, str]]) -> LeavingFunctions:
    known = [(name, is_trigger, code, names_in(code, "postgresql")) for name, is_trigger, code in functions]
    leaving = {name for name, _, code, _ in known if _leaves(code)}
    while True:
        more = {name for name, _, _, names in known if name not in leaving and not names.isdisjoint(leaving)}
        if not more:
            break
        leaving |= more
    if not leaving:
        return NO_FUNCTIONS
    triggered = any(is_trigger and name in leaving for name, is_trigger, _, _ in known)
    return LeavingFunctions(frozenset(leaving), by_trigger=triggered)


def _leaves(code: str) -> bool:
    """Return whether code may leave something; a statement that it puts together can't be read."""
    return "execute" in names_in(code, "postgresql") or any(
        session_effects(statement, "postgresql").outlives_transaction
        for statement in statements_in(code, "postgresql")
    )
