"""Whether passages say what an answer cites them for. Pure: no model is asked.

For each number in the text, what is said before it is compared with the passage: every number, date and name of it must
stand there, and among the same words; a denial must be one there too; and enough of its other words must come from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workbench.documents.citing.claims import Claim, claims, plain, sentences, words_in
from workbench.documents.citing.denial import contrary, denied
from workbench.documents.citing.evidence import (
    Evidence,
    Word,
    akin,
    best_sentence,
    content,
    entry,
    evidence,
    fits,
    frame,
    has,
    in_common,
    names,
    near,
)
from workbench.documents.citing.numerals import Date, Number, same, units_differ
from workbench.documents.citing.roles import crossed
from workbench.messages import Citation, Passage, Verdict

OF_SOMETHING_ELSE: Final = 0.34  # share of a claim's words that a passage has: with less it speaks of something else
ENOUGH: Final = 0.5  # with more, the passage says it
BETTER: Final = 1.6  # what stands among the claim's words so much better than its own number or name is meant
CLEARLY: Final = 0.3
FRAMED: Final = 3  # words right beside a number that are those of the claim: it is the claim's sentence

PLAINLY: Final = 0.7  # to be cited though the answer names no passage
LEAST_FOUND_WORDS: Final = 4

NAMES_NONE: Final = "The answer names no passage; this one says it."
NOT_ABOUT: Final = "The passage speaks of something else."
NOT_SAID: Final = "The passage does not say this."


def check(text: str, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """A citation for each number in an answer's ``text``, in their order.

    Small models name no passages. Where the text has no number at all, each sentence that a passage plainly speaks of is
    cited for it: with nothing between ``start`` and ``end``, which is where the sentence ends.
    """
    said = claims(text)
    if not said:
        return _found_for(text, passages)
    given = {passage.number: passage for passage in passages}
    found = []
    for claim in said:
        verdicts = _verdicts(claim, [given[number] for number in claim.numbers if number in given])
        for marker in claim.cited:
            for number in marker.numbers:
                verdict, reason = verdicts.get(number, (Verdict.MISSING, f"There is no passage {number}."))
                found.append(Citation(marker.start, marker.end, number, verdict, reason))
    return tuple(found)


def _found_for(text: str, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    found = []
    for start, end in sentences(text):
        said = evidence(plain(text[start:end]))
        if words_in(said.text) < LEAST_FOUND_WORDS or not passages:
            continue
        best = max(passages, key=lambda passage: len(said.stems & evidence(_known(passage)).stems))
        if _share(said, evidence(_known(best))) < PLAINLY:
            continue
        place = start + len(text[start:end].rstrip())
        judged, reason = _judged(said, [best])
        found.append(Citation(place, place, best.number, judged, reason or NAMES_NONE))
    return tuple(found)


def verdict(sentence: str, passage: Passage) -> tuple[Verdict, str]:
    """Whether ``passage`` says ``sentence``, and what differs."""
    return _judged(evidence(plain(sentence)), [passage])


def _verdicts(claim: Claim, passages: Sequence[Passage]) -> dict[int, tuple[Verdict, str]]:
    """By number. Of passages that are cited together, each is judged alone; what none says alone, they may say together."""
    said = evidence(claim.text)
    alone = {passage.number: _judged(said, [passage]) for passage in passages}
    if len(passages) > 1 and not any(one[0] is Verdict.SUPPORTED for one in alone.values()):
        together = _judged(said, passages)
        if together[0] is Verdict.SUPPORTED:
            return {number: together if one[0] is Verdict.CHANGED else one for number, one in alone.items()}
    return alone


def _judged(claim: Evidence, passages: Sequence[Passage]) -> tuple[Verdict, str]:
    if not content(claim) and not claim.numbers and not claim.dates:
        return Verdict.SUPPORTED, ""
    texts = [_known(passage) for passage in passages]
    if claim.text.strip(" .:").casefold() in (passage.name.casefold() for passage in passages):
        return Verdict.SUPPORTED, ""
    there = evidence("\n".join(texts))
    share = _share(claim, there)
    differs = _differences(claim, there)
    if share < OF_SOMETHING_ELSE:
        return Verdict.UNSUPPORTED, NOT_ABOUT
    if differs:
        return Verdict.CHANGED, _sentence(differs)
    if share > ENOUGH:
        return Verdict.SUPPORTED, ""
    return Verdict.UNSUPPORTED, NOT_SAID


def _known(passage: Passage) -> str:
    """What a passage says, with where it stands: a table's header, its headings, the name of its file."""
    return "\n".join(piece for piece in (passage.context, passage.text) if piece)


def _share(claim: Evidence, passage: Evidence) -> float:
    """Of the claim's words that say something, and of its numbers and dates, how many the passage has."""
    words = content(claim)
    there = sum(has(passage, word) for word in words)
    others = [*passage.numbers, *_numbers_of(passage.dates)]
    there += sum(any(same(number, other) for other in others) for number in claim.numbers)
    there += sum(any(date.agrees(other) for other in passage.dates) for date in claim.dates)
    return there / max(1, len(words) + len(claim.numbers) + len(claim.dates))


# What differs ---------------------------------------------------------------------------------------------------------


def _differences(claim: Evidence, passage: Evidence) -> list[str]:
    found = [told for date in claim.dates if (told := _date_differs(claim, date, passage))]
    found += [told for number in claim.numbers if (told := _number_differs(claim, number, passage))]
    found += [told for name in names(claim) if (told := _name_differs(claim, name, passage))]
    sentence = evidence(best_sentence(claim.stems, passage))
    found += [told for told in (denied(claim, sentence), contrary(claim, sentence)) if told]
    if not found and (told := crossed(claim, passage)):
        found.append(told)
    return list(dict.fromkeys(found))


def _number_differs(claim: Evidence, number: Number, passage: Evidence) -> str:
    said = claim.text[number.start : number.end]
    others = [*passage.numbers, *_numbers_of(passage.dates)]
    equal = [other for other in others if same(number, other)]
    alike = [other for other in equal if not units_differ(number, other)]
    if not alike:
        if equal:
            return f"the passage says {passage.text[equal[0].start : equal[0].end]}, not {said}"
        return f"the passage does not say {said}"
    if (other := _framed(claim, number, alike, passage)) is not None:
        return f"the passage says {passage.text[other.start : other.end]} there, not {said}"
    if (listed := _listed(claim, number, alike, passage)) is not None:
        return f"the passage says {passage.text[listed.start : listed.end]} there, not {said}"
    weights = near(claim, number.start)
    own = max(fits(weights, passage, other.start) for other in alike)
    rivals = [other for other in passage.numbers if not same(number, other) and other.unit == alike[0].unit]
    best = max(rivals, key=lambda other: fits(weights, passage, other.start), default=None)
    if best is not None and fits(weights, passage, best.start) > own * BETTER + CLEARLY:
        return f"the passage says {passage.text[best.start : best.end]} there, not {said}"
    return ""


def _framed(claim: Evidence, number: Number, alike: Sequence[Number], passage: Evidence) -> Number | None:
    """Another number between the very words that the claim's stands between."""
    ours = frame(claim, number.start)
    own = max(in_common(ours, frame(passage, other.start)) for other in alike)
    rivals = [other for other in passage.numbers if not same(number, other) and other.unit == alike[0].unit]
    best = max(rivals, key=lambda other: in_common(ours, frame(passage, other.start)), default=None)
    if best is None or in_common(ours, frame(passage, best.start)) < max(FRAMED, own + 2):
        return None
    return best


def _listed(claim: Evidence, number: Number, alike: Sequence[Number], passage: Evidence) -> Number | None:
    """In a list of names with their numbers, the one that the claim's name has, where it is another."""
    ours = {word.stem for word in names(claim)}
    if not ours or any(entry(passage, other.start) & ours or not entry(passage, other.start) for other in alike):
        return None
    strangers = {word.stem for word in passage.names} - ours
    if not all(entry(passage, other.start) & strangers for other in alike):
        return None
    rivals = [one for one in passage.numbers if one.unit == alike[0].unit and not same(one, number)]
    return next((one for one in rivals if entry(passage, one.start) & ours), None)


def _numbers_of(dates: Sequence[Date]) -> list[Number]:
    """Days and years of dates, as numbers: a claim may name the year alone."""
    return [
        Number(date.start, date.end, frozenset({float(value)}))
        for date in dates
        for value in (date.day, date.year)
        if value is not None
    ]


def _date_differs(claim: Evidence, date: Date, passage: Evidence) -> str:
    same_month = [other for other in passage.dates if date.agrees(other)]
    if same_month and all(_is_said(date, other, passage) for other in same_month[:1]):
        return ""
    said = claim.text[date.start : date.end]
    if passage.dates:
        other = max(passage.dates, key=lambda one: fits(near(claim, date.start), passage, one.start))
        return f"the passage says {passage.text[other.start : other.end].strip()}, not {said}"
    return f"the passage does not say {said}"


def _is_said(date: Date, other: Date, passage: Evidence) -> bool:
    """Whether what ``other`` leaves open stands somewhere else: "in May", and the year before it."""
    open_parts = [value for value, known in ((date.day, other.day), (date.year, other.year)) if value and not known]
    everywhere = {value for number in passage.numbers for value in number.values}
    everywhere |= {float(one.year) for one in passage.dates if one.year}
    return all(float(value) in everywhere for value in open_parts)


def _name_differs(claim: Evidence, name: Word, passage: Evidence) -> str:
    if not has(passage, name):
        if claim.german and not name.leads and _is_a_german_noun(claim, name, passage):
            return ""
        return f"the passage does not say “{name.text}”"
    weights = near(claim, name.start)
    own = max((fits(weights, passage, one.start) for one in passage.words if one.stem == name.stem), default=0.0)
    if not own:
        return ""
    ours = [word.stem for word in names(claim)]
    rivals = [one for one in passage.names if not any(one.stem == stem or akin(one.stem, stem) for stem in ours)]
    best = max(rivals, key=lambda one: fits(weights, passage, one.start), default=None)
    if best is not None and not passage.capitals and fits(weights, passage, best.start) > own * BETTER + CLEARLY:
        return f"the passage says “{best.text}” there, not “{name.text}”"
    return ""


def _is_a_german_noun(claim: Evidence, name: Word, passage: Evidence) -> bool:
    """German writes all nouns with a capital: one that is missing is no name where most others are there."""
    others = [word for word in names(claim) if word is not name]
    return sum(has(passage, word) for word in others) < len(others) * 0.75


def _sentence(differs: Sequence[str]) -> str:
    told = "; ".join(differs)
    return f"{told[0].upper()}{told[1:]}."
