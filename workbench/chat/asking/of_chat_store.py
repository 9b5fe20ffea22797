"""The model and effort of each chat in the database: the only SQL that changes them."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice, choice_of
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Effort, Id


class ChatChoiceStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, conversation_id: Id) -> ChatChoice:
        """`NOT_CHOSEN` for an unknown id."""
        row = self._db.row("SELECT model, effort FROM conversations WHERE id = ?", (conversation_id,))
        return NOT_CHOSEN if row is None else choice_of(row["model"], row["effort"])

    def set_model(self, conversation_id: Id, model: str) -> None:
        """Empty: as the project and the settings say. Raises `UsageError` for an unknown chat."""
        self._set(conversation_id, {"model": model})

    def set_effort(self, conversation_id: Id, effort: Effort | None) -> None:
        """None: as the project, the settings and the model say. Raises `UsageError` for an unknown chat."""
        self._set(conversation_id, {"effort": effort.value if effort else ""})

    def _set(self, conversation_id: Id, changes: Mapping[str, str]) -> None:
        with self._db.write() as tx:
            if tx.execute("SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)).fetchone() is None:
                raise UsageError(
                    f"There is no chat {conversation_id!r}.", hint="`workbench chats list` shows the chats."
                )
            tx.table("conversations").update(conversation_id, dict(changes))
