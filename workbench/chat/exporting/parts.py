"""The parts of a message as open JSON, and back. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from workbench.chat.prompt_json import prompt_as_json, prompt_from_json
from workbench.chat.result_json import result_as_json, result_from_json
from workbench.chat.sources_json import sources_as_json, sources_from_json
from workbench.messages import (
    Attachment,
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

_SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_NAME = 300


def part_json(part: Part) -> dict[str, Any]:
    """``kind``, ``text`` and what else the kind has. Raises `ValueError` for a picture: those are kept as attachments."""
    match part:
        case Reasoning():
            return {"kind": "reasoning", "text": part.text, "seconds": part.seconds}
        case ToolCall():
            return {"kind": "tool_call", "text": part.arguments, "id": part.id, "name": part.name}
        case ToolResult():
            return {"kind": "tool_result", "text": part.text, **result_as_json(part)}
        case Unparsed():
            return {"kind": "unparsed", "text": part.text}
        case Attachment():
            names = ("text", "name", "media_type", "bytes", "sha256", "note", "tokens")
            return {"kind": "attachment"} | {name: getattr(part, name) for name in names}
        case Text():
            return {"kind": "text", "text": part.text}
        case Sources():
            return {"kind": "sources", "text": "", **sources_as_json(part)}
        case UsedPrompt():
            return {"kind": "prompt", "text": "", **prompt_as_json(part)}
        case Image():
            raise ValueError("pictures are kept as attachments")


def part_from(value: Mapping[str, Any]) -> Part:
    """The part that `part_json` wrote. Raises `ValueError` for anything else."""
    text = words(value, "text")
    match value.get("kind"):
        case "text":
            return Text(text)
        case "reasoning":
            return Reasoning(text, number(value, "seconds"))
        case "tool_call":
            return ToolCall(words(value, "id"), words(value, "name"), text)
        case "tool_result":
            return result_from_json({**value, "id": words(value, "id"), "name": words(value, "name")}, text)
        case "unparsed":
            return Unparsed(text)
        case "attachment":
            return _attachment(value, text)
        case "sources":
            return sources_from_json(value)
        case "prompt":
            return prompt_from_json(value)
        case kind:
            raise ValueError(f"a part of the unknown kind {kind!r}")


def words(value: Mapping[str, Any], key: str) -> str:
    """The text at ``key``; empty when it is missing or null. Raises `ValueError` for other values."""
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise ValueError(f"{key!r} is no text")
    return clean(found or "")


def number(value: Mapping[str, Any], key: str) -> float | None:
    """The number at ``key``; None when it is missing or null. Raises `ValueError` for other values."""
    found = value.get(key)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found) or abs(found) > 1e15:
        raise ValueError(f"{key!r} is no number")
    return found


def clean(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _attachment(value: Mapping[str, Any], text: str) -> Attachment:
    sha256, size, tokens = words(value, "sha256"), number(value, "bytes"), number(value, "tokens")
    if not _SHA256.fullmatch(sha256):
        raise ValueError("an attachment without its sha256")
    return Attachment(
        words(value, "name")[:LONGEST_NAME],
        words(value, "media_type")[:LONGEST_NAME],
        int(size or 0),
        sha256,
        text,
        words(value, "note"),
        None if tokens is None else int(tokens),
    )
