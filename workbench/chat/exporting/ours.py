"""Our own format of a chat: open JSON with everything that is kept of it. docs/formats.md describes it. Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from workbench.chat.exporting.parts import part_json
from workbench.chat.exporting.values import KeptChat, KeptMessage
from workbench.messages import Attachment, Part

FORMAT = "workbench-chat"
VERSION = 1

Content = Callable[[Attachment], bytes | None]
"""What is in an attached file; None where it is not to be had or is not wanted."""


def chat_json(chat: KeptChat, content: Content = lambda _attachment: None) -> dict[str, Any]:
    """Times in seconds since 1970 (UTC). Files go with it where ``content`` gives them."""
    project_id, project_name = chat.project
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": chat.id,
        "title": chat.title,
        "titled_by": chat.titled_by,
        "origin": chat.origin,
        "created_at": chat.created_at,
        "updated_at": chat.updated_at,
        "pinned_at": chat.pinned_at,
        "project": {"id": project_id, "name": project_name} if project_id else None,
        "model": chat.choice.model or None,
        "effort": chat.choice.effort.value if chat.choice.effort else None,
        "tip": chat.tip_id,
        "seen": {"from": chat.seen.from_id, "summary": chat.seen.summary},
        "messages": [_message(message, content) for message in chat.messages],
        "preferences": [
            {"kind": one.kind, "chosen": one.chosen_id, "rejected": one.rejected_id, "at": one.at}
            for one in chat.preferred
        ],
    }


def _message(kept: KeptMessage, content: Content) -> dict[str, Any]:
    return {
        "id": kept.id,
        "parent": kept.parent_id,
        "role": kept.message.role.value,
        "created_at": kept.created_at,
        "parts": [_part(part, content) for part in kept.message.parts],
        "turns": [dict(turn) for turn in kept.turns],
        "feedback": asdict(kept.opinion) if kept.opinion else None,
        "versions": [asdict(version) for version in kept.versions],
    }


def _part(part: Part, content: Content) -> dict[str, Any]:
    written = part_json(part)
    if isinstance(part, Attachment) and (found := content(part)) is not None:
        written["content_base64"] = base64.b64encode(found).decode("ascii")
    return written
