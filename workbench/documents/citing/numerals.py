"""Numbers, dates and units in a text, as values that can be compared: "1.5 million", "three", "3 May 2021". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workbench.documents.citing.words import folded, words_of


@dataclass(frozen=True, slots=True)
class Number:
    """``text[start:end]``. ``values``: what it may mean ("1.234" is two things); ``unit``: in one spelling, empty where
    there is none; ``about``: it is said to be rough."""

    start: int
    end: int
    values: frozenset[float]
    unit: str = ""
    about: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """A month with what stands beside it."""

    start: int
    end: int
    month: int
    day: int | None = None
    year: int | None = None

    def agrees(self, other: Date) -> bool:
        """Whether nothing of it differs from what ``other`` says."""
        pairs = ((self.day, other.day), (self.year, other.year))
        return self.month == other.month and all(a is None or b is None or a == b for a, b in pairs)


def _table(rows: str) -> dict[str, str]:
    """Lines of ``name: spellings``, by spelling."""
    lines = (line.split(":", 1) for line in rows.strip().splitlines())
    return {word: name.strip() for name, words in lines for word in words.split()}


_UNITS: Final = _table("""
    %: % percent percentage prozent pourcent
    km: km kilometer kilometers kilometre kilometres kilometern
    m: m meter meters metre metres metern
    cm: cm centimeter centimeters centimetre centimetres
    mm: mm millimeter millimeters millimetre millimetres
    mi: mile miles mi meile meilen
    nm: nm
    ft: foot feet ft
    in: inch inches zoll
    yd: yard yards
    kg: kg kilogram kilograms kilogramm kilo kilos
    g: g gram grams gramm
    mg: mg milligram milligrams milligramm
    ml: ml millilitre millilitres milliliter milliliters
    mmhg: mmhg
    lb: pound pounds lb lbs pfund
    t: tonne tonnes ton tons tonnen
    l: litre litres liter liters
    ha: hectare hectares ha hektar
    acre: acre acres
    eur: € eur euro euros
    usd: $ usd dollar dollars
    gbp: £ gbp sterling
    cent: cent cents
    year: year years yr yrs jahr jahre jahren jahres jährige an ans année années
    month: month months monat monate monaten mois
    week: week weeks woche wochen semaine semaines
    day: day days tag tage tagen jour jours
    hour: hour hours hr hrs stunde stunden h heure heures
    minute: minute minutes min mins minuten
    second: seconds sekunde sekunden
    century: century centuries jahrhundert jahrhunderts siècle
    decade: s
    degree: ° degree degrees grad
    kw: kw kilowatt kilowatts
    mw: mw megawatt megawatts
    gb: gb gigabyte gigabytes
    mb: mb megabyte megabytes
    kb: kb kilobyte kilobytes
    tb: tb terabyte terabytes
    times: times fold mal fois
""")
_SCALES: Final = {
    **dict.fromkeys(("hundred", "hundert"), 1e2),
    **dict.fromkeys(("thousand", "thousands", "tausend", "mille", "k"), 1e3),
    **dict.fromkeys(("million", "millions", "mio", "millionen"), 1e6),
    **dict.fromkeys(("billion", "billions", "bn", "milliarde", "milliarden", "mrd", "milliard", "milliards"), 1e9),
    **dict.fromkeys(("trillion", "trillions"), 1e12),
    "dozen": 12.0,
    "dutzend": 12.0,
}
_ONES: Final = words_of("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
""")
_ORDINALS: Final = words_of("""
    zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
""")
_TENS: Final = words_of("""
    twenty thirty forty fifty sixty seventy eighty ninety
""")
_GERMAN: Final = words_of("""
    null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn
    siebzehn achtzehn neunzehn
""")
_GERMAN_TENS: Final = words_of("""
    zwanzig dreißig vierzig funfzig sechzig siebzig achtzig neunzig
""")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio",
            "february feb februar fevrier febrero febbraio",
            "march mar marz mars marzo",
            "april apr avril abril aprile",
            "may mai mayo maggio",
            "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio",
            "august aug aout agosto",
            "september sep sept septembre septiembre settembre",
            "october oct oktober okt octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dezember dez decembre diciembre dicembre",
        ),
        1,
    )
    for name in names.split()
}
_ABOUT: Final = frozenset(
    words_of("""
    about around approximately roughly nearly almost some circa ca over etwa rund fast knapp
""")
)

_DIGITS: Final = r"\d{1,3}(?: \d{3}){2,}(?![\d,.]\d)|\d{1,3}(?:[,.'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_TOKEN: Final = re.compile(
    rf"(?P<time>(?<![\w.:])[0-2]?\d:[0-5]\d(?![\d:]))|(?P<mark>[$€£°%])"
    rf"|(?P<digits>(?<![\w.])(?<!\d,)[-−]?(?:{_DIGITS})|(?<=[$€£(/–—-])(?:{_DIGITS}))"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<other>[^\s\w])",
    re.UNICODE,
)
_ISO: Final = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DOTTED: Final = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    word: str
    value: float | None
    values: frozenset[float]
    ordinal: bool = False


def numbers(text: str) -> tuple[Number, ...]:
    """All numbers that stand in no date of `dates`."""
    taken = [(date.start, date.end) for date in dates(text)]
    found = _numbers(list(_tokens(text)))
    return tuple(one for one in found if not any(start <= one.start < end for start, end in taken))


def dates(text: str) -> tuple[Date, ...]:
    """Months with a day or a year beside them; "2021-05-03" and "3.5.2021" too."""
    made = [Date(one.start(), one.end(), int(one[2]), int(one[3]), int(one[1])) for one in _ISO.finditer(text)]
    made += [Date(one.start(), one.end(), int(one[2]), int(one[1]), int(one[3])) for one in _DOTTED.finditer(text)]
    tokens = [token for token in _tokens(text) if token.word not in (",", ".", "of", "the", "(", "de")]
    for place, token in enumerate(tokens):
        month = _MONTHS.get(token.word)
        if month is not None and text[token.start].isupper() | (token.word in ("mai", "mars", "juin", "aout")):
            date = _date(tokens, place, month)
            if date.day is not None or date.year is not None or token.word not in ("may", "march", "mars"):
                made.append(date)
    return tuple(sorted(made, key=lambda date: date.start))


def same(one: Number, other: Number) -> bool:
    """Whether two numbers say the same, their units left aside."""
    if one.values & other.values:
        return True
    if one.about or other.about:
        return any(abs(a - b) <= 0.05 * max(abs(a), abs(b)) for a in one.values for b in other.values)
    return False


def units_differ(one: Number, other: Number) -> bool:
    """Whether both have a unit, and another one."""
    return bool(one.unit and other.unit and one.unit != other.unit)


# Pieces ---------------------------------------------------------------------------------------------------------------


def _date(tokens: list[_Token], place: int, month: int) -> Date:
    first = last = place
    day: int | None = None
    year: int | None = None
    if place and (value := _day(tokens[place - 1])) is not None:
        day, first = value, place - 1
    if day is None and place + 1 < len(tokens) and (value := _day(tokens[place + 1])) is not None:
        day, last = value, place + 1
    if last + 1 < len(tokens) and (value := _year(tokens[last + 1])) is not None:
        year, last = value, last + 1
    return Date(tokens[first].start, tokens[last].end, month, day, year)


def _day(token: _Token) -> int | None:
    return int(token.value) if token.value is not None and 1 <= token.value <= 31 and token.value % 1 == 0 else None


def _year(token: _Token) -> int | None:
    return (
        int(token.value) if token.value is not None and 1000 <= token.value <= 2999 and token.value % 1 == 0 else None
    )


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        if found["time"]:
            hours, minutes = found["time"].split(":")
            minute = int(hours) * 60 + int(minutes) + 0.125  # no number of anything else
            yield _Token(start, end, found[0], minute, frozenset({minute}))
        elif found["digits"]:
            values = _values(found["digits"])
            yield _Token(start, end, found[0], min(values, key=abs), values)
        else:
            word = folded(found[0])
            value, ordinal = _of_word(word) if found["word"] else (None, False)
            yield _Token(start, end, word, value, frozenset() if value is None else frozenset({value}), ordinal)


def _values(digits: str) -> frozenset[float]:
    """ "1,234" is 1234 or 1.234; "3.1.2" is no number, but the same as itself."""
    sign = -1.0 if digits[0] in "-−" else 1.0
    bare = re.sub(r"[ '’\u00a0\u202f]", "", digits.lstrip("-−"))
    found: set[float] = set()
    for decimal, thousands in ((".", ","), (",", ".")):
        if re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})*(?:\{decimal}\d+)?|\d+(?:\{decimal}\d+)?", bare):
            found.add(sign * float(bare.replace(thousands, "").replace(decimal, ".")))
    return frozenset(found or {float(int.from_bytes(bare.encode()[:12], "big"))})


def _of_word(word: str) -> tuple[float | None, bool]:
    """A number word's value, and whether it is an ordinal."""
    for words, ordinal in ((_ONES, False), (_ORDINALS, True), (_GERMAN, False)):
        if word in words:
            return float(words.index(word)), ordinal
    if word in _TENS:
        return 20.0 + 10 * _TENS.index(word), False
    if word.endswith("tieth") and word[:-4] + "y" in _TENS:
        return 20.0 + 10 * _TENS.index(word[:-4] + "y"), True
    value = _german(word)
    return value, value is not None


def _german(word: str) -> float | None:
    """ "fünfundfünfzigsten", "achtzehnten", "zwölf"."""
    bare = re.sub(r"(?:st|t)(?:e[nrms]?)$", "", word)
    bare = {"drit": "drei", "ers": "eins", "siebzehn": "siebzehn", "ach": "acht"}.get(bare, bare)
    if len(bare) > 3 and bare in _GERMAN:
        return float(_GERMAN.index(bare))
    ones, und, tens = bare.partition("und")
    tens = tens if und else bare
    tens = tens.replace("ss", "ß")
    if tens not in _GERMAN_TENS:
        return None
    first = {"ein": 1}.get(ones, _GERMAN.index(ones) if ones in _GERMAN else None) if und else 0
    return None if first is None else 20.0 + 10 * _GERMAN_TENS.index(tens) + first


def _numbers(tokens: list[_Token]) -> Iterator[Number]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.value is None or _is_pronoun(tokens, place):
            place += 1
            continue
        values, after = _scaled(tokens, place)
        unit, end = _unit(tokens, place, after)
        before = tokens[place - 1].word if place else ""
        yield Number(token.start, tokens[end - 1].end, values, unit, before in _ABOUT)
        place = max(after, place + 1)


def _is_pronoun(tokens: list[_Token], place: int) -> bool:
    """ "one of them": a number only before a unit. "second" after a digit is a unit."""
    word = tokens[place].word
    if word not in ("one", "eins"):
        return False
    return place + 1 >= len(tokens) or tokens[place + 1].word not in _UNITS


def _scaled(tokens: list[_Token], place: int) -> tuple[frozenset[float], int]:
    """The value with the number words and scales that follow, and the place behind them."""
    values = tokens[place].values
    after = place + 1
    while after < len(tokens):
        token = tokens[after]
        if token.word in _SCALES and not token.values:
            values = frozenset(value * _SCALES[token.word] for value in values)
        elif _adds(tokens, after, values):
            values = frozenset(value + (tokens[after].value or 0) for value in values)
        elif token.word in ("-", "and") and after + 1 < len(tokens) and _adds(tokens, after + 1, values):
            after += 1
            values = frozenset(value + (tokens[after].value or 0) for value in values)
        else:
            break
        after += 1
    return values, after


def _adds(tokens: list[_Token], place: int, values: frozenset[float]) -> bool:
    """ "twenty" and "five": both are words, and the second is smaller than the first's last step."""
    value = tokens[place].value
    if (
        value is None
        or not tokens[place].word.isalpha()
        or not (tokens[place - 1].word.isalpha() or tokens[place - 1].word == "-")
    ):
        return False
    (first, *more) = values
    if more or first % 10 or value <= 0:
        return False
    return value < 10 if 20 <= first < 100 else first >= 100 and value < 100 and first % 100 == 0


def _unit(tokens: list[_Token], place: int, after: int) -> tuple[str, int]:
    """The unit beside a number, and the place behind it."""
    before = tokens[place - 1].word if place else ""
    if before in ("$", "€", "£"):
        return _UNITS[before], after
    if after < len(tokens) and tokens[after].word in ("st", "nd", "rd", "th", "."):
        after += 1  # 9th, 9.
    words = [token.word for token in tokens[after : after + 2]]
    if len(words) == 2 and words[0] in ("square", "sq") and words[1] in _UNITS:
        return f"{_UNITS[words[1]]}²", after + 2
    if len(words) == 2 and words[0] in ("per", "pour") and words[1] == "cent":
        return "%", after + 2
    if words in (["percentage", "points"], ["percentage", "point"]):
        return "%-point", after + 2
    if words and words[0] == "-" and len(words) == 2 and words[1] in _UNITS:
        return _UNITS[words[1]], after + 2
    if words and words[0] in _UNITS:
        return _UNITS[words[0]], after + 1
    return "", after
