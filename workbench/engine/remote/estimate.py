"""How many tokens a request has at most, where the server cannot be asked. Pure.

Bytes are the only sure bound, and four times too much for most texts. So: as the worst of the tokenizers in use does with
what people write. Letters of a word in pairs, each digit and each sign alone, letters of other alphabets alone, signs of
Chinese, Japanese and Korean as two, pictures as their bytes.
"""

from __future__ import annotations

import json
import re

from workbench.engine.asking import wire
from workbench.messages import ChatRequest

_WORD = re.compile(r" ?[A-Za-z]+")  # the space before a word is a part of its token
TOKENS_PER_MESSAGE = 12
TOKENS_OF_THE_TEMPLATE = 96  # what templates say of themselves where the person says nothing


def estimate_tokens(request: ChatRequest) -> int:
    """From above, for the rendered prompt."""
    body = wire.template_body(request)
    texts = [text for message in body["messages"] for text in _texts(message)]
    texts += [json.dumps(tool, ensure_ascii=False) for tool in body.get("tools", ())]
    return TOKENS_OF_THE_TEMPLATE + TOKENS_PER_MESSAGE * len(body["messages"]) + sum(map(text_tokens, texts))


def text_tokens(text: str) -> int:
    words = _WORD.findall(text)
    return sum((len(word.lstrip()) + 1) // 2 for word in words) + sum(map(_sign, _WORD.sub("", text)))


def _sign(character: str) -> int:
    size = len(character.encode("utf-8", "replace"))
    return {1: 1, 2: 1, 3: 2}.get(size, size)


def _texts(message: dict[str, object]) -> list[str]:
    calls = message.get("tool_calls")
    told = [str(message.get("content") or ""), str(message.get("reasoning_content") or "")]
    return [*told, json.dumps(calls, ensure_ascii=False)] if calls else told
