"""Hides what should not leave, by rules. Pure but for the lists of names, which are read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from workbench.cloud.hiding.accounts import accounts
from workbench.cloud.hiding.addresses import addresses
from workbench.cloud.hiding.cards import cards
from workbench.cloud.hiding.file_names import named_in_files, names_of_files
from workbench.cloud.hiding.folders import folders
from workbench.cloud.hiding.found import Found, joined, trimmed
from workbench.cloud.hiding.given import folded_word, known_names
from workbench.cloud.hiding.keys import keys
from workbench.cloud.hiding.mail_names import named_by
from workbench.cloud.hiding.mails import mails
from workbench.cloud.hiding.name_words import parts_of
from workbench.cloud.hiding.names import names
from workbench.cloud.hiding.phones import phones
from workbench.cloud.hiding.phrases import Phrases, hidden_once, parts_of_words, phrases
from workbench.cloud.hiding.placeholders import Placeholders, same
from workbench.cloud.hiding.plain import plain, plain_text
from workbench.cloud.hiding.redaction import Hidden, Redacted, Redaction
from workbench.cloud.hiding.remembered import Remembered

Finder = Callable[[str], Iterator[Found]]
FINDERS: Final[tuple[Finder, ...]] = (mails, keys, cards, accounts, phones, addresses, folders, names, names_of_files)
SHORTEST_REPEATED: Final = 4  # characters of an original that is looked for in all texts


class TextRedactor:
    """The `Redactor` of the program. Takes time in proportion to the texts, whatever stands in them; a text that it saw
    before takes a fifth of it."""

    def __init__(self) -> None:
        self._by_rules = Remembered(found_by_rules)

    def redact(
        self,
        texts: Sequence[str],
        *,
        own: Sequence[str] = (),
        shown: Sequence[str] = (),
        before: Sequence[Redaction] = (),
        beside: Sequence[str] = (),
    ) -> Redacted:
        """As the contract says. An original that was found in one place is hidden in all of them, and so is the family name
        of a full name."""
        finds = find_all(texts, own, before, beside, self._by_rules)
        if shown:
            left = {(kind, same(original, kind)) for original in shown for kind in Hidden}
            finds = [
                [find for find in found if (find.kind, same(text[find.start : find.end], find.kind)) not in left]
                for text, found in zip(texts, finds, strict=True)
            ]
        placeholders = Placeholders(texts, before)
        result = tuple(_replaced(text, found, placeholders) for text, found in zip(texts, finds, strict=True))
        return Redacted(result, placeholders.redactions())


def found_by_rules(text: str) -> list[Found]:
    """What the rules see in a text on its own; some may overlap."""
    return list(_Copies(text).find(FINDERS))


def find_all(
    texts: Sequence[str],
    own: Sequence[str] = (),
    before: Sequence[Redaction] = (),
    beside: Sequence[str] = (),
    by_rules: Callable[[str], list[Found]] = found_by_rules,
) -> list[list[Found]]:
    """What is to be hidden in each text, in its order and without overlaps. ``before``: originals that were hidden once.
    ``beside``: texts in which originals are found too."""
    words = tuple({word: None for one in own for word in (one, plain_text(one))})
    listed = phrases(words)
    listing: tuple[Finder, ...] = (listed.find, lambda text: parts_of_words(text, words), hidden_once(before))
    every = (*texts, *beside)
    copies = [_Copies(text) for text in every]
    first = [joined([*by_rules(text), *copy.find(listing)]) for text, copy in zip(every, copies, strict=True)]
    repeated = _repeated(every, first)
    again = (repeated.find, _in_files(every, first))
    return [
        [trimmed(text, find) for find in joined([*found, *copy.find(again)])]
        for text, copy, found in zip(texts, copies, first, strict=False)
    ]


class _Copies:
    """A text, and how it is read where that is something else. Both are searched: nothing is missed for the copy."""

    def __init__(self, text: str) -> None:
        self._text, self._plain = text, plain(text)

    def find(self, finders: Sequence[Finder]) -> Iterator[Found]:
        for finder in finders:
            yield from finder(self._text)
            if self._plain is not None:
                yield from map(self._plain.found, finder(self._plain.text))


def _repeated(texts: Sequence[str], finds: list[list[Found]]) -> Phrases:
    """What was found, to be looked for where no rule saw it."""
    result, known = Phrases(), known_names()
    written = {
        (text[find.start : find.end], find.kind) for text, found in zip(texts, finds, strict=True) for find in found
    }
    originals = written | {(plain_text(original), kind) for original, kind in written}
    for original, kind in sorted(originals):
        if kind is Hidden.NAME:
            parts = parts_of(original)
            for part in (*parts, *((original,) if parts else ())):
                result.add(part, kind, exact=True)
            continue
        for part in named_by(original, known) if kind is Hidden.EMAIL else ():
            result.add(part, Hidden.NAME, exact=True)
        if kind is not Hidden.OWN and len(original) >= SHORTEST_REPEATED and not original.isalpha():
            result.add(original, kind, exact=kind is Hidden.KEY)
    return result


def _in_files(texts: Sequence[str], finds: list[list[Found]]) -> Finder:
    """Parts of the names that were found, in the names of files."""
    originals = {
        plain_text(text[find.start : find.end])
        for text, found in zip(texts, finds, strict=True)
        for find in found
        if find.kind is Hidden.NAME
    }
    named = {
        folded_word(part) for original in originals for part in parts_of(original) if len(part) >= SHORTEST_REPEATED
    }
    return lambda text: named_in_files(text, named)


def _replaced(text: str, finds: list[Found], placeholders: Placeholders) -> str:
    pieces: list[str] = []
    place = 0
    for find in finds:
        pieces += text[place : find.start], placeholders.give(find.kind, text[find.start : find.end])
        place = find.end
    pieces.append(text[place:])
    return "".join(pieces)
