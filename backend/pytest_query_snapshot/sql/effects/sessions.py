"""Effects of a statement on its connection: settings, temporary tables, locks, prepared statements, counters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pytest_query_snapshot.sql.lexer import tokens_of
from pytest_query_snapshot.sql.splitter import split

Token = tuple[str, str]
_COUNTERS = frozenset({"currval", "lastval", "last_insert_rowid", "changes", "total_changes"})
_NUMBERS = frozenset({
    "pg_current_xact_id", "pg_current_xact_id_if_assigned", "txid_current", "txid_current_if_assigned",
})  # fmt: skip
_TEMPORARY = frozenset({"temp", "temporary"})
_RELATIONS = frozenset({"table", "view", "trigger", "sequence", "recursive", "if", "not", "exists"})
_PREPARED = frozenset({"prepare", "execute", "deallocate"})
_LISTENING = frozenset({"listen", "unlisten"})
_SETTERS = frozenset({"set_config"})
_BLOCKS = frozenset({"do", "call"})
# what these leave on a session has no other name here
_LEAVING = frozenset({"listen", "load", "reset", "discard"})
_SNAPSHOTS = ("repeatable read", "serializable")
_OF_TRANSACTIONS = (
    "default_transaction_isolation",
    "default_transaction_read_only",
    "default_transaction_deferrable",
    "transaction_isolation",
    "transaction_read_only",
    "transaction_deferrable",
)
_ALIASES = {"time": "timezone", "names": "client_encoding", "schema": "search_path"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that a statement sets: its name, or the parameter that holds the name."""

    name: str = ""
    parameter: str | int | None = None
    is_local: bool = False
    local_parameter: str | int | None = None

    def resolve(self, parameters: Any) -> tuple[str, bool]:
        """Return the name and whether the setting ends with the transaction."""
        name = self.name if self.parameter is None else str(_value(parameters, self.parameter))
        local = self.is_local if self.local_parameter is None else bool(_value(parameters, self.local_parameter))
        return name, local


@dataclass(frozen=True, slots=True)
class SessionEffects:
    """The effects of one statement on the session of its connection.

    settings: what it sets; `sets` also when their names can't be known.
    reads_settings: the custom settings that it reads by name.
    temporary: names of temporary relations that it makes, with what happens to them at a commit.
    declares: the cursors that end with their transaction.
    """

    settings: tuple[Setting, ...] = ()
    sets: bool = False
    resets: bool = False
    reads_settings: tuple[str, ...] = ()
    temporary: tuple[tuple[str, str], ...] = ()
    locks_rows: bool = False
    advisory: bool = False
    prepared: bool = False
    holds_cursor: bool = False
    declares: tuple[str, ...] = ()
    reads_counters: bool = False
    reads_locks: bool = False
    defines_function: bool = False
    level: str = ""
    read_only: bool | None = None
    refused: str = ""
    locks_session: bool = False
    leaves: bool = False

    @property
    def outlives_transaction(self) -> bool:
        """Return whether something may be left on the session when the transaction has ended."""
        is_local = bool(self.settings) and all(
            each.is_local and each.local_parameter is None for each in self.settings
        )
        return bool(
            (self.sets and not is_local)
            or self.temporary
            or self.prepared
            or self.holds_cursor
            or self.locks_session
            or self.leaves
        )

    @property
    def is_transaction_mode(self) -> bool:
        """Return whether the statement sets the mode of its transaction and does nothing else."""
        return bool(self.level) or self.read_only is not None


NOTHING = SessionEffects()


@lru_cache(maxsize=4096)
def session_effects(sql: str, dialect_name: str) -> SessionEffects:
    """Read what a statement leaves on its connection; NOTHING for nearly all of them."""
    if ";" in sql.rstrip().removesuffix(";"):
        parts = [_effects_of_one(part.text, dialect_name) for part in split(sql, dialect_name=dialect_name)]
        return _together(parts)
    return _effects_of_one(sql, dialect_name)


def _together(parts: Sequence[SessionEffects]) -> SessionEffects:
    """Return the effects of statements that are sent as one."""
    several = [part for part in parts if part is not NOTHING]
    if len(several) < 2:  # noqa: PLR2004  the others have no effect
        return next(iter(several), NOTHING)
    found: dict[str, Any] = {}
    for name in (each.name for each in fields(SessionEffects)):
        for value in (getattr(part, name) for part in several):
            found[name] = found[name] + value if isinstance(found.get(name), tuple) else found.get(name) or value
    if any(setting.parameter is not None or setting.local_parameter is not None for setting in found["settings"]):
        found["settings"] = ()  # their places are those in one of the statements
    return SessionEffects(**found)


def _effects_of_one(sql: str, dialect_name: str) -> SessionEffects:
    tokens = [
        (kind, token.strip('"`[]') if kind == "quoted" else token.lower() if kind == "word" else token)
        for kind, token in tokens_of(sql, dialect=dialect_name)
        if kind != "comment"
    ]
    words = frozenset(token for kind, token in tokens if kind in {"word", "quoted"})
    found = _sqlite(tokens, words) if dialect_name == "sqlite" else _postgresql(tokens, words, sql)
    return SessionEffects(**found) if found else NOTHING


@lru_cache(maxsize=4096)
def names_in(sql: str, dialect_name: str) -> frozenset[str]:
    """Return every word and quoted name of a statement, words in lower case."""
    return frozenset(
        token.strip('"`[]') if kind == "quoted" else token.lower()
        for kind, token in tokens_of(sql, dialect=dialect_name)
        if kind in {"word", "quoted"}
    )


def _sqlite(tokens: list[Token], words: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if _TEMPORARY & words and (made := _made(tokens)):
        found["temporary"] = made
    if _COUNTERS & words and _calls(tokens, _COUNTERS):
        found["reads_counters"] = True
    return found


def _postgresql(tokens: list[Token], words: frozenset[str], sql: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    first = next((token for _, token in tokens if token not in {";", "("}), "")
    if first in {"set", "begin", "start"}:
        found |= _set([token for _, token in tokens])
    elif first in {"reset", "discard"}:
        found |= {"sets": True, "resets": True}
        if first == "discard":
            found["refused"] = "DISCARD ends what belongs to one session, and all connections share one"
    elif first in _LISTENING:
        found["refused"] = f"{first.upper()} takes effect at a real COMMIT only, so no notification would arrive"
    elif first in _BLOCKS or "set_config" in words:
        found |= {"sets": True, "settings": _configured(tokens)}
    if first in _BLOCKS and "set_config" in sql.lower():
        found["refused"] = "the settings that a block of code sets can't be read from its text"
    if first not in {"create", "alter"} and "current_setting" in words and (read := _read_settings(tokens)):
        found["reads_settings"] = read
    found |= _flags(tokens, words, first)
    return found


def _flags(tokens: list[Token], words: frozenset[str], first: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if ((_TEMPORARY | {"pg_temp"}) & words) and (made := _made(tokens)):
        found["temporary"] = made
    found |= _lasting(words, first)
    if first in _PREPARED and "prepared" not in words and not _then(tokens, "prepare", "transaction"):
        found["prepared"] = True
    if _then(tokens, "with", "hold"):
        found["holds_cursor"] = True
    elif first == "declare":
        found["declares"] = (_declared(tokens),)
    if _NUMBERS & words and _calls(tokens, _NUMBERS):
        found["refused"] = "all transactions of a test have one number, since one real transaction holds them"
    if _COUNTERS & words and _calls(tokens, _COUNTERS):
        found["reads_counters"] = True
    if "pg_locks" in words:
        found["reads_locks"] = True
    if first in {"select", "with", "table", "values"} and _locks_rows(tokens):
        found["locks_rows"] = True
    if first == "create" and words & {"function", "procedure"}:
        found["defines_function"] = True
    return found


def _lasting(words: frozenset[str], first: str) -> dict[str, Any]:
    """Find what stays on a session and is known by a word alone."""
    advisory = [word for word in words if "advisory" in word]
    found = {
        "advisory": bool(advisory),
        "locks_session": any("lock" in word and "xact" not in word for word in advisory),
        "leaves": first in _LEAVING or "setseed" in words,
    }
    return {name: value for name, value in found.items() if value}


def _locks_rows(tokens: list[Token]) -> bool:
    texts = [token for _, token in tokens]
    return any(
        word == "for" and texts[place + 1 : place + 2] and texts[place + 1] in {"update", "share", "no", "key"}
        for place, word in enumerate(texts)
    )


def _set(texts: list[str]) -> dict[str, Any]:
    """Read SET, and the modes that BEGIN and SET TRANSACTION take."""
    joined = " ".join(texts)
    begins = texts[0] in {"begin", "start"}
    if begins or texts[1:2] == ["transaction"]:
        level = next((level for level in _SNAPSHOTS if level in joined), "")
        level = level or next((name for name in ("read committed", "read uncommitted") if name in joined), "")
        read_only = True if "read only" in joined else False if "read write" in joined else None
        if "snapshot" in texts:
            return {"refused": "a snapshot that another transaction exported does not exist here"}
        return {"level": level, "read_only": read_only} if level or read_only is not None else {}
    rest = texts[1:]
    is_local = rest[:1] == ["local"]
    if rest[:2] == ["session", "characteristics"]:
        return {
            "refused": "it sets the mode of later transactions, and all of them lie within one",
            "leaves": True,
        }
    if rest[:1] in (["local"], ["session"]) and rest[1:2] != ["authorization"]:
        rest = rest[1:]
    if not rest or rest[0] == "constraints":
        return {}
    name = "session_authorization" if rest[:2] == ["session", "authorization"] else _ALIASES.get(rest[0], rest[0])
    if rest[1:2] == ["."]:
        name = "".join(rest[:3])
    if name in _OF_TRANSACTIONS:
        refused = f"{name} sets the mode of transactions, and all of them lie within one"
        return {"refused": refused, "leaves": not is_local}
    return {"sets": True, "settings": (Setting(name=name, is_local=is_local),)}


def _configured(tokens: list[Token]) -> tuple[Setting, ...]:
    """Read the calls of set_config."""
    found = []
    for place, (_, token) in enumerate(tokens):
        if token in _SETTERS:
            arguments = _arguments(tokens, place + 1)
            if len(arguments) == 3:  # noqa: PLR2004  name, value, is_local
                found.append(_one_configured(tokens, arguments))
    return tuple(found)


def _read_settings(tokens: list[Token]) -> tuple[str, ...]:
    """Name the custom settings that calls of current_setting read."""
    names = [
        tokens[place + 2][1].strip("'").lower()
        for place, (_, text) in enumerate(tokens[:-2])
        if text == "current_setting" and tokens[place + 2][0] == "literal"
    ]
    return tuple(name for name in names if "." in name)


def _one_configured(tokens: list[Token], arguments: list[tuple[int, Token]]) -> Setting:
    (at, name), (at_local, local) = arguments[0], arguments[2]
    return Setting(
        name=name[1].strip("'") if name[0] == "literal" else "",
        parameter=_parameter(tokens, at, name),
        is_local=local[1] in {"true", "'t'", "'true'", "'on'"},
        local_parameter=_parameter(tokens, at_local, local),
    )


def _parameter(tokens: list[Token], place: int, token: Token) -> str | int | None:
    if token[0] != "param":
        return None
    if token[1].startswith("%("):
        return token[1][2:-2]
    return sum(1 for kind, text in tokens[:place] if kind == "param" and text in {"%s", "?"})


def _arguments(tokens: list[Token], opening: int) -> list[tuple[int, Token]]:
    """Return the first token of each argument of a call, with its place."""
    found: list[tuple[int, Token]] = []
    depth, expected = 0, False
    for place in range(opening, len(tokens)):
        text = tokens[place][1]
        if expected and text != "(":
            found.append((place, tokens[place]))
            expected = False
        if text == "(":
            depth += 1
            expected = expected or depth == 1
        elif text == ")":
            depth -= 1
            if depth == 0:
                break
        elif text == "," and depth == 1:
            expected = True
    return found


def _made(tokens: list[Token]) -> tuple[tuple[str, str], ...]:
    """Name the temporary relation that a statement makes, with DROP or DELETE for what a commit does to it."""
    texts = [token for _, token in tokens]
    if texts[0] not in {"create", "select", "with"}:
        return ()
    place = next((place for place, text in enumerate(texts) if text in _TEMPORARY | {"pg_temp"}), len(texts)) + 1
    while place < len(texts) and texts[place] in _RELATIONS | {"."}:
        place += 1
    if texts[place + 1 : place + 2] == ["."]:
        place += 2
    if place >= len(texts):
        return ()
    joined = " ".join(texts)
    at_commit = "DROP" if "on commit drop" in joined else "DELETE" if "on commit delete" in joined else ""
    return ((texts[place], at_commit),)


def _calls(tokens: list[Token], names: frozenset[str]) -> bool:
    return any(
        text in names and tokens[place + 1 : place + 2] and tokens[place + 1][1] == "("
        for place, (_, text) in enumerate(tokens)
    )


def _declared(tokens: list[Token]) -> str:
    """Return the name of a cursor."""
    texts = [text for _, text in tokens]
    return next(iter(texts[texts.index("declare") + 1 :]), "")


def _then(tokens: list[Token], first: str, second: str) -> bool:
    return any(one[1] == first and other[1] == second for one, other in pairwise(tokens))


def _value(parameters: Any, key: str | int) -> Any:
    if isinstance(parameters, Mapping):
        return parameters.get(str(key))
    if isinstance(parameters, Sequence) and isinstance(key, int) and key < len(parameters):
        return parameters[key]
    return None
