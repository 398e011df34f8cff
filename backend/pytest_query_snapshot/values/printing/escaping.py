"""Texts made visible: each on one line, none to be mistaken for another text or for another value."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Sequence

# Fixed rather than asked of str.isprintable(), whose answer grows with each version of Unicode.
_INVISIBLE = (
    "\\x00-\\x1f\\x7f-\\xa0\\xad\\u061c\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff"
    "\\ufff0-\\ufffb\\ud800-\\udfff\\U000e0000-\\U000e007f"
)
# `agent#1` is how an id reads: the same letters in a text are written `agent\#1`.
_NEEDS_ESCAPE = re.compile(rf"[\\{_INVISIBLE}]|(?<=\w)#(?=s?\d)")
_NEEDS_ESCAPE_IN_JSON = re.compile(rf"[{_INVISIBLE}]|(?<=\w)#(?=s?\d)")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "#": "\\#"}
_RESERVED = frozenset({"", "NULL", "true", "false", "NaN", "sNaN", "Infinity", "-Infinity"})
_LOOKS_MASKED = re.compile(r"<\w+>")
_UUID = re.compile(r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F-])")
_DASHES_OF_UUID = 4
_SPECIAL = re.compile("[" + r"\\|" + _INVISIBLE.replace("\\x00-\\x1f", "\\x00-\\x09\\x0b-\\x1f") + "]")
_LOOKS_LIKE_ID = re.compile(r"(?<=\w)#(?=s?\d)")
_LINE_LOOKS_MASKED = re.compile(r"^<\w+>$", re.MULTILINE)
_PLAIN_KEY = re.compile(r"[^\W\d]|[^\W\d].*[\w).?*]", re.DOTALL)

NameUuid = Callable[[uuid.UUID], str]


def escape(text: str) -> str:
    """Make every invisible character of a text visible, on one line."""
    return _NEEDS_ESCAPE.sub(_escaped, text)


def escape_json(text: str) -> str:
    """Write a text as JSON does, with every invisible character visible."""
    return _NEEDS_ESCAPE_IN_JSON.sub(_escaped, json.dumps(text, ensure_ascii=False))


def quote(text: str) -> str:
    """Write a text between quotes, as SQL does."""
    return _quoted(escape(text))


def bare(text: str) -> str:
    """Write a text without quotes unless it could then be mistaken for another value."""
    return _bare(text, escape(text))


def are_plain_cells(texts: Sequence[str]) -> bool:
    """Return whether all texts read the same in a cell as they are: nothing to escape, to quote or to alias."""
    joined = "\n".join(("", *texts, ""))  # one search for all of them costs little more than one for each
    return not (
        joined.count("\n") > len(texts) + 1
        or _SPECIAL.search(joined)
        or "\n'" in joined
        or "\n " in joined
        or " \n" in joined
        or ("#" in joined and _LOOKS_LIKE_ID.search(joined))
        or ("<" in joined and _LINE_LOOKS_MASKED.search(joined))
        or ("-" in joined and _UUID.search(joined))
        or not _RESERVED.isdisjoint(texts)
    )


def key_text(key: str) -> str:
    """Write a key of a mapping or the name of a column; one that could be another kind of key is quoted."""
    if _PLAIN_KEY.fullmatch(key) and key not in _RESERVED:
        return escape(key)
    return quote(key)


def other_key(written: str) -> str:
    """Write a key that is not a text; one that would read like a text is put in parentheses."""
    return f"({written})" if written not in _RESERVED and key_text(written) == written else written


def text_with_ids(text: str, name: NameUuid, *, form: str) -> str:
    """Write a text as `quote`, `bare` or `escape_json` do, with the alias of each UUID in its place."""
    if text.count("-") < _DASHES_OF_UUID or not _UUID.search(text):
        return _FORMS[form](text)
    escaping = _json_part if form == "json" else escape
    parts: list[str] = []
    end = 0
    for match in _UUID.finditer(text):
        parts += (escaping(text[end : match.start()]), _alias(match[0], name))
        end = match.end()
    parts.append(escaping(text[end:]))
    written = "".join(parts)
    if form == "json":
        return f'"{written}"'
    if parts[0] == parts[-1] == "" and len(parts) == 3:  # noqa: PLR2004  nothing but one id
        return written
    return _bare(text, written) if form == "bare" else _quoted(written)


def uuid_in(text: str) -> uuid.UUID | None:
    """Read the dashed form of a UUID."""
    return uuid.UUID(text) if _UUID.fullmatch(text) else None


def replace_uuids(text: str, name: NameUuid) -> str:
    """Put aliases for the UUIDs in a text that is not escaped."""
    if text.count("-") < _DASHES_OF_UUID:
        return text
    return _UUID.sub(lambda match: _alias(match[0], name), text)


def _alias(text: str, name: NameUuid) -> str:
    """Write the alias of a UUID in the case of its digits; one of mixed case stays as it is."""
    if text == text.lower():
        return name(uuid.UUID(text))
    return name(uuid.UUID(text)).upper() if text == text.upper() else text


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or _code_point(match[0])


def _code_point(character: str) -> str:
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004  what two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004  what four digits hold


def _json_part(text: str) -> str:
    return escape_json(text)[1:-1]


def _quoted(escaped: str) -> str:
    return "'" + escaped.replace("'", "''") + "'"


def _bare(text: str, escaped: str) -> str:
    if text in _RESERVED or text[0] in "' " or text[-1] == " " or _LOOKS_MASKED.fullmatch(text):
        return _quoted(escaped)
    return escaped


_FORMS: dict[str, Callable[[str], str]] = {"json": escape_json, "bare": bare, "quoted": quote}
