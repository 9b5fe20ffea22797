"""What stands in the composer of a chat and was not sent: kept over restarts. Values, and the only SQL about them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from workbench.chat.prompt_json import prompt_as_json, prompt_from_json
from workbench.db import Database
from workbench.messages import Attachment, Id, UsedPrompt
from workbench.ports import Clock

NOT_BEGUN = ""
"""Stands for the chat that is not begun yet, where others have their id."""


@dataclass(frozen=True, slots=True)
class Draft:
    """``prompt``: the saved prompt that it is written with."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    prompt: UsedPrompt | None = None

    def __bool__(self) -> bool:
        return bool(self.text or self.attachments or self.prompt)


class DraftStore:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def all(self) -> dict[Id, Draft]:
        """By conversation, `NOT_BEGUN` for the one that is not begun; drafts of chats in the bin are left out."""
        rows = self._db.rows(
            """SELECT conversation_id, text, attachments, prompt FROM drafts WHERE conversation_id = ? OR conversation_id IN
               (SELECT id FROM conversations WHERE deleted_at IS NULL)""",
            (NOT_BEGUN,),
        )
        return {
            row["conversation_id"]: Draft(row["text"], _attachments(row["attachments"]), _prompt(row["prompt"]))
            for row in rows
        }

    def keep(self, conversation_id: Id, draft: Draft) -> None:
        """In place of what was kept before; an empty one is forgotten."""
        with self._db.write() as tx:
            if not draft:
                tx.execute("DELETE FROM drafts WHERE conversation_id = ?", (conversation_id,))
                return
            kept = {
                "conversation_id": conversation_id,
                "text": draft.text.encode("utf-8", "replace").decode("utf-8"),
                "attachments": json.dumps([asdict(one) for one in draft.attachments]),
                "prompt": json.dumps(prompt_as_json(draft.prompt)) if draft.prompt else None,
                "updated_at": self._clock.now(),
            }
            tx.table("drafts").insert(kept, pk="conversation_id", replace=True)

    def sweep(self) -> None:
        """Forget the drafts of chats that are gone for good."""
        with self._db.write() as tx:
            tx.execute(
                "DELETE FROM drafts WHERE conversation_id != ? AND conversation_id NOT IN (SELECT id FROM conversations)",
                (NOT_BEGUN,),
            )


def _attachments(kept: str) -> tuple[Attachment, ...]:
    try:
        return tuple(Attachment(**one) for one in json.loads(kept))
    except (TypeError, ValueError):  # of another version
        return ()


def _prompt(kept: str | None) -> UsedPrompt | None:
    try:
        return prompt_from_json(json.loads(kept)) if kept else None
    except ValueError:  # of another version
        return None
