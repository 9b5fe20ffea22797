"""How much two prompts have in common from their beginning, told from digests instead of from their words. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from workbench.messages import ChatRequest, Message, ToolResult

BLOCK_CHARACTERS = 512
_DIGEST_BYTES = 8

Chain = tuple[str, ...]
"""One digest for each whole block of a prompt; each depends on all blocks before it."""


def chain_of(request: ChatRequest) -> Chain:
    """The chain of what ``request`` makes a model read: whatever changes the beginning of the prompt comes first."""
    text = json.dumps(
        [request.effort, [(tool.name, tool.description, dict(tool.parameters)) for tool in request.tools]],
        sort_keys=True,
        default=str,
    )
    text += "".join(_written(message) for message in request.messages)
    digests, before = [], b""
    for start in range(0, len(text) - BLOCK_CHARACTERS + 1, BLOCK_CHARACTERS):
        block = text[start : start + BLOCK_CHARACTERS].encode("utf-8", "surrogatepass")
        before = hashlib.blake2b(block, key=before, digest_size=_DIGEST_BYTES).digest()
        digests.append(before.hex())
    return tuple(digests)


def shared_blocks(one: Sequence[str], other: Sequence[str]) -> int:
    """How many blocks both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # a digest that is equal means that all before it are
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[middle - 1] == other[middle - 1] else (low, middle - 1)
    return low


def _written(message: Message) -> str:
    called = [f"\0{call.text}" for call in message.tool_calls]
    thought = [f"\0{message.reasoning}"] if called and message.reasoning else []
    given = [f"\0{part.text}" for part in message.parts if isinstance(part, ToolResult)]
    return f"\0{message.role}\0{message.text}" + "".join([*thought, *called, *given])
