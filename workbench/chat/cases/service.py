"""Test cases: made from a chat, listed, checked, exported and deleted. All on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.chat.cases.cases import Asked, Case, Source, asked_in, document
from workbench.chat.cases.store import CaseStore
from workbench.chat.feedback.files import write_document
from workbench.chat.store import ConversationStore
from workbench.checks.check import Check, Result
from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.messages import Id


class CaseService:
    """Any thread. Publishes `Topic.FEEDBACK`."""

    def __init__(self, store: CaseStore, conversations: ConversationStore, bus: Bus) -> None:
        self._store = store
        self._conversations = conversations
        self._bus = bus

    def list(self) -> tuple[Case, ...]:
        """Newest first."""
        return self._store.all()

    def get(self, case_id: Id) -> Case:
        """Raises `UsageError` for an unknown id."""
        return self._store.get(case_id)

    def find(self, prefix: str) -> Id:
        """A full id from its beginning. Raises `UsageError` when it is unknown or ambiguous."""
        return self._store.find(prefix)

    def of_message(self, message_id: Id) -> tuple[Case, ...]:
        """The cases that were made from this message."""
        return self._store.of_message(message_id)

    def sources(self) -> Mapping[Id, Source]:
        """By the message that a case was made from: its chat, and whether it answers; where neither was deleted."""
        return self._store.sources()

    def asked(self, message_id: Id) -> Asked:
        """What a case of this message would ask. Raises `UsageError` where there is no question."""
        conversation = self._conversations.load(self._conversations.conversation_of(message_id))
        return asked_in(conversation, message_id)

    def save(self, message_id: Id, check: Check, title: str = "") -> Case:
        """A case of this answer, or question, and all that stood before it. Raises `UsageError`."""
        asked = self.asked(message_id)
        case = self._store.save(asked, check, message_id, " ".join(title.split()) or asked.title)
        self._bus.publish(Topic.FEEDBACK)
        return case

    def change(self, case_id: Id, check: Check, title: str = "") -> Case:
        """Another check, and another title unless it is empty. Raises `UsageError` for an unknown id."""
        case = self._store.change(case_id, " ".join(title.split()) or self._store.get(case_id).title, check)
        self._bus.publish(Topic.FEEDBACK)
        return case

    def check(self, case_id: Id, answer: str) -> Result:
        """Whether this answer passes. Raises `UsageError` for an unknown id."""
        return self._store.get(case_id).check.passes(answer)

    def answer(self, case_id: Id) -> str | None:
        """What was answered where the case was made; None where that message is gone or nothing was answered there. Raises
        `UsageError` for an unknown id."""
        case = self._store.get(case_id)
        try:
            asked = self.asked(case.message_id) if case.message_id else None
        except UsageError:
            return None
        return (asked.answer or None) if asked is not None else None

    def check_stored(self, case_id: Id) -> Result:
        """Whether the answer that the case was made from passes. Raises `UsageError` where it is gone."""
        answer = self.answer(case_id)
        if answer is None:
            hint = "It was made from a question, or its answer is gone. Give an answer to check."
            raise UsageError("This case has no answer to check.", hint=hint)
        return self.check(case_id, answer)

    def restore(self, case: Case) -> None:
        """Take back that this case was removed."""
        self._store.put_back(case)
        self._bus.publish(Topic.FEEDBACK)

    def remove(self, case_id: Id) -> None:
        """Raises `UsageError` for an unknown id."""
        self._store.remove(case_id)
        self._bus.publish(Topic.FEEDBACK)

    def export_to(self, path: Path) -> int:
        """`document` as a file, in the place of what is there. Returns how many cases it has. Raises `StorageError`."""
        told = self.document()
        write_document(path, told)
        return len(told["cases"])

    def document(self) -> dict[str, Any]:
        """All of them as one JSON document, see ``docs/guide.md``."""
        return document(self._store.all())
