"""Accounts: IBANs by their check digits; other numbers of accounts and persons where a word before them says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.letters import lowered, words_begin
from workbench.cloud.hiding.redaction import Hidden

# Which countries have IBANs of which length (the registry of ISO 13616).
_COUNTRIES: Final = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT SC",
    32: "LC",
}
_LENGTHS: Final = {country: length for length, countries in _COUNTRIES.items() for country in countries.split()}
_IBAN: Final = re.compile(
    r"\d\d(?<=[A-Za-z]{2}..)(?<![A-Za-z0-9][A-Za-z]{2}..)(?=[ \u00a0.~\n-]{0,3}[A-Za-z0-9])"
)  # behind the letters of its country: digits are fewer than letters
_CHARACTER: Final = re.compile(r"(?:[ \u00a0.~-]|[ ]{2,3}|[ ]?\r?\n[ \t]{0,4})?([A-Za-z0-9])", re.ASCII)

# A word that names such a number, a little between, and the number itself.
_BETWEEN: Final = (
    r"(?:[ \t]*(?:number|no|nr|num|numéro|número|n°|nº|id|code|is|ist|lautet|est"
    r"|es)\b\.?){0,2}[ \t]*[:=#(]?[ \t]*[\"']?"
)
_NUMBER: Final = r"([A-Z]{0,3}[ ]?\d(?:[ ./\u00a0-]?[0-9A-Z]){3,24}+)(?![\w])"
_NAME: Final = re.compile(
    words_begin(
        r"kontonummer|konto-?nr|konto|blz|bankleitzahl|account|acct|a/c|sort code|routing|aba|"
        r"ssn|social security|sozialversicherungsnummer|sv-nummer|rentenversicherungsnummer"
        r"|steuer-?id(?:entifikationsnummer)?|"
        r"steuernummer|ausweisnummer|personalausweis|reisepass|pass(?:port)?(?:nummer)?|krankenversichertennummer"
        r"|versichertennummer|"
        r"compte|numéro de compte|sécurité sociale|nir|cuenta|dni|nie|nif|seguridad social|national insurance|nino"
        r"|tax id|itin"
    )
    + _BETWEEN
)
_NUMBERED: Final = re.compile(_NUMBER)
_BIC: Final = re.compile(
    r"[bBsS](?<!\w.)(?i:(?<=b)ic|(?<=s)wift)(?i:[ /-]?(?:code|swift|bic))?[ \t]*[:=]?[ \t]*"
    r"([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?!\w)"
)
# What may not stand before is asked behind the first sign: a pattern that begins with a class of signs passes over all
# others ten times as fast as one that looks back first.
_SOCIAL: Final = re.compile(r"[0-8](?<![\w.-].)\d\d(?<!000)(?<!666)-(?!00)\d\d-(?!0000)\d{4}(?![\w-])", re.ASCII)
_DNI: Final = re.compile(r"[\dXYZ](?<![\w.-].)(?:(?<=\d)\d{7}|(?<=[XYZ])\d{7})-?([A-Z])(?![\w-])", re.ASCII)
_DNI_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
FEWEST_DIGITS: Final = 5


def accounts(text: str) -> Iterator[Found]:
    """Each IBAN whose check digits are right, and other numbers of accounts and persons that are named as such."""
    yield from _ibans(text)
    for name in _NAME.finditer(f"\n{lowered(text)}"):
        match = _NUMBERED.match(text, name.end() - 1)
        if match and sum(map(str.isdigit, match[1])) >= FEWEST_DIGITS:
            yield Found(match.start(1), match.end(1), Hidden.ACCOUNT)
    for match in _BIC.finditer(text):
        yield Found(match.start(1), match.end(1), Hidden.ACCOUNT)
    for match in _SOCIAL.finditer(text):
        yield Found(match.start(), match.end(), Hidden.ACCOUNT)
    for match in _DNI.finditer(text):
        number = match[0].rstrip("-ABCDEFGHIJKLMNOPQRSTUVWXYZ").translate(str.maketrans("XYZ", "012"))
        if _DNI_LETTERS[int(number) % 23] == match[1]:
            yield Found(match.start(), match.end(), Hidden.ACCOUNT)


def is_iban(iban: str) -> bool:
    """``iban`` without spaces, in capitals: its length is that of its country, and 97 divides it with remainder 1."""
    if len(iban) != _LENGTHS.get(iban[:2]):
        return False
    return int("".join(str(int(one, 36)) for one in iban[4:] + iban[:4])) % 97 == 1


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        start, end = match.start() - 2, match.end()
        iban = text[start:end]
        length = _LENGTHS.get(iban[:2].upper(), 0)
        while len(iban) < length and (more := _CHARACTER.match(text, end)):
            iban, end = iban + more[1], more.end()
        if is_iban(iban.upper()) and not text[end : end + 1].isalnum():
            yield Found(start, end, Hidden.ACCOUNT)
