"""What a branch has in it that others wrote, or that may not leave: it decides what is asked before a tool is called. Pure.

The whole branch counts, also what of it is no longer sent: the summary of a stranger's text is as untrusted as the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from workbench.messages import Attachment, Message, Part, Passage, Role, Sources, Text, ToolResult, UsedPrompt

_LONGEST_SCHEME: Final = 32
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:/*", re.IGNORECASE)


def tainted(messages: Iterable[Message]) -> bool:
    """Whether anything is in them that others wrote: passages of documents, attachments, results of tools that say so."""
    return any(_is_strange(part) for message in messages for part in message.parts)


def holds_private(messages: Iterable[Message]) -> bool:
    """Whether passages of private folders are in them."""
    return any(passage.private for message in messages for part in message.parts for passage in _passages(part))


def composed(arguments: Mapping[str, Any], messages: Iterable[Message]) -> bool:
    """Whether an address in the arguments stands nowhere in what people, documents and tools wrote: then the model made it,
    and may have put into it what it read."""
    addresses = [text for text in _strings(arguments) if _is_address(text)]
    if not addresses:
        return False
    known = [
        (text, _asked(part, message))
        for message in messages
        for part in message.parts
        for text in _written(part, message.role)
    ]
    return any(
        not any(_stands_in(address, text) and not _echoes(address, asked) for text, asked in known)
        for address in addresses
    )


def holds_any(arguments: Mapping[str, Any], hidden: Iterable[str]) -> bool:
    """Whether any of these stands in the arguments or in their names (some tools take any), in any case of letters."""
    texts = [text.casefold() for text in (*_strings(arguments), *_names(arguments))]
    return any(one.casefold() in text for one in hidden for text in texts)


def _is_strange(part: Part) -> bool:
    if isinstance(part, ToolResult):
        return part.untrusted or bool(part.passages)
    if isinstance(part, UsedPrompt):  # filled with files, passages or the clipboard, or itself of somebody's library
        return True
    return isinstance(part, Attachment) or (isinstance(part, Sources) and bool(part.passages))


def _passages(part: Part) -> tuple[Passage, ...]:
    return part.passages if isinstance(part, Sources | ToolResult) else ()


def _written(part: Part, role: Role) -> Iterator[str]:
    """The texts of a part that the model did not write."""
    if (isinstance(part, Text) and role is Role.USER) or isinstance(part, ToolResult | Attachment):
        yield part.text
    for passage in _passages(part):
        yield from (passage.text, passage.path)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _names(value: Any) -> Iterator[str]:
    """Of what stands inside."""
    if isinstance(value, Mapping):
        yield from map(str, value)
    if isinstance(value, Mapping | list | tuple):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _names(inner)


def _is_address(text: str) -> bool:
    """Also one with spaces in it, where it says that it is one: who fetches it sends them too."""
    text = text.strip()
    return "://" in text[:_LONGEST_SCHEME] or (not any(one.isspace() for one in text) and ("." in text or ":" in text))


def _asked(part: Part, message: Message) -> list[str]:
    """What a result's call was made with. Ids are told apart within one answer only."""
    return [call.arguments for call in message.tool_calls if isinstance(part, ToolResult) and call.id == part.id]


def _echoes(address: str, asked: Iterable[str]) -> bool:
    """Whether a result may only repeat what it was called with, as "Nothing was found for …" does."""
    bare = _bare(address).casefold()
    spoken = ("".join("".join(_strings(_understood(one))).casefold().split()) for one in asked)
    return any(bare in one for one in spoken)


def _understood(arguments: str) -> Any:
    """What a model wrote as JSON; broken, it is its own text."""
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments


def _stands_in(address: str, text: str) -> bool:
    """Whole, and not as the beginning or the end of another one. Of the host the case says nothing."""
    bare = _bare(address)
    host, rest = re.match(r"([^/?#]*)(.*)", bare, re.DOTALL).groups()  # type: ignore[union-attr]  # it matches anything
    pattern = rf"(?<![\w.@-])(?i:{re.escape(host)}){re.escape(rest)}(?![\w%=&+~@#-]|[./:?][\w%])"
    return bool(bare) and re.search(pattern, text) is not None


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.strip()).rstrip("/")
