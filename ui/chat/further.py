"""The next request of an answer that called tools: what is new in it, read out of the bytes that would leave. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.consents.consent import Consent, ConsentKind
from workbench.messages import Id

TOOL, USER, RESULT = "tool", "user", "tool_result"


def goes_on(consent: Consent) -> Id | None:
    """The answer of a provider that goes on when this was sent; None: it is for something else."""
    if consent.question.kind is not ConsentKind.CLOUD or not given(consent.request):
        return None
    return consent.question.message_id


def given(request: Mapping[str, Any]) -> tuple[str, ...]:
    """What the last round of tools gave, exactly as it leaves; empty: the body ends with something else."""
    body = request.get("body")
    try:
        told = json.loads(body) if isinstance(body, str) else None
    except ValueError:
        return ()
    messages = told.get("messages") if isinstance(told, dict) else None
    return tuple(reversed(tuple(_last_results(messages)))) if isinstance(messages, list) else ()


def _last_results(messages: Sequence[Any]) -> Iterator[str]:
    """The last first. Each provider's protocol has its own place for them: messages of a tool, or blocks of a person's."""
    for message in reversed(messages):
        if not isinstance(message, dict):
            return
        if message.get("role") == TOOL:
            yield _text(message.get("content"))
            continue
        blocks = message.get("content")
        if message.get("role") == USER and isinstance(blocks, list):
            yield from (_text(one.get("content")) for one in reversed(blocks) if _is_result(one))
        return


def _is_result(block: object) -> bool:
    return isinstance(block, dict) and block.get("type") == RESULT


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "\n".join(str(one.get("text", "")) for one in blocks if isinstance(one, dict))
