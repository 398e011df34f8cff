"""Numbers as text: integers and decimals in full, floats with 12 significant digits.

The digits of a float beyond the twelfth depend on the order of summation and on the processor, so that two floats
that differ only there are meant to read alike. Nothing else is rounded.
"""

from __future__ import annotations

import math
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DIGITS = 12
# Whole numbers up to here are exact in a float too.
_MAX_EXACT_FLOAT = 10**15
_PLAIN_EXPONENTS = range(-7, 16)
_MAX_PLAIN_EXPONENT = 100


def integer_text(value: int) -> str:
    """Write an integer with all its digits; in hexadecimal beyond the length that Python converts."""
    limit = sys.get_int_max_str_digits()
    if limit and int(value).bit_length() > limit * 3:
        return hex(value)
    return str(int(value))


def integer_texts(values: Sequence[int | None]) -> list[str]:
    """Write integers, and NULL where there is none."""
    given = [value for value in values if value is not None]
    write = str if min(given) > -_MAX_EXACT_FLOAT and max(given) < _MAX_EXACT_FLOAT else integer_text
    return ["NULL" if value is None else write(value) for value in values]


def rounded_text(value: float | Decimal) -> str:
    """Write a number with 12 significant digits: the same for 0.1 + 0.2, Decimal("0.30") and 0.3."""
    if not math.isfinite(value):
        return _special_text(value)
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    if -_MAX_EXACT_FLOAT < value < _MAX_EXACT_FLOAT and value == int(value):
        return str(int(value))
    mantissa, _, exponent = format(value, f".{DIGITS - 1}e").lower().partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0")
    return sign + _place_point(digits, int(exponent))


def decimal_text(value: Decimal) -> str:
    """Write a decimal with every digit it has; zeros at its end say nothing and are left out."""
    sign, numbers, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return _special_text(value)
    digits = "".join(map(str, numbers)).lstrip("0")
    minus = "-" if sign else ""
    if not digits:
        return f"{minus}0"
    adjusted = len(digits) + exponent - 1
    digits = digits.rstrip("0")
    if _PLAIN_EXPONENTS.stop <= adjusted <= _MAX_PLAIN_EXPONENT:
        return minus + _place_digits(digits, adjusted)
    return minus + _place_point(digits, adjusted)


def number_text(value: float | Decimal) -> str:
    """Write a number whose column declares it: 5 and 5.0 are the same number there."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    return integer_text(value) if isinstance(value, int) else rounded_text(value)


def untyped_number_text(value: float | Decimal) -> str:
    """Write a number that no column declares: 1.0 is not 1."""
    text = number_text(value)
    if isinstance(value, int) or not text.lstrip("-").isdigit():
        return text
    fractional = isinstance(value, float) or _scale(value) > 0
    return f"{text}.0" if fractional else text


def float_texts(values: Sequence[float | None], *, typed: bool) -> list[str]:
    """Write floats as ``number_text`` does, or as ``untyped_number_text``; NULL where there is none."""
    write = rounded_text if typed else untyped_number_text
    whole = ".0" if typed else ""
    return [
        "NULL"
        if value is None
        # most have no more digits than are written: their shortest text, without an exponent, inf or nan
        else text.removesuffix(whole)
        if len(text) <= DIGITS + 1 and "e" not in text and "n" not in text
        else write(value)
        for value, text in zip(values, map(repr, values), strict=True)
    ]


def _scale(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _special_text(value: float | Decimal) -> str:
    if isinstance(value, Decimal) and value.is_snan():
        return "sNaN"
    return str(float(value)).replace("nan", "NaN").replace("inf", "Infinity")


def _place_point(digits: str, exponent: int) -> str:
    if exponent not in _PLAIN_EXPONENTS:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{digits[0]}{fraction}e{exponent:+03d}"
    return _place_digits(digits, exponent)


def _place_digits(digits: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return f"{whole}.{digits[exponent + 1 :]}" if len(digits) > exponent + 1 else whole
