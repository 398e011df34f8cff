"""Lexical rules of each SQL dialect, as fragments of regular expressions.

The lexer and the splitter are both compiled from these, so they agree on where a string or a comment ends.
White space is ASCII only: PostgreSQL and SQLite take every non-ASCII character as part of a name, U+00A0 included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

# Before 3.11.5 a possessive group that goes back inside itself ends in the wrong place (CPython issue 106052).
# There it repeats greedily, which finds the same and remembers more.
ANY = "*+" if re.match("(?:ab?c)*+", "aca").span() == (0, 2) else "*"  # type: ignore[union-attr]  # it matches

SPACE = r"[ \t\n\r\f\v]"
WHITESPACE = " \t\n\r\f\v"
# Names hold every character beyond ASCII. Written as what they don't hold: a class that reaches to the last
# character takes a hundred times as long to compile.
_NO_LETTER = r"\[-^`{-\x7f"
LETTER = rf"[^\x00-@{_NO_LETTER}]"
PART = rf"[^\x00-\#%-/:-@{_NO_LETTER}]"
NAME = rf"{LETTER}[^\x00-/:-@{_NO_LETTER}]*"

# The lookahead keeps a string that is never closed from ending at the first half of a doubled quote.
STANDARD = r"'[^']*(?:''[^']*)*'(?!')"
ESCAPED = r"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'(?!')"
ESCAPED_DOUBLE = r'"[^"\\]*(?:(?:\\.|"")[^"\\]*)*"(?!")'
DOUBLE = r'"[^"]*(?:""[^"]*)*"(?!")'
BACKTICK = r"`[^`]*(?:``[^`]*)*`(?!`)"
DOLLAR_TAG = rf"\$(?:{NAME})?\$"
PLAIN_COMMENT = rf"/\*(?:[^*/]++|\*(?!/)|/(?!\*)){ANY}\*/"  # with no other comment begun inside
FLAT_COMMENT = rf"/\*(?:[^*]++|\*(?!/)){ANY}\*/"

_NUMBER = (
    rf"(?:0[xXbBoO]|\d[\d_]*(?:\.(?!\.)[\d_]*)?(?:[eE][+-]?\d[\d_]*)?|\.\d[\d_]*(?:[eE][+-]?\d[\d_]*)?){PART}*"
)
"""A number takes the letters that follow it: `0x1F`, `1_000` and the ill-formed `1a` are one token each."""

_KNOWN_OPERATORS = (
    r"::|%%|<=>|<->|<\#>|<\+>|<%>|<~>|<\?>|->>|->|\#>>|\#>|\#-|@@@|@>|@\?|@@|<@|&&&|&&|&<\||&<|&>|\|&>|\|>>|<<\|"
    r"|<<=|>>=|<=|>=|<>|!==|!=|==|\|\|/|\|\||\|/|~~\*|!~~\*|!~~|~~|!~\*|~\*|!~|-\|-|=>|:=|<<|>>|\?\||\?&|\^@"
    r"|\*\*|\.\.\.|\.\."
)
_OPERATOR = r"[~!@\#%^&|`?+\-*/<>=]"
# PostgreSQL takes the longest run of operator characters; it ends in + or - only if another one stands in it.
# Not possessive: Python 3.11.2 ends a possessive group at a lookahead that fails later, and takes what it forbids.
_POSTGRESQL_OPERATORS = (
    r"::|:=|\.\.\.|\.\."
    rf"|(?=[+\-*/<>=]*[~!@\#%^&|`?])(?:(?!--|/\*|%s|%\(\w){_OPERATOR})+"
    r"|(?:(?!--|/\*)[+\-*/<>=])*(?!--|/\*)[*/<>=]"
)

_COLON_PARAMETER = rf"(?<![\w:]):{NAME}"
_PARAMETERS = {
    "qmark": r"\?",
    "numeric": r":\d+",
    "named": rf'{_COLON_PARAMETER}|(?<![\w:]):"[^"]*"',
    "numeric_dollar": r"\$\d+",
    "format": r"%s",
    "pyformat": r"%\([^)]+\)s|%s",
}


@dataclass(frozen=True, slots=True)
class Syntax:
    """The rules of one dialect: patterns for one token each."""

    strings: str
    names: str
    parameters: str
    operators: str = _KNOWN_OPERATORS
    line_comment: str = r"--[^\n]*"
    nested_comments: bool = False
    dollar_quotes: bool = False
    backslash_escapes: bool = False
    hash_comments: bool = False
    brackets: bool = False
    backticks: bool = False
    word_start: str = LETTER


_VARIABLE = rf"@@?{PART}+"
_BRACKETS = r"\[[^\]]*\]"

# q'[it's]' ends at the bracket that closes the first one, q'!it's!' at the same sign
_ORACLE_STRINGS = (
    r"[nN]?[qQ]'(?:\[.*?\]|\(.*?\)|\{.*?\}|<.*?>|(?P<fence>[^\s\[({<]).*?(?P=fence))'"
    rf"|[nN]?{STANDARD}"
)

_SYNTAXES = {
    "sqlite": Syntax(
        strings=rf"[xX]{STANDARD}|{STANDARD}",
        names=f"{DOUBLE}|{BACKTICK}|{_BRACKETS}",
        parameters=rf"\?\d*|[:@$]{NAME}|:\d+",
        brackets=True,
        backticks=True,
    ),
    "postgresql": Syntax(
        strings=rf"[eE]{ESCAPED}|(?:[uU]&|[bBxXnN])?{STANDARD}",
        names=f"(?:[uU]&)?{DOUBLE}",
        parameters=rf"\$\d+|{_COLON_PARAMETER}|%\({NAME}\)s",
        operators=_POSTGRESQL_OPERATORS,
        line_comment=r"--[^\n\r]*",
        nested_comments=True,
        dollar_quotes=True,
    ),
    "mysql": Syntax(
        strings=f"[bBxXnN]?{ESCAPED}|{ESCAPED_DOUBLE}",
        names=BACKTICK,
        parameters=rf"\?|{_COLON_PARAMETER}|{_VARIABLE}|%\({NAME}\)s",
        # two dashes without a space behind them are two signs
        line_comment=r"--(?![^ \t\n\r\f\v\x00-\x1f])[^\n]*|\#[^\n]*",
        backslash_escapes=True,
        hash_comments=True,
        backticks=True,
    ),
    "mssql": Syntax(
        strings=rf"[nN]?{STANDARD}",
        names=rf"{DOUBLE}|\[[^\]]*(?:\]\][^\]]*)*\](?!\])",
        parameters=rf"\?|{_COLON_PARAMETER}|{_VARIABLE}|%\({NAME}\)s",
        nested_comments=True,
        brackets=True,
        word_start=rf"[^\x00-\"$-@{_NO_LETTER}]",
    ),
    "oracle": Syntax(
        strings=_ORACLE_STRINGS,
        names=DOUBLE,
        parameters=rf"\?|{_COLON_PARAMETER}|:\d+|%\({NAME}\)s",
    ),
    # Unknown dialect: what only one dialect takes for a comment stays visible, what differs stays apart.
    "": Syntax(
        strings=rf"[eE]{ESCAPED}|(?:[uU]&|[bBxXnN])?{STANDARD}",
        # a bracket right behind a name or another bracket is a subscript
        names=rf"(?:[uU]&)?{DOUBLE}|{BACKTICK}|(?<![\w$\])\[]){_BRACKETS}",
        parameters=(
            rf"\?(?:\d+|(?!\|(?!\|)|&|\?))|{_COLON_PARAMETER}|(?<![\w:\])]):\d+|\$\d+|\${NAME}|{_VARIABLE}"
            rf"|%\({NAME}\)s"
        ),
        line_comment=r"--[^\n\r]*",
        dollar_quotes=True,
        backticks=True,
    ),
}  # fmt: skip

_FAMILIES = {"mariadb": "mysql", "duckdb": "postgresql", "cockroachdb": "postgresql", "redshift": "postgresql"}


def syntax_of(dialect: str) -> Syntax:
    """Return the rules of a dialect by its SQLAlchemy name; the generic ones for a dialect without its own."""
    return _SYNTAXES[family_of(dialect)]


def family_of(dialect: str) -> str:
    """Return the name of the rules that a dialect is read by; empty for the generic ones."""
    name = _FAMILIES.get(dialect, dialect)
    return name if name in _SYNTAXES else ""


@cache
def token_pattern(dialect: str, paramstyle: str | None) -> re.Pattern[str]:
    """Compile the pattern of one token; with a driver's paramstyle, nothing else is a placeholder."""
    syntax = syntax_of(dialect)
    parameters = syntax.parameters if paramstyle is None else _PARAMETERS[paramstyle]
    percent = r"%%|" if paramstyle in {"format", "pyformat"} else ""
    dollar = rf"|(?P<tag>{DOLLAR_TAG})(?:.*?)(?P=tag)" if syntax.dollar_quotes else ""
    comment = PLAIN_COMMENT if syntax.nested_comments else FLAT_COMMENT
    opening = "|".join(
        ["/\\*", "'", '"', *(["`"] if syntax.backticks else []), *([r"\["] if syntax.brackets else [])]
    )
    # a word comes first because most tokens are; what may begin a prefixed string is tried again below
    return re.compile(
        rf"""(?P<space>{SPACE}+)
        |(?P<word>(?![bBeEnNqQxX]'|[nN][qQ]'|[uU]&['"]){syntax.word_start}{PART}*)
        |(?P<comment>{syntax.line_comment}|{comment})
        |(?P<literal>{syntax.strings}{dollar})
        |(?P<quoted>{syntax.names})
        |(?P<open>{opening})
        |(?P<param>(?!::){parameters})
        |(?P<prefix>{syntax.word_start}{PART}*)
        |(?P<number>{_NUMBER})
        |(?P<op>{percent}{syntax.operators})
        |(?P<char>.)
        """.replace("\n        ", ""),
        re.DOTALL,
    )
