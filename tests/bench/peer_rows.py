"""Chats into the database of Open WebUI, by its own models. Run by an interpreter that has it, never by ours.

Reads one chat a line, ``{"title", "texts", "at"}``, writes the rows that it writes itself when a chat is imported (the
chat as one document, and each message once more), and prints the ids of the chats, one a line, when all are kept.
``DATA_DIR`` names its folder; the first argument is the id of the user who owns the chats.
"""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from typing import Any

MODELS = ("gpt-oss 20B", "Qwen3 4B", "Qwen3 4B")
PER_COMMIT = 20


def document(spoken: dict[str, Any], number: int, user: str) -> dict[str, Any]:
    """The chat as its page keeps it: the tree of messages alone, without the second list that older releases kept."""
    names = [str(uuid.uuid4()) for _ in spoken["texts"]]
    messages = {}
    for at, text in enumerate(spoken["texts"]):
        answer = at % 2 == 1
        messages[names[at]] = {
            "id": names[at],
            "parentId": names[at - 1] if at else None,
            "childrenIds": names[at + 1 : at + 2],
            "role": "assistant" if answer else "user",
            "content": text,
            "timestamp": int(spoken["at"]) + at,
            "user_id": user,
            **({"model": MODELS[number % 3], "modelIdx": 0, "done": True} if answer else {}),
        }
    history = {"messages": messages, "currentId": names[-1]}
    return {"title": spoken["title"], "models": [MODELS[number % 3]], "params": {}, "files": [], "history": history}


async def keep(user: str) -> None:
    from open_webui.internal.db import get_async_db_context  # type: ignore[import-not-found]
    from open_webui.models.chat_messages import ChatMessages  # type: ignore[import-not-found]
    from open_webui.models.chats import Chat, ChatImportForm, Chats  # type: ignore[import-not-found]

    ids: list[str] = []
    held: list[Any] = []

    async def commit() -> None:
        async with get_async_db_context() as session:
            session.add_all([Chat(**chat.model_dump()) for chat in held])
            await session.commit()
            for chat in held:
                await ChatMessages.upsert_messages(chat.id, user, chat.chat["history"]["messages"], db=session)
        ids.extend(chat.id for chat in held)
        held.clear()

    for number, line in enumerate(sys.stdin):
        spoken = json.loads(line)
        form = ChatImportForm(
            chat=document(spoken, number, user),
            created_at=int(spoken["at"]),
            updated_at=int(spoken["at"]) + len(spoken["texts"]),
        )
        held.append(Chats._chat_import_form_to_chat_model(user, form))
        if len(held) == PER_COMMIT:
            await commit()
    await commit()
    print("\n".join(ids))


if __name__ == "__main__":
    asyncio.run(keep(sys.argv[1]))
