"""What a call gave, as the words that a model is told. Pure: on the JSON of the protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbench.tools.servers.hidden import without_hidden

MOST_CHARACTERS = 1 << 20
_MOST_PARTS = 200


def failed(result: Mapping[str, Any]) -> bool:
    """The tool says of itself that it could not."""
    return result.get("isError") is True


def words(result: Mapping[str, Any]) -> str:
    """Text as it is, without hidden characters; what is not text is named. Structured content where there are no words."""
    content = result.get("content")
    parts = (
        [_part(one) for one in content[:_MOST_PARTS] if isinstance(one, Mapping)] if isinstance(content, list) else []
    )
    text = "\n\n".join(part for part in parts if part)
    if not text.strip() and result.get("structuredContent") is not None:
        text = json.dumps(result["structuredContent"], ensure_ascii=False, indent=1)
    if isinstance(content, list) and len(content) > _MOST_PARTS:
        text += f"\n\n[{len(content) - _MOST_PARTS:,} more parts are left out.]"
    clean, _count = without_hidden(text[:MOST_CHARACTERS])
    return clean or "[The tool answered nothing.]"


def _part(part: Mapping[str, Any]) -> str:
    kind = part.get("type")
    if kind == "text":
        return str(part.get("text", ""))
    if kind in ("image", "audio"):
        what = "picture" if kind == "image" else "recording"
        return f"[A {what} ({part.get('mimeType', 'of some kind')}, {_size(part.get('data'))}): it is not shown.]"
    if kind == "resource_link":
        named = part.get("title") or part.get("name") or ""
        return f"[Linked: {named} {part.get('uri', '')}]".replace("  ", " ")
    if kind == "resource" and isinstance(part.get("resource"), Mapping):
        return _resource(part["resource"])
    return f"[Something of the kind {str(kind)[:40]!r}: it is not shown.]"


def _resource(resource: Mapping[str, Any]) -> str:
    uri = str(resource.get("uri", ""))
    if isinstance(resource.get("text"), str):
        return f"{uri}\n{resource['text']}"
    return f"[{uri} ({resource.get('mimeType', 'of some kind')}, {_size(resource.get('blob'))}): it is not shown.]"


def _size(data: Any) -> str:
    """Of what base64 holds."""
    count = len(data) * 3 // 4 if isinstance(data, str) else 0
    return f"{count:,} bytes" if count < 10_000 else f"{count // 1000:,} KB"
