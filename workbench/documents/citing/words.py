"""Words as they are compared: small ones say little by themselves; words of denial are not among them. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SMALL: Final = """
    a aber about above after again al all alle als also am an and any are as at au auch auf aus aux avec be because
    been before bei being below between bin bis bitte both but by can ce ces cette che chi ci come como con cosa
    could cual cuando cuál da dal damit dann dans das dass de dein del della dem den der des di did die dies diese
    dieser dieses do doch does doing donde dort down du durch during e each ein eine einem einen einer eines el ella
    elle elles ellos en er era es est esta este esto et etwas explain few find for from further für gibt give gli
    haben had has hat hatte have having he her here hers hier him his ho how i ich if ihm ihn ihr ihre il ils im in
    into io is ist it its itself ja je just kann la las le les let leur list lo los lui ma mais man me mean means
    mehr mein mi mir mit mon more most muss muy my más nach nel noch nous nur o ob oder of off on once only or other
    ou our ours out over own où par para pas per pero più please por pour qu quale quando que quel quelle quelles
    quels qui qué sa sag same say says se sehr sein seine ser ses she should show si sich sie sind so sobre soll
    some son sono sont su such summarise summarize sur sus te tell than that the their theirs them then there these
    they this those through to too tu um un una und under une uno uns unser unter until up us very vom von vor vos
    votre vous wann war waren warum was we weil welche welcher welches wenn wer werden were what when where which
    while who whom whose why wie will wir wird with wo would write y ya you your yours zu zum zur über
"""


def words_of(text: str) -> tuple[str, ...]:
    """A table of words, as it is written here: with white space between."""
    return tuple(text.split())


SMALL: Final = frozenset(words_of(_SMALL))

WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDINGS: Final = words_of("""
    ational ization isation fulness iveness ations ation ments ment ingly edly ities ity ness ies ied ing ions
    ion ers est ed er es en em ly e s n
""")
_LEAST_STEM: Final = 4


def folded(text: str) -> str:
    """Without case and accents: as words are compared."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The part of a folded word that its forms share, roughly: "elected", "elections" and "election" have one."""
    word = word.replace("’", "'").removesuffix("'s").replace("'", "")
    for _twice in range(2):
        ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= _LEAST_STEM), None)
        if ending is None:
            break
        word = word[: -len(ending)]
    if len(word) > _LEAST_STEM and word[-1] == word[-2]:
        word = word[:-1]  # stopped, stop
    return word[:-1] + "i" if word.endswith("y") and len(word) > _LEAST_STEM else word
