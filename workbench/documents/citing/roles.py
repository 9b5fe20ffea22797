"""Whether a claim joins what a passage says apart: of "Anna leads Oslo; Tom leads Bergen", that Anna leads Bergen. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from workbench.documents.citing.claims import sentences
from workbench.documents.citing.evidence import Evidence, content, evidence, names
from workbench.documents.citing.numerals import Number, same

_CLAUSE: Final = re.compile(r";|,?\s(?:and|while|whereas|but|und|während|aber)\s(?=[A-ZÄÖÜ])")


def crossed(claim: Evidence, passage: Evidence) -> str:
    """Two things of one clause of a claim that the clauses of one sentence have apart, each beside another of its kind;
    empty where there are none. Texts where names cannot be told from other words are left alone."""
    if claim.german or passage.german or passage.capitals:
        return ""
    known = frozenset(word.stem for word in passage.names)
    for start, end in sentences(passage.text):
        apart = _clauses(passage.text[start:end])
        if len(apart) < 2:
            continue
        for part in _clauses(claim.text):
            if told := _crossed(part, apart, known):
                return told
    return ""


def _clauses(text: str) -> list[Evidence]:
    return [evidence(piece.strip()) for piece in _CLAUSE.split(text) if piece.strip()]


def _crossed(part: Evidence, apart: Sequence[Evidence], known: frozenset[str]) -> str:
    """``known``: stems of the passage's names; a first word of the claim is a name where it is one there."""
    things = [word.stem for word in content(part) if word in names(part) or (word.leads and word.stem in known)]
    shared = {word.stem for word in content(part)} - set(things)
    alike = [clause for clause in apart if shared & clause.stems]
    if len(alike) < 2 or not shared:
        return ""
    for name in things:
        with_name = [clause for clause in alike if name in clause.stems]
        for other in things:
            with_other = [clause for clause in alike if other in clause.stems]
            if _are_apart(with_name, with_other) and all(_has_another(one, things) for one in with_name + with_other):
                return _told(part, name, other)
        for number in part.numbers:
            with_number = [clause for clause in alike if _counts(clause, number)]
            if _are_apart(with_name, with_number) and all(
                _has_another_number(clause, number, part) for clause in with_name
            ):
                return f"the passage says {part.text[number.start : number.end].rstrip('.')} of something else"
    return ""


def _are_apart(some: Sequence[Evidence], others: Sequence[Evidence]) -> bool:
    return bool(some and others) and not any(one is other for one in some for other in others)


def _has_another(clause: Evidence, things: Sequence[str]) -> bool:
    return any(word.stem not in things for word in names(clause))


def _has_another_number(clause: Evidence, number: Number, part: Evidence) -> bool:
    """One of the same kind that the claim does not say: "In 2023, Berlin sold ..." holds for all clauses behind it."""
    return any(
        one.unit == number.unit and _is_year(one, clause) == _is_year(number, part) and not _counts(part, one)
        for one in clause.numbers
    )


def _is_year(number: Number, of: Evidence) -> bool:
    return bool(re.fullmatch(r"[12]\d{3}", of.text[number.start : number.end].rstrip(".")))


def _counts(clause: Evidence, number: Number) -> bool:
    return any(same(number, other) for other in clause.numbers)


def _told(part: Evidence, one: str, other: str) -> str:
    words = {word.stem: word.text for word in part.words}
    return f"the passage does not say “{words[one]}” together with “{words[other]}”"
