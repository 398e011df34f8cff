"""SQL text as a tree of words: parentheses, brackets and CASE .. END are groups.

White space and comments are gone. Nothing else is left out: the tokens of the tree, in order, are the tokens of
the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pytest_query_snapshot.sql.lexer import tokens_of
from pytest_query_snapshot.sql.syntax import syntax_of
from pytest_query_snapshot.sql.text_cache import MANY_TREES, cached_by_text

PARAMETER = "parameter"
STRING = "string"
NUMBER = "number"
WORD = "word"
NAME = "name"
"""A quoted name that would be a keyword, or another name, without its quotes."""
SYMBOL = "symbol"
OPEN = "open"
"""The start of a quote or comment that is never closed."""

OUTER_MARK = "(+)"
"""Mark of Oracle behind a column of the optional table of a join."""

MAX_DEPTH = 60
"""Deeper groups are kept flat: they are not written in practice, and recursion over them has to end somewhere."""

KEYWORDS = frozenset(
    """
    all and any array as asc at between by case cast collate conflict cross current default delete desc distinct do
    else end escape except exists false fetch filter first following for from full glob group grouping groups
    having ilike in inner insert intersect interval into is isnull join key lateral left like limit match matched
    materialized merge minus natural next no not nothing notnull null nulls of offset on only or order ordinality
    outer over overlaps partition preceding qualify range recursive regexp replace returning right rlike row rows
    select set share similar skip some symmetric table tablesample then ties to true unbounded union unique unknown
    update using values when where window with within zone
    """.split(),  # noqa: SIM905  words read better as words
)

_BEFORE_GROUP = frozenset(
    """
    all and any as between by conflict exists filter from having in join like not on or over select set then
    union using values when where
    """.split(),  # noqa: SIM905  words read better as words
)
"""Words that a parenthesis follows without being the arguments of a call."""

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_KINDS = {"literal": STRING, "param": PARAMETER, "number": NUMBER, "op": SYMBOL, "char": SYMBOL, "open": OPEN}
_CLOSING = {"(": ")", "[": "]", "case": "end"}


@dataclass(slots=True, unsafe_hash=True)  # never changed: `frozen` would make creating one three times as slow
class Token:
    """One word, symbol, literal or parameter; unquoted words are folded to lower case."""

    kind: str
    text: str
    place: int = field(default=-1, compare=False)
    """The position in the statement, counted in tokens."""


@dataclass(frozen=True, slots=True)
class Group:
    """The words between parentheses or brackets, or between CASE and END."""

    opening: str
    closing: str
    children: tuple[Node, ...]
    edges: tuple[Token, ...] = field(default=(), compare=False)
    """The tokens that open and close it."""


Node: TypeAlias = Token | Group


@dataclass(slots=True)
class _Open:
    opening: str
    token: Token | None = None
    children: list[Node] = field(default_factory=list)


_MYSQL_WORDS = {"&&": "and", "||": "or"}


@cached_by_text(maxsize=MANY_TREES)
def lex(sql: str, dialect: str = "") -> tuple[Token, ...]:
    """Split ``sql`` into tokens, without white space, comments and the final semicolon."""
    found: list[Token] = []
    words = _MYSQL_WORDS if syntax_of(dialect) is syntax_of("mysql") else {}
    for kind, value in tokens_of(sql, dialect=dialect):
        if kind == "word" and value not in words and value != "s":  # most tokens are one
            found.append(Token(WORD, value.lower(), found[-1].place + 1 if found else 0))
            continue
        if kind == "comment" and not value.startswith(("/*+", "/*!")):
            continue
        if value == "s" and found and found[-1].text == "%" and not _is_operand(found[-2:-1]):
            found[-1] = Token(PARAMETER, "%s", found[-1].place)
            continue
        if value == ")" and [token.text for token in found[-2:]] == ["(", "+"]:
            opening = found[-2].place
            found[-2:] = [Token(SYMBOL, OUTER_MARK, opening)]
            continue
        place = found[-1].place + 1 if found else 0
        found.append(Token(WORD, words[value], place) if value in words else _token(kind, value, place))
    while found and found[-1].text == ";" and found[-1].kind == SYMBOL:
        found.pop()
    return tuple(found)


def _is_operand(before: list[Token]) -> bool:
    return any(
        token.kind in {STRING, NUMBER, PARAMETER, NAME}
        or token.text in {")", "]"}
        or (token.kind == WORD and token.text not in KEYWORDS)
        for token in before
    )


def _token(kind: str, value: str, place: int) -> Token:
    if kind == "word":
        return Token(WORD, value.lower(), place)
    if kind == "quoted":
        return _name(value, place)
    if kind == "comment":  # a hint, or what MySQL runs
        return Token(SYMBOL, value, place)
    text = {"<>": "!=", "==": "="}.get(value, value) if kind == "op" else value
    return Token(_KINDS[kind], text.lower() if kind == "number" else text, place)


def _name(value: str, place: int) -> Token:
    opening = value[0]
    if opening not in '"`[':
        return Token(NAME, value, place)
    inner = value[1:-1]
    if _PLAIN_NAME.fullmatch(inner) and inner not in KEYWORDS:
        return Token(WORD, inner, place)
    if opening != '"':
        inner = inner.replace("``", "`").replace('"', '""') if opening == "`" else inner.replace('"', '""')
    return Token(NAME, f'"{inner}"', place)


def tree(tokens: tuple[Token, ...]) -> tuple[Node, ...]:
    """Nest ``tokens`` by parentheses, brackets and CASE .. END; what is left open is closed at the end."""
    stack = [_Open("")]
    for token in tokens:
        top = stack[-1]
        opens = (token.kind == SYMBOL and token.text in {"(", "["}) or (token.kind, token.text) == (WORD, "case")
        if opens and len(stack) < MAX_DEPTH and not _is_member(token, top.children):
            stack.append(_Open(token.text, token))
        elif token.kind in {SYMBOL, WORD} and _CLOSING.get(top.opening) == token.text:
            _close(stack, token)
        else:
            top.children.append(token)
    while len(stack) > 1:
        _close(stack, None)
    return tuple(stack[0].children)


def _is_member(token: Token, before: list[Node]) -> bool:
    """Return whether a word follows a dot: ``a.case`` is a column."""
    return token.kind == WORD and bool(before) and is_symbol(before[-1], ".")


def _close(stack: list[_Open], closing: Token | None) -> None:
    done = stack.pop()
    edges = tuple(token for token in (done.token, closing) if token is not None)
    group = Group(done.opening, closing.text if closing else "", tuple(done.children), edges)
    stack[-1].children.append(group)


def flatten(nodes: tuple[Node, ...]) -> Iterator[Token]:
    """Yield the tokens of ``nodes``, in order."""
    for node in nodes:
        if isinstance(node, Token):
            yield node
            continue
        yield from node.edges[:1]
        yield from flatten(node.children)
        yield from node.edges[1:]


def unbalanced(nodes: tuple[Node, ...]) -> Iterator[Token]:
    """Yield what opens a group that is never closed, and what closes none."""
    for node in nodes:
        if isinstance(node, Group):
            if not node.closing:
                yield from node.edges
            yield from unbalanced(node.children)
        elif node.kind == SYMBOL and node.text in {")", "]"}:
            yield node


def text(nodes: tuple[Node, ...]) -> str:
    """Write ``nodes`` on one line, canonically spaced: equal trees give equal text."""
    if len(nodes) == 1:
        return _written(nodes[0])
    written: list[str] = []
    last: Node | None = None
    for node in nodes:
        if written and not _joined_tokens(last, node):
            written.append(" ")
        written.append(_written(node))
        last = node
    return "".join(written)


def _written(node: Node) -> str:
    if isinstance(node, Token):
        return node.text
    inner = text(node.children)
    if node.opening == "case":
        return f"case {inner} {node.closing}".strip()
    return f"{node.opening}{inner}{node.closing}"


def _joined_tokens(last: Node | None, node: Node) -> bool:
    if isinstance(node, Group):
        name = isinstance(last, Token) and last.kind in {WORD, NAME} and not is_word(last, *_BEFORE_GROUP)
        return (node.opening == "(" and name) or (node.opening == "[" and last is not None)
    if node.kind == SYMBOL and node.text in {",", ".", "::"}:
        return True
    return isinstance(last, Token) and last.kind == SYMBOL and last.text in {".", "::"}


def is_word(node: Node | None, *words: str) -> bool:
    """Return whether ``node`` is one of these bare words; a quoted name never is."""
    return isinstance(node, Token) and node.kind == WORD and node.text in words


def is_symbol(node: Node | None, *symbols: str) -> bool:
    """Return whether ``node`` is one of these symbols."""
    return isinstance(node, Token) and node.kind == SYMBOL and node.text in symbols


def is_parameter_by_place(node: Node | None) -> bool:
    """Return whether ``node`` is a parameter without a name, bound by its place."""
    return isinstance(node, Token) and node.kind == PARAMETER and node.text in {"?", "%s"}


def is_hint(node: Node | None) -> bool:
    """Return whether ``node`` is a comment that the database reads."""
    return isinstance(node, Token) and node.kind == SYMBOL and node.text.startswith("/*")


def is_name(node: Node | None) -> bool:
    """Return whether ``node`` may name something: a quoted name, or a word."""
    return isinstance(node, Token) and node.kind in {WORD, NAME}


def starts_query(node: Node | None) -> bool:
    """Return whether ``node`` is a subquery in parentheses."""
    while isinstance(node, Group) and node.opening == "(" and node.children:
        if is_word(node.children[0], "select", "with", "values"):
            return True
        node = node.children[0]
    return False


def split_at(nodes: tuple[Node, ...], separator: str) -> list[tuple[Node, ...]]:
    """Cut ``nodes`` at a symbol or word of the outermost level."""
    pieces: list[list[Node]] = [[]]
    for node in nodes:
        if isinstance(node, Token) and node.text == separator and node.kind in {WORD, SYMBOL}:
            pieces.append([])
        else:
            pieces[-1].append(node)
    return [tuple(piece) for piece in pieces if piece]
