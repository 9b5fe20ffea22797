"""Claude's export: ``chat_messages`` with ``sender`` and blocks of ``content``; some name each message's parent. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbench.chat.importing.values import (
    Draft,
    ForeignChat,
    ForeignFile,
    Skipped,
    a_dict,
    a_list,
    assemble,
    key_of,
    text_of,
    time_of,
    title_from,
)
from workbench.messages import Part, Reasoning, Role, Text, ToolCall, ToolResult

_NOBODY = "00000000-0000-4000-8000-000000000000"  # the parent of a first message
_NOT_WORDS = ("token_budget", "flag")


def read(chat: Mapping[str, Any]) -> ForeignChat | None:
    """One conversation; None when nothing in it says anything."""
    title = title_from(chat.get("name"))
    skipped: list[Skipped] = []
    drafts: list[Draft] = []
    for place, found in enumerate(a_list(chat.get("chat_messages"))):
        message = a_dict(found)
        before = drafts[-1].key if drafts else None
        drafts.append(_draft(message, key_of(message.get("uuid")) or f"message-{place}", before, title, skipped))
    return assemble(
        f"claude:{key_of(chat.get('uuid')) or title}",
        chat.get("name"),
        drafts,
        tip=key_of(chat.get("current_leaf_message_uuid")),
        created_at=time_of(chat.get("created_at")),
        updated_at=time_of(chat.get("updated_at")),
        skipped=skipped,
    )


def _draft(message: Mapping[str, Any], key: str, before: str | None, title: str, skipped: list[Skipped]) -> Draft:
    named = key_of(message.get("parent_message_uuid"))
    parent = before if not named else None if named == _NOBODY else named
    parts: list[Part] = []
    for found in a_list(message.get("content")):
        block = a_dict(found)
        part = _part(block)
        kind = text_of(block.get("type"))
        if part is not None:
            parts.append(part)
        elif kind not in _NOT_WORDS:
            skipped.append(Skipped(title, f"content of the unknown kind {kind[:40]!r}"))
    if not any(part.text.strip() for part in parts):
        parts = [Text(text)] if (text := text_of(message.get("text"))) else []
    sender = text_of(message.get("sender"))
    return Draft(
        key,
        parent,
        Role.USER if sender in ("human", "user") else Role.ASSISTANT,
        tuple(parts),
        time_of(message.get("created_at")),
        "Claude" if sender == "assistant" else "",
        files=_files(message),
    )


def _part(block: Mapping[str, Any]) -> Part | None:
    match text_of(block.get("type")):
        case "text":
            return Text(text_of(block.get("text")))
        case "thinking":
            return Reasoning(text_of(block.get("thinking")))
        case "tool_use":
            arguments = text_of(json.dumps(block.get("input"), ensure_ascii=False))
            return ToolCall(key_of(block.get("id")), text_of(block.get("name")), arguments)
        case "tool_result":
            return ToolResult(
                key_of(block.get("tool_use_id")),
                text_of(block.get("name")),
                _result(block.get("content")),
                untrusted=True,
            )
        case _:
            return None


def _result(content: Any) -> str:
    if isinstance(content, str):
        return text_of(content)
    return "\n".join(filter(None, (text_of(a_dict(one).get("text")) for one in a_list(content))))


def _files(message: Mapping[str, Any]) -> tuple[ForeignFile, ...]:
    """``attachments`` have their text in the export, ``files`` only their names."""
    with_text = [a_dict(one) for one in a_list(message.get("attachments"))]
    named = [a_dict(one) for one in (*a_list(message.get("files")), *a_list(message.get("files_v2")))]
    files = [
        ForeignFile("", text_of(one.get("file_name")) or "Pasted text", text_of(one.get("file_type")), text)
        for one in with_text
        if (text := text_of(one.get("extracted_content"))) or one.get("file_name")
    ]
    files += [
        ForeignFile(key_of(one.get("file_uuid")), text_of(one.get("file_name")) or "File")
        for one in named
        if one.get("file_name") or one.get("file_uuid")
    ]
    return tuple({(file.id, file.name): file for file in files}.values())
