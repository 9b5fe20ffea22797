"""Phone numbers: shapes that people write, checked by Google's rules of the countries (`phonenumbers`)."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Final

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.letters import lowered, words_begin
from workbench.cloud.hiding.redaction import Hidden

FEWEST, MOST = 6, 15  # digits of a number
MOST_CHECKED: Final = 3000  # candidates of a text whose rules are looked up; beyond them the shape alone decides

# Possessive: a run of digits is read once, however long it is.
_CANDIDATE: Final = re.compile(
    r"[\d(+](?:(?<=\+)(?<![\w+].)\(?\d++|(?<![\w./@#$€£&%+-].)(?<!\d,.)(?:(?<=\()\d++|(?<=\d)\d*+))"
    r"(?:(?:[ \u00a0./-]|[ ]?[()][ ]?|[ ][–/-][ ]"
    r"|\)[/-])\(?\d++)*+(?![\w@%€$£]|[.,]\d)",
    re.ASCII,
)
_WORD: Final = re.compile(
    words_begin(
        r"tel|telefon|telefonnr|phone|ph|mobile|mobil|mobilnummer|handy|handynummer|fax|telefax|call"
        r"|cell|whatsapp|signal|sms|"
        r"tél|téléphone|portable|teléfono|tfno|tlf|móvil|celular|rufnummer|durchwahl|festnetz|hotline|anrufen|ring"
        r"|text|dial|llama|appelez|"
        r"phonenumber|phone_number|rückruf|mob"
    )
    + r"\b"
)
_AFTER_WORD: Final = 28  # characters between such a word and its number
_DATE: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}){1,2}|\d{4}[./-]\d{1,2}[./-]\d{1,2}(?: \d\d?)?", re.ASCII)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[ .]\d{3})+", re.ASCII)


def phones(text: str) -> Iterator[Found]:
    """Each phone number: international, national of some countries in a shape that only phone numbers have, or any number
    that a word such as "Tel." announces."""
    checked = 0
    announced = _announced(text)
    for match in _CANDIDATE.finditer(text):
        written = match[0]
        if not FEWEST <= sum(map(str.isdigit, written)) <= MOST or _DATE.fullmatch(written):
            continue
        checked += 1
        if _is_phone(written, announced(match.start()), checked <= MOST_CHECKED):
            yield _balanced(match)


def _announced(text: str) -> Callable[[int], bool]:
    """Asked with growing places: whether a word of phones ends shortly before."""
    ends = [match.end() - 1 for match in _WORD.finditer(f"\n{lowered(text)}")]
    place = 0

    def near(start: int) -> bool:
        nonlocal place
        while place < len(ends) and ends[place] <= start:
            place += 1
        if place == 0:
            return False
        between = text[ends[place - 1] : start]
        return len(between) <= _AFTER_WORD and "\n" not in between.strip(" \n")

    return near


def _is_phone(written: str, announced: bool, checking: bool) -> bool:
    digits = "".join(filter(str.isdigit, written))
    if written.startswith("+"):
        return not checking or _valid(f"+{digits}", "") or announced
    if announced:
        return not re.fullmatch(r"(?:19|20)\d\d", digits)
    if written.startswith("00") and len(digits) >= 10:
        return not checking or _valid(f"+{digits[2:]}", "")
    if _AMERICAN.fullmatch(written):
        return True
    regions = _shaped(written)
    return bool(regions) and (not checking or any(_valid(digits, region) for region in regions))


_AMERICAN: Final = re.compile(r"(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d-)[2-9]\d\d-\d{4}", re.ASCII)
_SHAPES: Final = tuple(
    (re.compile(shape, re.ASCII), tuple(regions.split()))
    for shape, regions in (
        (r"\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}", "US"),
        (r"1[ .-]\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}", "US"),
        (r"0\d(?:[ .-]\d\d){4}", "FR"),
        (r"[6789]\d\d(?: \d\d){3}", "ES"),
        (r"[6789]\d\d(?:[ -]\d{3}){2}", "ES"),
        (r"\(?0\d{1,5}\)?(?: ?[/–-] ?| )\d{2,9}(?:[ /-]\d{1,7}){0,4}", "DE AT CH GB IT NL BE FR"),
        (r"0(?:1[5-7]\d{8,9})", "DE"),
        (r"07\d{9}|07\d{3} \d{6}", "GB"),
        (r"0[67]\d{8}", "FR"),
    )
)


def _shaped(written: str) -> tuple[str, ...]:
    """The countries whose numbers are written like this; empty where other numbers are as well."""
    if _THOUSANDS.fullmatch(written) and not written.startswith(("6", "7", "8", "9", "0")):
        return ()
    return next((regions for shape, regions in _SHAPES if shape.fullmatch(written)), ())


def _balanced(match: re.Match[str]) -> Found:
    """Without a bracket that is not closed."""
    written, start, end = match[0], match.start(), match.end()
    if written.count("(") > written.count(")") and written.startswith("("):
        start += 1
    return Found(start, end, Hidden.PHONE)


@functools.lru_cache(maxsize=4096)
def _valid(number: str, region: str) -> bool:
    import phonenumbers  # 15 ms, and a file for each country: only where a number is

    try:
        parsed = phonenumbers.parse(number, region or None)
        return phonenumbers.is_valid_number(parsed) if region else phonenumbers.is_possible_number(parsed)
    except phonenumbers.NumberParseException:
        return False
