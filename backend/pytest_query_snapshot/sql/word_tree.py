"""SQL text as a tree of words: parentheses and CASE .. END are groups, white space and comments are gone.

Only the lexer of sqlparse is used. Its grouping engine refuses long or deep statements; the lexer reads anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from sqlparse import tokens as T  # noqa: N812  the name that sqlparse's own documentation uses
from sqlparse.lexer import tokenize

PARAMETER = "parameter"
STRING = "string"
WORD = "word"
SYMBOL = "symbol"

MAX_DEPTH = 60
"""Deeper groups are kept flat: nobody writes them, and recursion over them has to end somewhere."""

_BEFORE_GROUP = frozenset(
    """
    all and any as between by conflict exists filter from having in join like not on or over select set then
    union using values when where
    """.split(),  # noqa: SIM905  words read better as words
)
"""Words that a parenthesis follows without being the arguments of a call."""

_PLAIN_NAME = re.compile(r'"([a-z_][a-z0-9_]*)"\Z|`([a-z_][a-z0-9_]*)`\Z|\[([a-z_][a-z0-9_]*)\]\Z')


@dataclass(frozen=True, slots=True)
class Token:
    """One word, symbol, literal or parameter; unquoted words are folded to lower case."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between parentheses, or between CASE and END."""

    opening: str
    closing: str
    children: tuple[Node, ...]


Node: TypeAlias = Token | Group


@dataclass(slots=True)
class _Open:
    opening: str
    children: list[Node] = field(default_factory=list)


@lru_cache(maxsize=4096)
def lex(sql: str) -> tuple[Token, ...]:
    """Split ``sql`` into tokens, without white space, comments and the final semicolon."""
    found: list[Token] = []
    for kind, value in tokenize(sql):  # type: ignore[no-untyped-call]
        if kind in T.Comment or not value.strip():
            continue
        found.extend(_tokens_of(kind, value))
    while found and found[-1].text == ";":
        found.pop()
    return tuple(found)


def _tokens_of(kind: T._TokenType, value: str) -> Iterator[Token]:
    """Yield what one lexeme stands for: sqlparse joins ``LEFT OUTER JOIN`` or ``NOT NULL`` to one."""
    if kind in T.Name.Placeholder:
        yield Token(PARAMETER, value)
    elif kind in T.String.Single or kind is T.Literal:
        yield Token(STRING, value)
    elif kind in T.Keyword or kind in T.Name.Builtin:
        for word in value.lower().split():
            yield Token(WORD, word)
    elif kind in T.Name or kind in T.String.Symbol or kind in T.Number:
        yield Token(WORD, _name(value))
    elif kind in T.Operator and len(value.split()) > 1:
        for word in value.lower().split():
            yield Token(WORD, word)
    else:
        yield Token(SYMBOL, "!=" if value == "<>" else value.lower())


def _name(value: str) -> str:
    if value[0] not in '"`[':
        return value.lower()
    plain = _PLAIN_NAME.match(value)
    return (plain[1] or plain[2] or plain[3]) if plain else value


def tree(tokens: tuple[Token, ...]) -> tuple[Node, ...]:
    """Nest ``tokens`` by parentheses and CASE .. END; what is left open is closed at the end."""
    stack = [_Open("")]
    for token in tokens:
        top = stack[-1]
        if (token.text == "(" or token == Token(WORD, "case")) and len(stack) < MAX_DEPTH:
            stack.append(_Open(token.text))
        elif (token.text == ")" and top.opening == "(") or (token.text == "end" and top.opening == "case"):
            _close(stack, token.text)
        else:
            top.children.append(token)
    while len(stack) > 1:
        _close(stack, "")
    return tuple(stack[0].children)


def _close(stack: list[_Open], closing: str) -> None:
    done = stack.pop()
    stack[-1].children.append(Group(done.opening, closing, tuple(done.children)))


def text(nodes: tuple[Node, ...]) -> str:
    """Write ``nodes`` on one line, canonically spaced: equal trees give equal text."""
    written: list[str] = []
    last: Node | None = None
    for node in nodes:
        if written and not _glued(last, node):
            written.append(" ")
        written.append(_written(node))
        last = node
    return "".join(written)


def _written(node: Node) -> str:
    if isinstance(node, Token):
        return node.text
    inner = text(node.children)
    return f"({inner}{node.closing}" if node.opening == "(" else f"case {inner} {node.closing}".strip()


def _glued(last: Node | None, node: Node) -> bool:
    if isinstance(node, Group):
        name = isinstance(last, Token) and last.kind == WORD and last.text not in _BEFORE_GROUP
        return node.opening == "(" and name
    if node.text in {",", ".", "::"}:
        return True
    return isinstance(last, Token) and last.text in {".", "::"}


def is_word(node: Node | None, *words: str) -> bool:
    """Whether ``node`` is one of these bare words."""
    return isinstance(node, Token) and node.kind == WORD and node.text in words


def split_at(nodes: tuple[Node, ...], separator: str) -> list[tuple[Node, ...]]:
    """Cut ``nodes`` at a symbol or word of the outermost level."""
    pieces: list[list[Node]] = [[]]
    for node in nodes:
        if isinstance(node, Token) and node.text == separator and node.kind in {WORD, SYMBOL}:
            pieces.append([])
        else:
            pieces[-1].append(node)
    return [tuple(piece) for piece in pieces if piece]
