"""Names of persons: what greetings, titles, closings, headers and fields announce, and given names with what follows them.

It is the kind that rules find least surely. Where they doubt they hide: a word too much costs less than a name that leaves.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding import name_cues as cues
from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.given import KEPT, Names, folded_word, known_names
from workbench.cloud.hiding.letters import CAPITAL, lowered
from workbench.cloud.hiding.name_words import CODE_BEHIND, TITLES, WORD, chain, is_common, small_name
from workbench.cloud.hiding.names_in_prose import in_prose, joined_with
from workbench.cloud.hiding.redaction import Hidden

MOST_LISTED: Final = 40  # names of one field: "To: Anna, Ben, Carla"
_FIRST: Final = re.compile(rf"[{CAPITAL}](?<![\w@./\\#$_`-].){cues.REST}")
_NEXT: Final = re.compile(rf"(?:(?<=[^\W\d_])(?<!\w\w)\.)?[ \u00a0](?:{cues.PARTICLE}[ \u00a0]){{0,2}}(?=\w)")
_SMALL_BEFORE: Final = re.compile(r"(?<!\w)[a-z']{2,20},? \Z")
_SMALL_BEHIND: Final = re.compile(r"(?:['’]s)?(?:,? [a-z]{2,}|[.,;!?](?!\w))")
_ARTICLES: Final = frozenset(
    ("the", "a", "an", "this", "my", "our", "your", "its", "their", "no", "each", "every", "as", "via")
)
_ENGLISH: Final = re.compile(r"(?<!\w)(?:the|and|was|is|with|for|that|you|she|he|will|has|my|to)(?!\w)")
_TURNED: Final = re.compile(rf",[ ]({cues.WORD})")


def names(text: str) -> Iterator[Found]:
    """Each name of a person that the rules see."""
    known = known_names()
    found = [*_announced(text, known), *_by_given_names(text, known), *in_prose(text, known)]
    yield from found
    yield from joined_with(text, found, known)


def _announced(text: str, known: Names) -> Iterator[Found]:
    small = lowered(text)
    yield from _addressed(text, small, known)
    begun = f"\n{small}"
    closed = [match.end() - 1 for match in cues.CLOSING.finditer(begun)]
    signed = [match.end() - 1 for match in cues.SIGNED_OFF.finditer(begun)]
    for place in (*closed, *signed):
        yield from (find for find in chain(text, place) if cues.AFTER_CLOSING.match(text, find.end))
    for match in cues.FIELD.finditer(begun):
        yield from _listed(text, match.end() - 1, known, cues.OF_PERSONS.match(match[0], 1) is not None)
    for start, end in _lines_with(text, "@"):
        for match in cues.BEFORE_MAIL.finditer(text, start, end):
            yield from _before_mail(match)
    for match in cues.TURNED.finditer(text):
        if known.is_family(match[1]) and known.is_certain(match[2]):
            yield Found(match.start(), match.end(), Hidden.NAME)


def _addressed(text: str, small: str, known: Names) -> Iterator[Found]:
    """Names that a title, a greeting or an introduction stands before. ``small``: the text in small letters."""
    for match in cues.TITLE.finditer(text):
        yield from chain(text, match.end())
    for match in cues.INTRODUCED.finditer(small):
        yield from chain(text, match.end()) if text[match.end()].isupper() else small_name(text, match.end(), known)
    for match in cues.SELF.finditer(text):
        yield from (find for find in chain(text, match.end()) if _knows_first(text, find, known))
    for match in cues.DECLARED.finditer(text):
        yield from (find for find in chain(text, match.end()) if " " in text[find.start : find.end])
    for match in cues.GREETING.finditer(f"\n{small}"):
        yield from _greeted(text, match.end() - 1, known)


def _knows_first(text: str, find: Found, known: Names) -> bool:
    words = [match[0] for match in WORD.finditer(text, find.start, find.end)]
    return known.is_certain(words[0]) or (len(words) > 1 and any(map(known.is_given, words))) or len(words) > 2


def _greeted(text: str, place: int, known: Names) -> Iterator[Found]:
    for _more in range(MOST_LISTED):
        found = next(chain(text, place), None)
        if found is None or not (cues.AFTER_GREETING.match(text, found.end) or _knows_first(text, found, known)):
            return
        yield found
        also = cues.ALSO.match(text, found.end)
        if also is None:
            return
        place = also.end()


def _listed(text: str, place: int, known: Names, named: bool) -> Iterator[Found]:
    for _more in range(MOST_LISTED):
        found = next(chain(text, place), None)
        if found is None:
            return
        found = _turned(text, found, known)
        if named or _is_person(text, found, known):
            yield found
        following = cues.NEXT_IN_LIST.match(text, found.end)
        if following is None:
            return
        place = following.end()


def _turned(text: str, find: Found, known: Names) -> Found:
    """With the given name that stands behind the family name: "Schönfelder, Maike"."""
    word = text[find.start : find.end]
    behind = _TURNED.match(text, find.end) if " " not in word and not known.is_given(word) else None
    return Found(find.start, behind.end(), find.kind) if behind and known.is_given(behind[1]) else find


def _is_person(text: str, find: Found, known: Names) -> bool:
    """Of a field, which may hold a firm or a thing as well: one of the words is known as a name, or they look like two."""
    words = [match[0] for match in WORD.finditer(text, find.start, find.end)]
    return any(known.is_given(word) or known.may_be_family(word) for word in words)


def _lines_with(text: str, sign: str) -> Iterator[tuple[int, int]]:
    """Where each line that has it begins and ends."""
    place = 0
    while (at := text.find(sign, place)) >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        place = end = end if end >= 0 else len(text)
        yield start, end


def _before_mail(match: re.Match[str]) -> Iterator[Found]:
    words = [word for word in WORD.finditer(match[1]) if not is_common(word[0]) and word[0].casefold() not in TITLES]
    if words and len(words) <= 4:
        yield Found(match.start(1) + words[0].start(), match.start(1) + words[-1].end(), Hidden.NAME)


def _by_given_names(text: str, known: Names) -> Iterator[Found]:
    """Given names, with the words behind them that can be a family name."""
    taken = 0
    for match in _FIRST.finditer(text):
        word = match[0]
        if _never_begins(word, known) or match.start() < taken:
            continue
        end = _person_at(text, match, known)
        if end and not CODE_BEHIND.match(text, end):
            taken = end
            yield Found(match.start(), end, Hidden.NAME)


@functools.lru_cache(KEPT)
def _never_begins(word: str, known: Names) -> bool:
    """It is no given name, and cannot be one that no list knows, before a family name."""
    folded = folded_word(word)
    if known.is_certain(word) or _of_given(folded, known) or folded in known.doubtful:
        return False
    return is_common(word) or folded in TITLES or word.isupper() or known.is_family(word)


def _person_at(text: str, match: re.Match[str], known: Names) -> int:
    """Where the name ends that begins with this word; 0 where it is none."""
    word = match[0]
    folded = folded_word(word)
    certain = known.is_certain(word) or _of_given(folded, known)
    doubtful = folded in known.doubtful
    if not (certain or doubtful):
        return _with_known_family(text, match, known)
    end, more, confirmed = _followers(text, match.end(), known)
    shouted = word.isupper() and len(word) > 1
    if folded == "jan" and not more and text[end : end + 2].strip(" .").isdigit():
        return 0
    if certain and not shouted and not (is_common(word) and not more):
        return end - 2 if text[match.start() : end].endswith(("'s", "’s")) else end
    if more and confirmed and not (doubtful and _in_title(text, match.start())):
        return end
    if folded in known.english and _in_english_prose(text, match.start(), end):
        return end
    return 0


def _in_title(text: str, place: int) -> bool:
    """Whether a word with a capital stands before: "The Quick Brown Fox", "Chapter 6: May Flowers"."""
    before = text[max(0, place - 30) : place].split(" ")
    return before[-1] == "" and len(before) > 1 and (before[-2][:1].isupper() or before[-2].endswith(":"))


def _in_english_prose(text: str, start: int, end: int) -> bool:
    """Between words of English in small letters, where only names have capitals: "told Hope that", not "the Hope"."""
    name = text[start:end]
    if is_common(name.partition(" ")[0]) or name.isupper():
        return False
    before, behind = _SMALL_BEFORE.search(text, max(0, start - 24), start), _SMALL_BEHIND.match(text, end)
    if before is None or behind is None or before[0].strip(" ,") in _ARTICLES:
        return False
    return _ENGLISH.search(text, max(0, start - 200), end + 200) is not None


def _of_given(folded: str, known: Names) -> bool:
    """Anna's, Annas mother: the genitive of a name that is certain."""
    if folded.endswith(("'s", "’s")):
        return folded[:-2] in known.certain
    return len(folded) > 5 and folded.endswith("s") and folded[:-1] in known.certain


def _with_known_family(text: str, match: re.Match[str], known: Names) -> int:
    """A word that no list knows before a family name: "Zsombor Müller". Not at the beginning of a sentence."""
    start = match.start()
    if text[max(0, start - 2) : start].strip(" \n") in {".", "!", "?", ""} and not text.endswith(", ", 0, start):
        return 0
    gap = _NEXT.match(text, match.end())
    family = gap and WORD.match(text, gap.end())
    return family.end() if family and known.is_family(family[0]) and not family[0].isupper() else 0


def _followers(text: str, end: int, known: Names) -> tuple[int, int, bool]:
    """Where the name ends; how many words follow the first; whether one of them is known as a name or an initial."""
    more, confirmed = 0, False
    while more < 3 and (gap := _NEXT.match(text, end)):
        word = WORD.match(text, gap.end())
        if word is None or (is_common(word[0]) and not known.may_be_family(word[0])):
            break
        given = known.is_given(word[0])
        family = known.may_be_family(word[0]) or known.is_family(word[0].removesuffix("s"))
        if word[0].isupper() and len(word[0]) > 1 and not (given or family):
            break
        confirmed = confirmed or ((given or family) and not is_common(word[0])) or len(word[0]) == 1 or "-" in word[0]
        more, end = more + 1, word.end()
    return end, more, confirmed
