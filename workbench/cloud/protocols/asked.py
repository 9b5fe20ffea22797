"""What both dialects do alike with a request, before it is put into words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbench.cloud.provider import CloudModel
from workbench.errors import UsageError
from workbench.messages import ChatRequest, Effort, Image, Message, Role, user

GO_ON = "Go on exactly where you stopped. Do not repeat anything and do not comment on it."
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")


def check(model: CloudModel, request: ChatRequest) -> None:
    """Raises `UsageError` for what this model cannot be asked, as far as it is known."""
    shown = model.name or model.id
    pictures = [part for message in request.messages for part in message.parts if isinstance(part, Image)]
    if pictures and model.sees is False:
        raise UsageError(f"{shown} sees no pictures.", hint="Leave the picture out, or ask a model that sees.")
    if unknown := [one.media_type for one in pictures if one.media_type not in _PICTURES]:
        raise UsageError(
            f"A picture of the kind {unknown[0]} cannot be sent.", hint="PNG, JPEG, WebP and GIF can. Leave it out."
        )
    if request.tools and model.calls_tools is False:
        raise UsageError(f"{shown} calls no tools.", hint="Ask another model.")
    if not any(message.role is Role.USER and _says(message) for message in request.messages):
        raise UsageError("There is no question to send.", hint="Keep the question, or write one.")


def spoken(request: ChatRequest) -> tuple[Message, ...]:
    """The messages that say something; a partial answer at the end is gone on with in words."""
    said = tuple(message for message in request.messages if _says(message))
    last = said[-1]
    return (*said, user(GO_ON)) if last.role is Role.ASSISTANT and not last.tool_calls else said


def _says(message: Message) -> bool:
    """Providers refuse messages without a word."""
    if message.role is Role.TOOL:
        return True
    return bool(message.text.strip() or message.tool_calls or any(isinstance(part, Image) for part in message.parts))


def most_tokens(model: CloudModel, request: ChatRequest) -> int | None:
    """The longest answer: as asked for, and no longer than the model's."""
    known = [limit for limit in (request.max_tokens, model.most_output_tokens) if limit is not None]
    return min(known) if request.max_tokens is not None else None


def effort_of(model: CloudModel, request: ChatRequest) -> Effort | None:
    """The effort that may be said: one that the model is known to have."""
    return request.effort if request.effort in model.efforts else None


def thinks(model: CloudModel, request: ChatRequest) -> bool:
    """Whether the model is known to think about this one."""
    can = any(effort is not Effort.OFF for effort in model.efforts)
    return can and effort_of(model, request) is not Effort.OFF


def encoded(body: Mapping[str, Any]) -> bytes:
    """Compact JSON in UTF-8: the same for the same. Raises `UsageError` for what is no JSON."""
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError("This cannot be sent: a schema or a setting in it is no JSON.", detail=str(error)) from error
    return text.encode("utf-8", "replace")
