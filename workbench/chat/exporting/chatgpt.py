"""A chat in the shape of ChatGPT's export, which several programs read: ``mapping`` and ``current_node``. Pure."""

from __future__ import annotations

from typing import Any

from workbench.chat.exporting.values import KeptChat, KeptMessage
from workbench.messages import Attachment, Part, Reasoning, Role, ToolCall, ToolResult

_FINISHED = {"stop": "stop", "length": "max_tokens", "cancelled": "interrupted", "interrupted": "interrupted"}


def chat_chatgpt(chat: KeptChat) -> dict[str, Any]:
    """Every branch. A message with thoughts or tools is several nodes there, in a row; the last one has its id."""
    root = f"root-{chat.id}"
    mapping: dict[str, dict[str, Any]] = {root: {"id": root, "message": None, "parent": None, "children": []}}
    for message in chat.messages:
        parent = message.parent_id or root
        for node_id, body in _nodes(message):
            mapping[node_id] = {"id": node_id, "message": body, "parent": parent, "children": []}
            mapping[parent]["children"].append(node_id)
            parent = node_id
    return {
        "title": chat.title,
        "create_time": chat.created_at,
        "update_time": chat.updated_at,
        "mapping": mapping,
        "current_node": chat.tip_id or root,
        "conversation_id": chat.id,
        "id": chat.id,
        "is_archived": False,
    }


def _nodes(message: KeptMessage) -> list[tuple[str, dict[str, Any]]]:
    groups: list[list[Part]] = []
    for part in message.message.parts:
        apart = isinstance(part, Reasoning | ToolCall | ToolResult)
        if apart or not groups or isinstance(groups[-1][0], Reasoning | ToolCall | ToolResult):
            groups.append([part])
        else:
            groups[-1].append(part)
    groups = groups or [[]]
    ids = [f"{message.id}-{place}" for place in range(len(groups) - 1)] + [message.id]
    return [(node_id, _body(node_id, message, group)) for node_id, group in zip(ids, groups, strict=True)]


def _body(node_id: str, message: KeptMessage, parts: list[Part]) -> dict[str, Any]:
    first = parts[0] if parts else None
    author: dict[str, Any] = {"role": message.message.role.value, "name": None, "metadata": {}}
    if isinstance(first, ToolResult):
        author = {"role": "tool", "name": first.name or None, "metadata": {}}
    return {
        "id": node_id,
        "author": author,
        "create_time": message.created_at,
        "update_time": None,
        "content": _content(parts),
        "status": "finished_successfully",
        "end_turn": True,
        "weight": 1.0,
        "recipient": first.name or "tool" if isinstance(first, ToolCall) else "all",
        "metadata": _metadata(message, parts),
    }


def _content(parts: list[Part]) -> dict[str, Any]:
    match parts[:1]:
        case [Reasoning(text, _)]:
            return {"content_type": "thoughts", "thoughts": [{"summary": "", "content": text}]}
        case [ToolCall() as call]:
            return {"content_type": "code", "language": "json", "text": call.arguments}
        case _:
            texts = [part.text for part in parts if not isinstance(part, Attachment)]
            return {"content_type": "text", "parts": ["".join(texts)]}


def _metadata(message: KeptMessage, parts: list[Part]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if message.message.role is Role.ASSISTANT and message.turns:
        finish = str(message.turns[-1].get("finish") or "")
        told["model_slug"] = message.model
        told["finish_details"] = {"type": _FINISHED.get(finish, "stop")}
    attached = [part for part in parts if isinstance(part, Attachment)]
    if attached:
        told["attachments"] = [
            {"id": one.sha256, "name": one.name, "mime_type": one.media_type, "size": one.bytes} for one in attached
        ]
    return told
