"""Unquoted names that differ in the case of their letters, on databases that may distinguish these.

MySQL looks tables and their aliases up by the rules of the file system, columns without regard to case. On SQL
Server the collation of the database decides for every name. Neither stands in a statement: the names are taken to
be different ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_query_snapshot.sql.diff.change import Change, Kind
from pytest_query_snapshot.sql.facts.columns import columns_in
from pytest_query_snapshot.sql.facts.fact import Facet, Statement
from pytest_query_snapshot.sql.facts.statement_facts import read_statement
from pytest_query_snapshot.sql.lexer import scan
from pytest_query_snapshot.sql.syntax import family_of
from pytest_query_snapshot.sql.word_tree import KEYWORDS

_WITHOUT_COLUMNS = frozenset({Facet.LOCK, Facet.LIMIT, Facet.OFFSET, Facet.OTHER, Facet.VERB, Facet.JOIN_KIND})
_WHY = "the database may distinguish names by the case of their letters"


def names_in_other_case(old: str, new: str, *, dialect: str) -> Iterator[Change]:
    """Yield the names that both statements have, in another spelling."""
    if family_of(dialect) not in {"mysql", "mssql"}:
        return
    before, after = (_spellings(sql, dialect) for sql in (old, new))
    if before == after:
        return
    facts = read_statement(new, dialect=dialect)
    tables = {part for table in facts.tables for part in table.partition("#")[0].split(".")}
    names = tables | facts.aliases | (_columns(facts) if family_of(dialect) == "mssql" else frozenset())
    for name in sorted(names & before.keys() & after.keys()):
        # an alias is the statement's own: written in one way throughout, it is only called otherwise
        is_renamed = name in facts.aliases - tables and len(before[name]) == len(after[name]) == 1
        if before[name] != after[name] and not is_renamed:
            kind = Kind.TABLE if name in tables | facts.aliases else Kind.COLUMN
            yield Change(kind, old=_listed(before[name]), new=_listed(after[name]), why_risky=_WHY)


def _spellings(sql: str, dialect: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, word in scan(sql, dialect=dialect):
        if kind == "word":
            found.setdefault(word.lower(), set()).add(word)
    return found


def _columns(facts: Statement) -> frozenset[str]:
    holders = (fact.nodes for fact in facts.facts if fact.facet not in _WITHOUT_COLUMNS)
    read = (column for nodes in holders for column in columns_in(nodes, names={}))
    return frozenset(part for column in read for part in column.split(".")) - KEYWORDS


def _listed(spellings: set[str]) -> str:
    return ", ".join(sorted(spellings))
