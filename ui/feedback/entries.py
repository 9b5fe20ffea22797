"""What the page lists: verdicts, preferences and test cases as entries of one list, and which of them are in view. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.chat.cases.cases import Case, Source
from workbench.chat.feedback.feedback import Verdict
from workbench.chat.feedback.service import Judged, Preferred
from workbench.messages import Id


class EntryKind(StrEnum):
    GOOD = "good"
    BAD = "bad"
    PREFERENCE = "preference"
    CASE = "case"


class Shown(StrEnum):
    """Which entries are in view. ``reasons`` and ``corrected``: verdicts that say more than a thumb."""

    ALL = "all"
    GOOD = "good"
    BAD = "bad"
    REASONS = "reasons"
    CORRECTED = "corrected"
    PREFERENCES = "preferences"
    CASES = "cases"


@dataclass(frozen=True, slots=True)
class Entry:
    """``key`` names it within the page. ``place``: chat and message that it leads to, None where they were deleted. ``of``:
    what it was made of. ``chat``: the title of the chat. ``has_answer``: a case was made from an answer."""

    key: str
    kind: EntryKind
    question: str
    answer: str
    at: float
    of: Judged | Preferred | Case
    model: str = ""
    chat: str = ""
    place: tuple[Id, Id] | None = None
    has_answer: bool = True

    @property
    def reason(self) -> str:
        return self.of.feedback.reason if isinstance(self.of, Judged) else ""

    @property
    def correction(self) -> str:
        return self.of.feedback.correction if isinstance(self.of, Judged) else ""

    @property
    def searched(self) -> str:
        """All that a search looks through."""
        texts = [self.question, self.answer, self.reason, self.correction, self.model, self.chat]
        if isinstance(self.of, Preferred):
            texts.append(self.of.rejected.text)
        elif isinstance(self.of, Case):
            texts.append(self.of.check.expected)
        return "\n".join(texts).casefold()


@dataclass(frozen=True, slots=True)
class Filter:
    words: str = ""
    shown: Shown = Shown.ALL

    def shows(self, entry: Entry) -> bool:
        return _belongs(entry, self.shown) and all(word in entry.searched for word in self.words.casefold().split())


def entries_of(
    judged: Iterable[Judged], preferred: Iterable[Preferred], cases: Iterable[tuple[Case, Source | None]]
) -> tuple[Entry, ...]:
    """All in one list, newest first. ``cases``: each with where it was made, None where that is gone."""
    found = [*map(_of_verdict, judged), *map(_of_preference, preferred), *(_of_case(*one) for one in cases)]
    return tuple(sorted(found, key=lambda entry: entry.at, reverse=True))


def in_view(entries: Sequence[Entry], chosen: Filter) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if chosen.shows(entry))


def _belongs(entry: Entry, shown: Shown) -> bool:
    match shown:
        case Shown.ALL:
            return True
        case Shown.REASONS:
            return bool(entry.reason)
        case Shown.CORRECTED:
            return bool(entry.correction)
        case Shown.PREFERENCES:
            return entry.kind is EntryKind.PREFERENCE
        case Shown.CASES:
            return entry.kind is EntryKind.CASE
        case Shown.GOOD:
            return entry.kind is EntryKind.GOOD
        case Shown.BAD:
            return entry.kind is EntryKind.BAD


def _of_verdict(one: Judged) -> Entry:
    told, feedback = one.told, one.feedback
    kind = EntryKind.GOOD if feedback.verdict is Verdict.UP else EntryKind.BAD
    place = None if told.in_bin else (told.conversation_id, told.message_id)
    return Entry(
        f"verdict:{told.message_id}", kind, told.prompt, told.text, feedback.at, one, told.model, told.chat, place
    )


def _of_preference(one: Preferred) -> Entry:
    chosen, preference = one.chosen, one.preference
    key = f"preference:{preference.id}"
    place = None if chosen.in_bin else (chosen.conversation_id, chosen.message_id)
    return Entry(
        key,
        EntryKind.PREFERENCE,
        chosen.prompt,
        chosen.text,
        preference.at,
        one,
        chosen.model,
        chosen.chat,
        place,
    )


def _of_case(case: Case, source: Source | None) -> Entry:
    place = (source.chat, case.message_id) if source is not None and case.message_id is not None else None
    asked = case.messages[-1].text if case.messages else ""
    return Entry(
        f"case:{case.id}",
        EntryKind.CASE,
        case.title,
        asked,
        case.created_at,
        case,
        case.model,
        "",
        place,
        has_answer=source is not None and source.has_answer,
    )
