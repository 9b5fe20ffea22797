"""Names in the names of files: `CV_Schmidt_Anna.docx`, `letter-anna.pdf`. They are split at what parts words there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.given import folded_word, known_names
from workbench.cloud.hiding.redaction import Hidden

_ENDING: Final = re.compile(
    r"\.(?:pdf|docx?|odt|rtf|txt|md|tex|pages|xlsx?|ods|csv|numbers|pptx?|odp|jpe?g|png|heic|tiff?|eml|msg|ics|vcf"
    r"|mp[34]|m4a|mov|wav|zip)(?!\w)",
    re.IGNORECASE,
)
_LONGEST: Final = 120  # characters of such a name
_NAME: Final = re.compile(rf"[\w.-]{{1,{_LONGEST}}}\Z")
_PART: Final = re.compile(r"[^\W\d_]{2,40}+")
SHORTEST: Final = 4  # characters of a given name that counts on its own: shorter ones are parts of much


def names_of_files(text: str) -> Iterator[Found]:
    """Given names that are hardly anything else, and a family name beside one."""
    known = known_names()
    for parts in _parts(text):
        given = [known.is_certain(part[0]) for part in parts]
        for place, part in enumerate(parts):
            beside = any(given[max(0, place - 1) : place] + given[place + 1 : place + 2])
            if (given[place] and len(part[0]) >= SHORTEST) or (beside and known.is_family(part[0])):
                yield Found(part.start(), part.end(), Hidden.NAME)


def named_in_files(text: str, named: Collection[str]) -> Iterator[Found]:
    """``named``: parts of names that were found elsewhere, as the lists have them; in any case of letters."""
    if named:
        for parts in _parts(text):
            for part in parts:
                if folded_word(part[0]) in named:
                    yield Found(part.start(), part.end(), Hidden.NAME)


def _parts(text: str) -> Iterator[list[re.Match[str]]]:
    """The words of each name of a file."""
    place = 0
    for ending in _ENDING.finditer(text):
        name = _NAME.search(text, max(place, ending.start() - _LONGEST), ending.start())
        place = ending.end()
        if name is not None:
            yield list(_PART.finditer(text, name.start(), ending.start()))
