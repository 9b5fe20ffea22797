"""What a person thinks of answers: kept on this machine, listed, exported and deleted."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.chat.feedback.feedback import Feedback, Preference, PreferenceKind, Verdict, preferences_shown_by
from workbench.chat.feedback.files import write_document
from workbench.chat.feedback.store import FeedbackStore, Told
from workbench.errors import StorageError, UsageError
from workbench.events import Bus, Topic
from workbench.messages import Id, Role

log = logging.getLogger(__name__)

FORMAT, VERSION = "workbench-feedback", 1


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the answer that it is about."""

    feedback: Feedback
    told: Told


@dataclass(frozen=True, slots=True)
class Preferred:
    """A preference with its two messages."""

    preference: Preference
    chosen: Told
    rejected: Told


class FeedbackService:
    """Any thread. Publishes `Topic.FEEDBACK`."""

    def __init__(self, store: FeedbackStore, bus: Bus) -> None:
        self._store = store
        self._bus = bus

    def of(self, conversation_id: Id) -> Mapping[Id, Feedback]:
        """The verdicts in one chat, by message."""
        return {one.message_id: one for one in self._store.of(conversation_id)}

    def get(self, message_id: Id) -> Feedback | None:
        return self._store.get(message_id)

    def find(self, prefix: str) -> Id:
        """A message from the beginning of its id. Raises `UsageError` when it is unknown or ambiguous."""
        return self._store.find_message(prefix)

    def judge(self, message_id: Id, verdict: Verdict, reason: str = "", correction: str = "") -> Feedback:
        """Keep this verdict on an answer, in the place of an earlier one. Raises `UsageError` for what is no answer."""
        kept = self._store.keep(Feedback(message_id, verdict, reason.strip(), correction.strip()))
        self._bus.publish(Topic.FEEDBACK)
        return kept

    def remove(self, message_id: Id) -> None:
        """Raises `UsageError` where there was no verdict."""
        if not self._store.remove(message_id):
            raise UsageError(
                f"There is no feedback on the answer {message_id!r}.", hint="`workbench feedback list` shows all."
            )
        self._bus.publish(Topic.FEEDBACK)

    def went_on(self, question_id: Id) -> None:
        """A new question was kept: keep what it shows about the answers above it. Raises nothing, as no answer may
        wait or fail for it."""
        try:
            shown = preferences_shown_by(self._store.places(question_id), question_id)
            if shown and self._store.prefer(shown):
                self._bus.publish(Topic.FEEDBACK)
        except StorageError as error:
            log.warning("a preference was not kept: %s", error.message)

    def pick(self, chosen_id: Id, rejected_id: Id) -> None:
        """Of two answers to one question the person took one. Raises `UsageError` where they are not such."""
        places = {place.id: place for place in self._store.places(chosen_id)}
        chosen, rejected = places.get(chosen_id), places.get(rejected_id)
        answers = [one for one in (chosen, rejected) if one is not None and one.role is Role.ASSISTANT]
        if len(answers) < 2 or answers[0].parent_id != answers[1].parent_id or chosen_id == rejected_id:
            raise UsageError("These are not two answers to one question.", hint="Compare two answers first.")
        self._store.prefer([Preference(PreferenceKind.COMPARE, chosen_id, rejected_id)])
        self._bus.publish(Topic.FEEDBACK)

    def restore(self, feedback: Feedback) -> None:
        """Take back that this verdict was removed. A newer one on the same answer stays. Raises `UsageError` where the
        answer is gone."""
        self._store.put_back(feedback)
        self._bus.publish(Topic.FEEDBACK)

    def restore_preference(self, preference: Preference) -> None:
        """Take back that this preference was removed. Raises `UsageError` where one of its messages is gone."""
        self._store.put_back_preference(preference)
        self._bus.publish(Topic.FEEDBACK)

    def remove_preference(self, preference_id: int) -> None:
        """Raises `UsageError` for an unknown number."""
        if not self._store.remove_preference(preference_id):
            raise UsageError(
                f"There is no preference {preference_id}.", hint="`workbench feedback list` shows their numbers."
            )
        self._bus.publish(Topic.FEEDBACK)

    def remove_all(self) -> int:
        """Every verdict and preference. Returns how many there were; cases stay."""
        removed = self._store.remove_all()
        self._bus.publish(Topic.FEEDBACK)
        return removed

    def judged(self) -> tuple[Judged, ...]:
        """All verdicts, newest first."""
        kept = self._store.all()
        told = self._store.told(one.message_id for one in kept)
        return tuple(Judged(one, told[one.message_id]) for one in kept if one.message_id in told)

    def preferred(self) -> tuple[Preferred, ...]:
        """All preferences, newest first."""
        kept = self._store.preferences()
        told = self._store.told(message for one in kept for message in (one.chosen_id, one.rejected_id))
        return tuple(
            Preferred(one, told[one.chosen_id], told[one.rejected_id])
            for one in kept
            if one.chosen_id in told and one.rejected_id in told
        )

    def export_to(self, path: Path) -> int:
        """`document` as a file, in the place of what is there. Returns how many verdicts and preferences it has. Raises
        `StorageError`."""
        told = self.document()
        write_document(path, told)
        return len(told["feedback"]) + len(told["preferences"])

    def document(self) -> dict[str, Any]:
        """All of it as one JSON document, see ``docs/guide.md``."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "feedback": [judged_json(one) for one in self.judged()],
            "preferences": [preferred_json(one) for one in self.preferred()],
        }


def judged_json(judged: Judged) -> dict[str, Any]:
    feedback, told = judged.feedback, judged.told
    return {
        "message": feedback.message_id,
        "chat": told.conversation_id,
        "verdict": feedback.verdict.value,
        "reason": feedback.reason,
        "correction": feedback.correction,
        "at": feedback.at,
        "model": told.model,
        "question": told.prompt,
        "answer": told.text,
    }


def preferred_json(preferred: Preferred) -> dict[str, Any]:
    """Of an edit, the two messages are wordings of a question and ``prompt`` is the answer above them."""
    one = preferred.preference
    return {
        "id": one.id,
        "kind": one.kind.value,
        "chat": preferred.chosen.conversation_id,
        "at": one.at,
        "prompt": preferred.chosen.prompt,
        "chosen": _side(preferred.chosen),
        "rejected": _side(preferred.rejected),
    }


def _side(told: Told) -> dict[str, str]:
    return {"message": told.message_id, "model": told.model, "text": told.text}
