"""What a step's request has room for, and what is said of answers that came broken. Pure but for counting."""

from __future__ import annotations

from dataclasses import replace

from workbench.cancel import CancelToken
from workbench.errors import ContextFullError
from workbench.messages import ChatRequest, Finish, Finished, Usage
from workbench.ports import ChatBackend
from workbench.prompts.running.forms import BrokenAnswerError

LEAST_ANSWER_TOKENS = 64
TEMPLATE_TOKENS = 512


def within(backend: ChatBackend, request: ChatRequest, cancel: CancelToken) -> ChatRequest:
    """With an answer no longer than there is room for. Raises `ContextFullError` where there is none.

    No tokenizer makes more tokens than the text has bytes: what is short is not counted.
    """
    limit = backend.info.context_tokens
    size = sum(len(message.text.encode("utf-8", "replace")) for message in request.messages)
    if size + TEMPLATE_TOKENS <= limit // 2 and (request.max_tokens or 0) <= limit // 2:
        return request
    tokens = backend.count_tokens(request, cancel)
    room = limit - tokens
    if room < LEAST_ANSWER_TOKENS:
        raise ContextFullError(
            f"This step has {tokens:,} tokens and the model's context holds {limit:,}: there is no room for an answer.",
            hint="Give less text, use a model with a larger context, or set a larger one in the settings.",
        )
    return replace(request, max_tokens=min(room, request.max_tokens or room))


def repair(wrong: str) -> str:
    return f"That is not the JSON that was asked for: {wrong} Answer again, with the JSON alone."


def cut(finished: Finished) -> BrokenAnswerError:
    if finished.finish is Finish.LENGTH:
        tokens = finished.usage.completion_tokens
        long = f" of {tokens:,} tokens" if tokens else ""
        return BrokenAnswerError(
            f"The JSON was cut at the longest answer{long}.",
            hint="Allow longer answers, ask for less at once, or bound its lists and texts (maxItems, maxLength).",
        )
    return BrokenAnswerError("The answer ended before its JSON was complete.")


def added(one: Usage, other: Usage) -> Usage:
    def both(first: int | None, second: int | None) -> int | None:
        return second if first is None else first + (second or 0)

    return Usage(
        both(one.prompt_tokens, other.prompt_tokens),
        both(one.cached_tokens, other.cached_tokens),
        both(one.completion_tokens, other.completion_tokens),
    )
