"""The parts of messages as rows of the database, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlite_utils

from workbench.chat.prompt_json import prompt_as_json, prompt_from_json
from workbench.chat.result_json import result_as_json, result_from_json
from workbench.chat.sources_json import sources_as_json, sources_from_json
from workbench.db import Database
from workbench.messages import (
    Attachment,
    Id,
    Image,
    Part,
    Reasoning,
    Sources,
    Text,
    ToolCall,
    ToolResult,
    Unparsed,
    UsedPrompt,
)


def parts_of(db: Database, conversation_id: Id) -> dict[Id, list[Part]]:
    """Of each message of a conversation, in their order."""
    rows = db.rows(
        """SELECT message_id, kind, parts.text AS text, payload FROM parts JOIN messages ON messages.id = message_id
           WHERE conversation_id = ? ORDER BY message_id, position""",
        (conversation_id,),
    )
    parts: dict[Id, list[Part]] = {}
    for row in rows:
        parts.setdefault(row["message_id"], []).append(_part(row))
    return parts


def replace_parts(tx: sqlite_utils.Database, message_id: Id, parts: Sequence[Part]) -> None:
    """What a message consists of, in place of what it had."""
    tx.execute("DELETE FROM parts WHERE message_id = ?", (message_id,))
    for position, part in enumerate(parts):
        kind, text, payload = _columns(part)
        tx.execute(
            "INSERT INTO parts (message_id, position, kind, text, payload) VALUES (?, ?, ?, ?, ?)",
            (message_id, position, kind, clean(text), None if payload is None else json.dumps(payload)),
        )


def _columns(part: Part) -> tuple[str, str, dict[str, Any] | None]:
    """Kind, text and payload."""
    match part:
        case Reasoning():
            return "reasoning", part.text, {"seconds": part.seconds}
        case ToolCall():
            return "tool_call", part.arguments, {"id": part.id, "name": part.name}
        case ToolResult():
            return "tool_result", part.text, result_as_json(part)
        case Unparsed():
            return "unparsed", part.text, None
        case Attachment():
            kept = {name: getattr(part, name) for name in ("name", "media_type", "bytes", "sha256", "note", "tokens")}
            return "attachment", part.text, kept
        case Sources():
            return "sources", "", sources_as_json(part)
        case UsedPrompt():
            return "prompt", "", prompt_as_json(part)
        case Image():
            raise ValueError("pictures are kept as attachments")
        case Text():
            return "text", part.text, None


def _part(row: Any) -> Part:
    payload = json.loads(row["payload"] or "{}")
    match row["kind"]:
        case "reasoning":
            return Reasoning(row["text"], payload.get("seconds"))
        case "tool_call":
            return ToolCall(payload.get("id", ""), payload.get("name", ""), row["text"])
        case "tool_result":
            return result_from_json(payload, row["text"])
        case "unparsed":
            return Unparsed(row["text"])
        case "sources":
            return sources_from_json(payload)
        case "attachment":
            return Attachment(text=row["text"], **payload)
        case "prompt":
            return prompt_from_json(payload)
        case _:
            return Text(row["text"])


def clean(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become the replacement character."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
