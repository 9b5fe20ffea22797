"""Versions of the texts of answers: kept with their messages, gone with their chats."""

from __future__ import annotations

from workbench.chat.versions.store import VersionStore
from workbench.chat.versions.versions import WHOLE, Version
from workbench.errors import UsageError
from workbench.messages import Id


class VersionService:
    """Any thread. All raise `StorageError`."""

    def __init__(self, store: VersionStore) -> None:
        self._store = store

    def of(self, message_id: Id, place: str = WHOLE) -> tuple[Version, ...]:
        """What was made of this text, oldest first."""
        return self._store.of(message_id, place)

    def of_message(self, message_id: Id) -> tuple[Version, ...]:
        """What was made of a message and of its blocks, by place, oldest first."""
        return self._store.of_message(message_id)

    def keep(self, message_id: Id, place: str, text: str) -> Version:
        """As the newest version, unless the newest is the same. Raises `UsageError` where the message is gone."""
        return self._store.keep(message_id, place, text)

    def remove(self, message_id: Id, place: str = WHOLE) -> int:
        """Forget what was made of this text. Returns how many versions there were. Raises `UsageError` for none."""
        removed = self._store.remove(message_id, place)
        if not removed:
            hint = "`workbench chats versions MESSAGE` shows them."
            raise UsageError("There are no versions of this text.", hint=hint)
        return removed
