"""Expressions as trees, by operator precedence. What is not understood stays flat, with all of its tokens."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_query_snapshot.sql.facts.columns import SUBQUERY
from pytest_query_snapshot.sql.word_tree import (
    NAME,
    NUMBER,
    OUTER_MARK,
    PARAMETER,
    STRING,
    SYMBOL,
    WORD,
    Group,
    Node,
    Token,
    is_name,
    is_symbol,
    is_word,
    split_at,
    starts_query,
    text,
)

FLAT = "flat"
_COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">=", "<=>"})
_PATTERNS = ("like", "ilike", "glob", "regexp", "rlike", "match", "similar")
_POWERS = {"or": 10, "and": 20, "+": 60, "-": 60, "*": 70, "/": 70, "%": 70, "^": 75}
_COMPARISON, _TEST, _OPERATOR, _SUFFIX, _PREFIX_NOT, _PREFIX_SIGN = 40, 45, 50, 90, 30, 80
_RESERVED = frozenset(
    """
    all and any array as asc between by case collate desc distinct else end except exists fetch for from full group
    having ilike in inner intersect interval into is isnull join left like limit natural not notnull offset on or
    order outer over returning right select set some then union using values when where window with
    """.split(),  # noqa: SIM905  words read better as words
)
"""Words that no operand begins with, unless they are called or name a table."""
_CALLED = frozenset(
    """
    left right replace all any some array cast values row grouping match unique set interval glob like first range
    key insert
    """.split(),  # noqa: SIM905  words read better as words
)
"""Keywords that are functions, too."""


@dataclass(slots=True)  # never changed, as a token is not
class Expr:
    """A part of an expression: what joins its parts, and the nodes that it is made of."""

    kind: str
    op: str = ""
    parts: tuple[Expr, ...] = ()
    nodes: tuple[Node, ...] = ()

    @property
    def key(self) -> str:
        """The text that it is compared by."""
        return text(self.nodes)


class _UnexpectedError(Exception):
    """The parser met what it does not know."""


def parse_expression(nodes: tuple[Node, ...]) -> Expr:
    """Read an expression; a flat one where any token of it is not understood."""
    parser = _Parser(nodes)
    try:
        found = parser.expression(0)
        if parser.at < len(nodes):
            return Expr(FLAT, nodes=nodes)
    except (_UnexpectedError, RecursionError):
        return Expr(FLAT, nodes=nodes)
    return found


class _Parser:
    """A Pratt parser over the nodes of one level."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.nodes = nodes
        self.at = 0

    def peek(self, ahead: int = 0) -> Node | None:
        return self.nodes[self.at + ahead] if self.at + ahead < len(self.nodes) else None

    def take(self) -> Node:
        node = self.peek()
        if node is None:
            raise _UnexpectedError
        self.at += 1
        return node

    def take_word(self, *words: str) -> bool:
        if is_word(self.peek(), *words):
            self.at += 1
            return True
        return False

    def made(self, start: int, kind: str, op: str = "", *parts: Expr) -> Expr:
        return Expr(kind, op, parts, self.nodes[start : self.at])

    def expression(self, power: int) -> Expr:
        start = self.at
        left = self.operand()
        while (node := self.peek()) is not None:
            further = self.suffix(start, left, node, power)
            if further is None:
                break
            left = further
        return left

    def operand(self) -> Expr:
        start = self.at
        node = self.take()
        if isinstance(node, Group):
            return self.group(start, node)
        if node.kind in {PARAMETER, STRING, NUMBER}:
            return self.made(start, "value")
        if node.kind == SYMBOL:
            return self.prefix(start, node)
        if is_word(node, "not"):
            return self.made_after(start, "not", self.expression(_PREFIX_NOT))
        if is_word(node, "exists") and isinstance(self.peek(), Group):
            self.take()
            return self.made(start, "exists")
        return self.name(start, node)

    def made_after(self, start: int, kind: str, *parts: Expr) -> Expr:
        return self.made(start, kind, "", *parts)

    def group(self, start: int, node: Group) -> Expr:
        if node.opening == "case":
            return self.made(start, "case", "", *_case_parts(node.children))
        if node.opening == "[":
            return self.made(start, "list", "", *map(parse_expression, split_at(node.children, ",")))
        if starts_query(node):
            return self.made(start, "subquery")
        members = split_at(node.children, ",")
        parts = [parse_expression(member) for member in members]
        return self.made(start, "group" if len(parts) == 1 else "tuple", "", *parts)

    def prefix(self, start: int, node: Token) -> Expr:
        if node.text == "*":
            return self.made(start, "name")
        if node.text == "!":
            return self.made_after(start, "not", self.expression(_PREFIX_SIGN))
        if node.text in {"-", "+", "~", "@", "|/", "||/"}:
            return self.made_after(start, "sign", self.expression(_PREFIX_SIGN))
        raise _UnexpectedError

    def name(self, start: int, node: Token) -> Expr:
        called = isinstance(self.peek(), Group)
        member = is_symbol(self.peek(), ".")  # `share.level`: what is a keyword elsewhere names a table here
        known = node.kind == NAME or node.text not in _RESERVED or member
        if not known and not (called and node.text in _CALLED) and not is_word(node, "interval", "array"):
            raise _UnexpectedError
        while is_symbol(self.peek(), ".") and (is_name(self.peek(1)) or is_symbol(self.peek(1), "*")):
            self.at += 2
        following = self.peek()
        if isinstance(following, Token) and following.kind == STRING and node.kind == WORD:
            self.take()  # DATE '2024-01-01', INTERVAL '1' DAY
            while is_word(node, "interval") and is_word(self.peek(), *_UNITS):
                self.take()
            return self.made(start, "value")
        if isinstance(following, Group) and following.opening == "(":
            return self.call(start, text(self.nodes[start : self.at]), following)
        return self.made(start, "name")

    def call(self, start: int, name: str, arguments: Group) -> Expr:
        self.take()
        inner = arguments.children
        if is_word(inner[0] if inner else None, "distinct", "all"):
            name, inner = f"{name} {text(inner[:1])}", inner[1:]
        label = next((i for i, part in enumerate(inner) if is_word(part, "as")), 0)
        if name == "cast" and label:  # the same as `value::type`
            return self.made(start, "cast", text(inner[label + 1 :]), parse_expression(inner[:label]))
        parts = [parse_expression(member) for member in split_at(inner, ",")]
        if starts_query(arguments):
            parts = [Expr("subquery", nodes=(arguments,))]
        while True:
            node = self.peek()
            if is_word(node, "filter") and isinstance(group := self.peek(1), Group):
                self.at += 2
                parts.append(Expr("filter", "", (parse_expression(group.children[1:]),), (group,)))
            elif is_word(node, "over") and (isinstance(self.peek(1), Group) or is_name(self.peek(1))):
                self.at += 2
                parts.append(Expr("over", nodes=self.nodes[self.at - 1 : self.at]))
            elif is_word(node, "within") and is_word(self.peek(1), "group") and isinstance(self.peek(2), Group):
                self.at += 3
                parts.append(Expr("within", text(self.nodes[self.at - 1 : self.at])))
            elif is_word(node, "ignore", "respect") and is_word(self.peek(1), "nulls"):
                self.at += 2
                parts.append(Expr("nulls", text(self.nodes[self.at - 2 : self.at])))
            else:
                return self.made(start, "call", name, *parts)

    def suffix(self, start: int, left: Expr, node: Node, power: int) -> Expr | None:
        if is_symbol(node, ".") and is_name(self.peek(1)):  # (row).field
            self.at += 2
            return self.made(start, "field", text(self.nodes[self.at - 1 : self.at]), left)
        if is_symbol(node, OUTER_MARK):
            self.take()
            return self.made_of(start, "optional", "", left)
        if isinstance(node, Group):
            if node.opening != "[" or power >= _SUFFIX:
                return None
            self.take()
            return self.made(start, "index", "", left, *map(parse_expression, split_at(node.children, ",")))
        if node.kind == SYMBOL:
            return self.operator(start, left, node, power)
        return self.word(start, left, node, power) if node.kind == WORD else None

    def operator(self, start: int, left: Expr, node: Token, power: int) -> Expr | None:
        if node.text in {",", ".", ":", ";", ")", "]", "..."}:
            return None
        if node.text == "::":
            return self.cast(start, left)
        own = _COMPARISON if node.text in _COMPARISONS else _POWERS.get(node.text, _OPERATOR)
        if own <= power:
            return None
        self.take()
        if node.text in _PATTERN_SIGNS:
            return self.made_of(start, "pattern", _PATTERN_SIGNS[node.text], left, self.expression(own))
        if (node.text, text(self.nodes[self.at : self.at + 1])) in _MEMBERSHIP and (members := self.members()):
            return self.made_of(start, "in", "in" if node.text == "=" else "not in", left, members)
        kind = "comparison" if node.text in _COMPARISONS else "binary"
        return self.made_of(start, kind, node.text, left, self.expression(own))

    def members(self) -> Expr | None:
        """Read the group of ``= ANY (SELECT ..)`` or ``= ANY (ARRAY[1, 2])``: both are IN."""
        if _is_subquery(self.peek(1)):
            self.at += 1
            return self.operand()
        listed = _array(self.peek(1))
        if not listed:
            return None
        self.at += 2
        return Expr("group" if len(listed) == 1 else "tuple", "", listed, self.nodes[self.at - 1 : self.at])

    def made_of(self, start: int, kind: str, op: str, *parts: Expr) -> Expr:
        return self.made(start, kind, op, *parts)

    def cast(self, start: int, left: Expr) -> Expr:
        self.take()
        begin = self.at
        if not is_name(self.peek()):
            raise _UnexpectedError
        self.take()
        while True:
            node = self.peek()
            if is_symbol(node, ".") and is_name(self.peek(1)):
                self.at += 2
            elif is_word(node, "precision", "varying", "with", "without", "time", "zone") or isinstance(
                node, Group
            ):
                self.take()
            else:
                break
        return self.made(start, "cast", text(self.nodes[begin : self.at]), left)

    def word(self, start: int, left: Expr, node: Token, power: int) -> Expr | None:
        own = _POWERS.get(node.text, _TEST)
        if node.text in {"and", "or"}:
            if own <= power:
                return None
            parts = [left]
            while self.take_word(node.text):
                parts.append(self.expression(own))
            return self.made(start, node.text, "", *parts)
        if node.text == "collate" and is_name(self.peek(1)):
            self.at += 2
            return self.made(start, "collate", text(self.nodes[self.at - 1 : self.at]), left)
        if node.text == "at" and is_word(self.peek(1), "time") and is_word(self.peek(2), "zone"):
            self.at += 3
            return self.made_of(start, "binary", "at time zone", left, self.expression(_SUFFIX))
        if power >= _TEST:
            return None
        return self.test(start, left, node)

    def test(self, start: int, left: Expr, node: Token) -> Expr | None:
        if node.text in {"isnull", "notnull"}:
            self.take()
            return self.made(start, "is", "null" if node.text == "isnull" else "not null", left)
        if node.text == "is":
            return self.is_test(start, left)
        if node.text in {"overlaps", "member"}:
            return self.membership(start, left, node.text)
        return self.negatable_test(start, left, node)

    def membership(self, start: int, left: Expr, word: str) -> Expr | None:
        if word == "member" and not is_word(self.peek(1), "of"):
            return None
        self.at += 1 if word == "overlaps" else 2
        return self.made_of(start, "pattern", word, left, self.expression(_TEST))

    def negatable_test(self, start: int, left: Expr, node: Token) -> Expr | None:
        negated = node.text == "not" and is_word(self.peek(1), "in", "between", *_PATTERNS)
        if negated:
            self.take()
        word = self.peek()
        prefix = "not " if negated else ""
        if is_word(word, "in"):
            self.take()
            return self.made_of(start, "in", f"{prefix}in", left, self.expression(_TEST))
        if is_word(word, "between"):
            self.take()
            symmetric = " symmetric" if self.take_word("symmetric") else ""
            low = self.expression(_TEST)
            if not self.take_word("and"):
                raise _UnexpectedError
            return self.made_of(start, "between", f"{prefix}between{symmetric}", left, low, self.expression(_TEST))
        if is_word(word, *_PATTERNS) and isinstance(word, Token):
            self.take()
            if word.text == "similar" and not self.take_word("to"):
                raise _UnexpectedError
            parts = [left, self.expression(_TEST)]
            if self.take_word("escape"):
                parts.append(self.expression(_TEST))
            return self.made(start, "pattern", f"{prefix}{word.text}", *parts)
        return None

    def is_test(self, start: int, left: Expr) -> Expr:
        self.take()
        prefix = "not " if self.take_word("not") else ""
        if self.take_word("distinct"):
            if not self.take_word("from"):
                raise _UnexpectedError
            return self.made_of(
                start, "comparison", f"is {prefix}distinct from", left, self.expression(_COMPARISON)
            )
        node = self.peek()
        if is_word(node, "json"):
            begin = self.at
            self.at += 1 + is_word(self.peek(1), "object", "array", "scalar", "value")
            return self.made(start, "is", f"{prefix}{text(self.nodes[begin : self.at])}", left)
        if is_word(node, "null", "true", "false", "unknown"):
            self.take()
            return self.made(start, "is", f"{prefix}{text((node,)) if node else ''}", left)
        return self.made_of(start, "comparison", f"is {prefix}".strip(), left, self.expression(_COMPARISON))


def _is_subquery(node: Node | None) -> bool:
    """Return whether a group is a subquery, or stands for one that is read on its own."""
    placeholder = isinstance(node, Group) and text(node.children).startswith(SUBQUERY)
    return placeholder or starts_query(node)


def _array(node: Node | None) -> tuple[Expr, ...]:
    """Return the members of a group that holds nothing but an array written out."""
    inner = node.children if isinstance(node, Group) else ()
    if len(inner) != 2 or not is_word(inner[0], "array") or not isinstance(inner[1], Group):  # noqa: PLR2004  ARRAY, members
        return ()
    return tuple(map(parse_expression, split_at(inner[1].children, ",")))


_PATTERN_SIGNS = {"~~": "like", "~~*": "ilike", "!~~": "not like", "!~~*": "not ilike"}
"""The operators of PostgreSQL behind LIKE and ILIKE."""
_MEMBERSHIP = frozenset({("=", "any"), ("=", "some"), ("!=", "all")})
_UNITS = ("year", "month", "day", "hour", "minute", "second", "to")


def _case_parts(nodes: tuple[Node, ...]) -> list[Expr]:
    """Cut a CASE at WHEN, THEN and ELSE: each part with the word before it."""
    parts: list[tuple[str, list[Node]]] = [("", [])]
    for node in nodes:
        if is_word(node, "when", "then", "else") and isinstance(node, Token):
            parts.append((node.text, []))
        else:
            parts[-1][1].append(node)
    return [
        Expr(word or "operand", "", (parse_expression(tuple(part)),), tuple(part)) for word, part in parts if part
    ]


def operands(expression: Expr, kind: str) -> list[Expr]:
    """List what AND, or OR, joins; parentheses around one expression are seen through."""
    found: list[Expr] = []
    pending = [expression]
    while pending:
        current = bare(pending.pop(0))
        if current.kind == kind:
            pending = [*current.parts, *pending]
        elif current.nodes:
            found.append(current)
    return found


def bare(expression: Expr) -> Expr:
    """Take the parentheses off."""
    while expression.kind == "group":
        expression = expression.parts[0]
    return expression
