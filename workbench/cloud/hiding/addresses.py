"""Postal addresses: a street with its number, with the town behind it. Shapes of English, German, French and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.letters import CAPITAL
from workbench.cloud.hiding.redaction import Hidden

_REST: Final = r"[\w’'-]{0,40}+"
_W: Final = rf"[{CAPITAL}]{_REST}"  # a word with a capital
_GAP: Final = r"(?:,?[ \u00a0]{1,2}|,?[ ]?\r?\n[ \t]{0,8}| [-–·|] )"
_TOWN: Final = rf"{_W}(?:[ ](?:am|an der|im|in der|ob der|la|le|les|de|del|sur|of|upon)?[ ]?{_W}){{0,3}}"
_NO: Final = r"\d{1,4}(?:[ ]?[a-zA-Z](?!\w))?(?:[ ]?[-/–][ ]?\d{1,4}[ ]?[a-z]?(?!\w))?"
_END_DE: Final = (
    r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|stieg|zeile|promenade"
    r"|markt|wall|graben|berg|garten|kamp)"
)
_KIND_DE: Final = r"(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee|Steig)"
_BEHIND_DE: Final = rf"[ ]{_NO}(?!\w)(?:{_GAP}(?:[ADCH]{{1,2}}-)?\d{{4,5}}[ ]{_TOWN})?"
_PLACED_DE: Final = rf"[ ]{_W}[ ]{_NO}{_GAP}(?:[ADCH]{{1,2}}-)?\d{{4,5}}[ ]{_TOWN}"
_STREET_DE: Final = (
    rf"(?:(?:[{CAPITAL}][\w-]{{1,40}}?{_END_DE}|{_W}[ -]{_KIND_DE}){_BEHIND_DE}"
    r"|(?:Am|An der|An den|Im|In der|In den|Auf dem|Auf der|Unter den|Zum|Zur|Hinter der)"
    rf"{_PLACED_DE})"
)
# The same behind the first letter, which every street begins with.
_STREET_DE_GOES_ON: Final = (
    rf"(?:(?:[\w-]{{1,40}}?{_END_DE}|{_REST}[ -]{_KIND_DE}){_BEHIND_DE}"
    r"|(?:(?<=A)(?:m|n de[rn]|uf de[mr])|(?<=I)(?:m|n de[rn])|(?<=U)nter den|(?<=Z)u[mr]|(?<=H)inter der)"
    rf"{_PLACED_DE})"
)
_GERMAN: Final = re.compile(rf"[{CAPITAL}](?<!\w.)(?:{_REST}[ -](?:{_W}[ -]){{0,2}}{_STREET_DE}|{_STREET_DE_GOES_ON})")
_END_EN: Final = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Close|Crescent"
    r"|Parkway|Pkwy|Highway|Hwy|Row|Gardens|Mews|Circle|Trail|Hill|Walk)"
)
_POSTCODE: Final = r"[A-Z]{1,2}\d[A-Z\d]?[ ]\d[ABD-HJLNP-UW-Z]{2}"
_STATE: Final = r"[A-Z]{2}[ ]\d{5}(?:-\d{4})?"
_ENGLISH: Final = re.compile(
    rf"[\dfuasFUAS](?<![\w.,$€£-].)(?:(?<=\d)\d{{0,4}}|(?i:(?<=f)lat|(?<=u)nit|(?<=a)pt|(?<=a)partment|(?<=s)uite)"
    rf"\.?[ ]\w{{1,4}},?[ ]\d{{1,5}})[A-Za-z]?[ ](?:[NSEW]\.?[ ])?(?:(?:{_W}|\d{{1,3}}(?:st|nd|rd"
    rf"|th))[ ]){{1,4}}?{_END_EN}\b\.?"
    rf"(?:,?[ ](?:Apt|Apartment|Suite|Unit|Floor|Flat|#)\.?[ ]?\w{{1,5}})?"
    rf"(?:(?:{_GAP}{_TOWN}){{0,2}}{_GAP}(?:{_STATE}|{_POSTCODE}))?"
)
_POSTCODES: Final = re.compile(r"[A-Z](?:(?<![\w-].)[A-Z]?)\d[A-Z\d]?[ ]\d[ABD-HJLNP-UW-Z]{2}(?![\w-])")
_FRENCH: Final = re.compile(
    r"\d(?<![\w.,-].)\d{0,3}(?:[ ]?(?:bis|ter))?,?[ ](?i:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse"
    r"|quai|route|cours|square|passage)"
    rf"[ ](?:(?:de|du|des|de la|de l['’]|d['’]|la|le|les|l['’])[ ]?){{0,2}}{_W}(?:[ -](?:(?:de|du|des|la"
    rf"|et)[ ])?{_W}){{0,4}}"
    rf"(?:{_GAP}\d{{5}}[ ]{_TOWN})?"
)
_SPANISH: Final = re.compile(
    r"[CAPRT](?<!\w.)(?:(?<=C)alle|(?<=C)/|(?<=A)venida|(?<=A)vda\.?|(?<=A)v\.|(?<=P)laza|(?<=P)za\.|(?<=P)aseo"
    r"|(?<=P)º|(?<=C)amino|(?<=C)arretera|(?<=R)onda|(?<=T)ravesía)[ ]?"
    rf"(?:(?:de|del|de la|de los|de las|la|las|los|el)[ ]){{0,2}}{_W}(?:[ ](?:(?:de|del|de la|y)[ ])?{_W}){{0,4}}"
    rf",?[ ](?:n[.º°]{{0,2}}[ ]?)?\d{{1,4}}(?!\w)(?:,[ ]\d{{1,2}}[ºª°](?:[ ]?[A-Z](?!\w))?)?(?:{_GAP}\d{{5}}[ ]{_TOWN})?"
)
_PO_BOX: Final = re.compile(r"(?:P(?<!\w.)\.?O\.? Box|P(?<!\w.)ostfach|A(?<!\w.)partado de Correos) \d[\d ]{1,8}\d")


def addresses(text: str) -> Iterator[Found]:
    """Each street with its number, and the town where it follows; British postcodes alone too: fifteen houses have one."""
    for pattern in (_GERMAN, _ENGLISH, _FRENCH, _SPANISH, _POSTCODES, _PO_BOX):
        for match in pattern.finditer(text):
            yield Found(match.start(), match.end(), Hidden.ADDRESS)
