"""What a person thinks of answers: verdicts, and which of two alternatives they preferred. Values, and pure decisions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from workbench.messages import Finish, Id, Role


class Verdict(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Feedback:
    """On one answer. ``correction``: what it should have said; ``at``: seconds since the epoch."""

    message_id: Id
    verdict: Verdict
    reason: str = ""
    correction: str = ""
    at: float = 0.0


class PreferenceKind(StrEnum):
    """What made a preference certain: the person went on below one of several answers, or below one of several
    wordings of a question, or picked one of two answers that stood side by side."""

    REGENERATE = "regenerate"
    EDIT = "edit"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class Preference:
    """Of two messages with one parent, the person took ``chosen_id``."""

    kind: PreferenceKind
    chosen_id: Id
    rejected_id: Id
    at: float = 0.0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A message as far as preferences need it. ``finish``: how its last turn ended, None while it runs or without one."""

    id: Id
    parent_id: Id | None
    role: Role
    finish: Finish | None = None
    said: bool = False


def preferences_shown_by(places: Collection[Place], question_id: Id) -> tuple[Preference, ...]:
    """What becomes certain with this new question: the person read what stood there, and went on below one of it.

    Only the first question below an answer tells something, and nothing is certain about alternatives below which the
    person went on too, or which were never complete.
    """
    by_id = {place.id: place for place in places}
    question = by_id[question_id]
    answer = by_id.get(question.parent_id or "")
    if answer is None or answer.role is not Role.ASSISTANT:
        return ()
    if any(other.parent_id == answer.id and other.id != question_id for other in places):
        return ()
    found = [
        Preference(PreferenceKind.REGENERATE, answer.id, other.id)
        for other in _alternatives(places, answer)
        if _is_complete(other) and not _went_on(places, other)
    ]
    asked = by_id.get(answer.parent_id or "")
    if asked is None or _went_on(places, asked, but=question_id):
        return tuple(found)
    found += [
        Preference(PreferenceKind.EDIT, asked.id, other.id)
        for other in _alternatives(places, asked)
        if _was_answered(places, other) and not _went_on(places, other)
    ]
    return tuple(found)


def _alternatives(places: Collection[Place], place: Place) -> tuple[Place, ...]:
    return tuple(
        other
        for other in places
        if other.parent_id == place.parent_id and other.role is place.role and other.id != place.id
    )


def _is_complete(answer: Place) -> bool:
    return answer.said and answer.finish in (Finish.STOP, Finish.LENGTH)


def _was_answered(places: Collection[Place], question: Place) -> bool:
    return any(answer.parent_id == question.id and _is_complete(answer) for answer in places)


def _went_on(places: Collection[Place], place: Place, *, but: Id = "") -> bool:
    """Whether another question than ``but`` stands below this answer, or below an answer of this question."""
    below = {place.id} if place.role is Role.ASSISTANT else {one.id for one in places if one.parent_id == place.id}
    return any(other.parent_id in below and other.role is Role.USER and other.id != but for other in places)
