"""An expression as its words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final, Literal

from workbench.tools.builtin.calculating.values import MOST_CHARACTERS, CalculationError, Moment, Number

Kind = Literal["number", "moment", "name", "sign", "end"]
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_TIME: Final = r"(?:[T ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
_MOMENT: Final = re.compile(
    rf"(?:(?P<y1>\d{{4}})-(?P<m1>\d{{2}})-(?P<d1>\d{{2}})(?!\d)"
    rf"|(?P<d2>\d{{1,2}})\.(?P<m2>\d{{1,2}})\.(?P<y2>\d{{4}})(?!\d)"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m3>{_NAMED})\s*,?\s*(?P<y3>\d{{4}})(?!\d)"
    rf"|(?P<m4>{_NAMED})\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>\d{{4}})(?!\d)){_TIME}",
    re.IGNORECASE,
)
_SHARE: Final = re.compile(r"(?:(\d{1,4}) +)?(\d{1,2})/(\d{1,2})(?=\s*[^\W\d])")  # 1/2 cup, 1 3/4 inches
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}")
_SLASHED: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4}(?!\d)")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,.])")
_BASED: Final = re.compile(r"0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+")
_NUMBER: Final = re.compile(r"(?:\d(?:[\d_]*\d)?(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+(?![\w.]))?")
_NAME: Final = re.compile(r"[°℃℉]?[^\W\d²³][^\W²³]*|[°℃℉]|[$€£¥]")
_SIGN: Final = re.compile(r"\*\*|//|->|[-+*/^%!(),\[\]=²³√]")
_SAME: Final = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "∙": "*", "→": " to ", "\u00a0": " ", "\u202f": " "}
    | {"[": "(", "]": ")", "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)", ";": ","}
)
MOST_TEN: Final = 5_000


@dataclass(frozen=True, slots=True)
class Token:
    """``at``: its place in the expression, from 1."""

    kind: Kind
    text: str
    at: int
    number: Number | None = None
    moment: Moment | None = None


def tokens(text: str) -> tuple[Token, ...]:
    """The last one is the end. Raises `CalculationError` for an overlong expression and for what is none."""
    if len(text) > MOST_CHARACTERS:
        raise CalculationError(f"An expression has at most {MOST_CHARACTERS:,} characters; this one has {len(text):,}.")
    text = text.replace("([", "(").replace("])", ")").replace("math.log(", "natural_log(").replace("math.", "")
    text = text.translate(_SAME).rstrip("=? \t\r\n.")
    found: list[Token] = []
    calls: list[bool] = []  # of each open bracket: whether it is a function's, in which commas part arguments
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, end = _next(text, at, in_call=bool(calls and calls[-1]))
        if token.text == "(":
            calls.append(bool(found) and found[-1].kind == "name")
        elif token.text == ")" and calls:
            calls.pop()
        found.append(token)
        at = end
    return (*found, Token("end", "", len(text) + 1))


def _next(text: str, at: int, *, in_call: bool) -> tuple[Token, int]:
    if found := _MOMENT.match(text, at):
        return Token("moment", found[0], at + 1, moment=_moment(found)), found.end()
    if found := _SLASHED.match(text, at):
        raise CalculationError(f"Write the date {found[0]} as 2026-03-31: year, month, day.")
    if found := _CLOCK.match(text, at):
        raise CalculationError(
            f"Write the time {found[0]} with its day, as 2026-03-31 {found[0]}, or as hours and minutes."
        )
    if (found := _SHARE.match(text, at)) and 0 < int(found[2]) < int(found[3]):
        share = int(found[1] or 0) + Fraction(int(found[2]), int(found[3]))
        return Token("number", found[0], at + 1, number=Number(share)), found.end()
    if not in_call and (found := _THOUSANDS.match(text, at)):
        return _number(found[0].replace(",", ""), at), found.end()
    if found := _BASED.match(text, at):
        return Token("number", found[0], at + 1, number=Number(Fraction(int(found[0], 0)))), found.end()
    if found := _NUMBER.match(text, at):
        return _number(found[0], at), found.end()
    if found := _NAME.match(text, at):
        return Token("name", found[0], at + 1), found.end()
    if found := _SIGN.match(text, at):
        return Token("sign", "^" if found[0] == "**" else found[0], at + 1), found.end()
    raise CalculationError(f"{text[at]!r} at character {at + 1} is not understood.")


def _number(text: str, at: int) -> Token:
    digits, _, exponent = text.replace("_", "").lower().partition("e")
    if exponent and (len(exponent) > 6 or abs(int(exponent)) > MOST_TEN):
        raise CalculationError(f"The number {text[:40]} is too large, or too near to zero.")
    value = Fraction(digits.rstrip(".")) * Fraction(10) ** int(exponent or 0)
    return Token("number", text, at + 1, number=Number(value))


def _moment(found: re.Match[str]) -> Moment:
    place = next(place for place in "1234" if found[f"y{place}"])
    year, month, day = found[f"y{place}"], found[f"m{place}"], found[f"d{place}"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    try:
        return Moment(datetime(int(year), number, int(day), hour, minute, second), found["hour"] is not None)  # noqa: DTZ001 - of no zone
    except ValueError as error:
        raise CalculationError(f"There is no date {found[0].strip()}: {error}.") from error
