"""Takes secrets out of texts in which they may be escaped or encoded: a server may send back what it was sent.

A text is searched as it is, then with one layer of escapes decoded after the other (URLs, JSON and Python, HTML),
and at last without backslashes. Each search takes a time in proportion to the text, also when a server chose it:
one pattern for every spelling would take days for 5 MB of backslashes.
"""

from __future__ import annotations

import base64
import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

HIDDEN = "[secret]"
MIN_ENCODED = 6
"""Characters of a secret below which its encoded forms are too common to be taken for it."""
MAX_LAYERS = 6
"""Escapes of several kinds inside one another; several of one kind, such as %2525, count once."""

# From the beginning of a run of backslashes alone, and without giving one back: else a run costs its square.
_ESCAPE = re.compile(
    r"(?<!\\)\\++(?:u00|x)(?P<code>[0-9a-f]{2})"
    r"|%(?:25)*(?P<url>[0-9a-f]{2})"
    r"|&(?:amp;)*(?P<entity>#[0-9]{1,9}|#x[0-9a-f]{1,8}|[a-z]{2,8});?",
    re.IGNORECASE,
)
_BACKSLASHES = re.compile(r"\\++")
# hosts and header names come back in lower case, and forms write a blank as a plus
_FOLDED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ+", "abcdefghijklmnopqrstuvwxyz ")
_URL_SAFE = str.maketrans("+/", "-_")


class _Layer(NamedTuple):
    """Positions of the parts of a decoded text, after the decoding and before; both lists rise."""

    after: list[int]
    before: list[int]

    def origin(self, position: int) -> int:
        """Return a position before the decoding; one behind dropped characters was before them."""
        index = bisect_left(self.after, position)
        if index < len(self.after) and self.after[index] == position:
            return self.before[index]
        return self.before[index - 1] + position - self.after[index - 1]


def hide(value: Any, secrets: Iterable[str]) -> Any:
    """Return JSON, or a text, without the secrets, however they are escaped or encoded."""
    wanted = tuple(sorted(set(secrets)))
    return _hidden(value, _needles(wanted)) if wanted else value


def _hidden(value: Any, needles: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return _replaced(value, needles)
    if isinstance(value, Mapping):
        return {_hidden(key, needles): _hidden(item, needles) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item, needles) for item in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return HIDDEN if is_number and _replaced(str(value), needles) == HIDDEN else value


def _replaced(text: str, needles: tuple[str, ...]) -> str:
    parts, end = [], 0
    for first, last in _merged(sorted(_spans(text, needles))):
        parts += [text[end:first], HIDDEN]
        end = last
    return "".join([*parts, text[end:]])


def _spans(text: str, needles: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the places of needles in the text, in each of its layers."""
    layers: list[_Layer] = []
    for layer_text, layer in _layers(text):
        layers += [layer] if layer else []
        folded = layer_text.translate(_FOLDED)
        for needle in needles:
            start = folded.find(needle)
            while start >= 0:
                yield _origin(start, layers), _origin(start + len(needle), layers)
                start = folded.find(needle, start + len(needle))


def _origin(position: int, layers: list[_Layer]) -> int:
    for layer in reversed(layers):
        position = layer.origin(position)
    return position


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the spans that overlap; they come in order."""
    open_: tuple[int, int] | None = None
    for first, last in spans:
        if open_ is not None and first < open_[1]:
            open_ = open_[0], max(open_[1], last)
            continue
        if open_ is not None:
            yield open_
        open_ = first, last
    if open_ is not None:
        yield open_


def _layers(text: str) -> Iterator[tuple[str, _Layer | None]]:
    """Yield a text, what is left of it after each decoding that changes it, and at last without backslashes."""
    yield text, None
    for _ in range(MAX_LAYERS):
        decoded, layer = _decoded(text, _ESCAPE, _character)
        if decoded == text:
            break
        yield decoded, layer
        text = decoded
    if "\\" in text:
        yield _decoded(text, _BACKSLASHES, lambda _found: "")


def _decoded(text: str, pattern: re.Pattern[str], decode: Callable[[re.Match[str]], str]) -> tuple[str, _Layer]:
    pieces: list[str] = []
    layer = _Layer([0], [0])
    position = length = 0
    for found in pattern.finditer(text):
        kept, piece = text[position : found.start()], decode(found)
        pieces += [kept, piece]
        length += len(kept)
        layer.after.extend([length, length + len(piece)])
        layer.before.extend(found.span())
        length += len(piece)
        position = found.end()
    return "".join([*pieces, text[position:]]), layer


def _character(found: re.Match[str]) -> str:
    """Return the character that an escape stands for; an unknown entity stands for itself."""
    if entity := found["entity"]:
        written = f"&{entity};"
        character = html.unescape(written)
        return character if character != written else "&" + found[0][found.start("entity") - found.start() :]
    return chr(int(found["code"] or found["url"], 16))


@lru_cache(maxsize=16)
def _needles(secrets: tuple[str, ...]) -> tuple[str, ...]:
    """Return every form of the secrets that a search looks for, folded."""
    plain = [text for secret in secrets for text in (secret, *_credentials(secret))]
    forms = {layer for text in plain for layer, _ in _layers(text)}
    forms |= {form for secret in secrets for form in _encodings(secret)}
    return tuple(sorted({form.translate(_FOLDED) for form in forms if form}))


def _credentials(secret: str) -> tuple[str, ...]:
    """Return the user with the password, and the password, of a secret that is those of Basic authentication."""
    try:
        text = base64.b64decode(secret, validate=True).decode()
    except ValueError:
        return ()
    _, colon, password = text.partition(":")
    return (text, password) if colon and len(password) >= MIN_ENCODED else ()


def _encodings(secret: str) -> Iterator[str]:
    """Yield the hexadecimal form, and the parts of Base64 that are the same at any place in a text."""
    raw = secret.encode()
    if len(raw) < MIN_ENCODED:
        return
    yield raw.hex()
    for before in range(3):
        whole = (before + len(raw)) // 3 * 3 - before
        text = base64.b64encode(b"\0" * before + raw[:whole]).decode()[before + (before > 0) :]
        yield from (text, text.translate(_URL_SAFE))
