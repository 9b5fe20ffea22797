"""The texts of messages, one by one, to be hidden or put back: also those inside of a call's arguments. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from workbench.chat.tooling.told import arguments_in
from workbench.messages import Message, Part, Reasoning, Text, ToolCall, ToolResult

LEAST_DIGITS: Final = 6  # shorter numbers are no one's account or phone

Change = Callable[[str], str]


def texts_of(messages: Iterable[Message]) -> tuple[str, ...]:
    """In the order in which `with_texts` takes them."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    for message in messages:
        _changed(message, keep)
    return tuple(found)


def with_texts(messages: Iterable[Message], texts: Iterable[str]) -> list[Message]:
    """The same messages with these texts in the places of theirs."""
    rest: Iterator[str] = iter(texts)
    return [_changed(message, lambda _text: next(rest)) for message in messages]


def arguments_changed(written: str, change: Change) -> str:
    """The arguments of a call with each text in them changed; as they were written where none was. What is no object stays
    as it is."""
    found = arguments_in(written)
    if found is None:
        return written
    made = _inside(found, change)
    return written if made == found else json.dumps(made, ensure_ascii=False)


def _changed(message: Message, change: Change) -> Message:
    return Message(message.role, tuple(_part(part, change) for part in message.parts))


def _part(part: Part, change: Change) -> Part:
    match part:
        case Text() | Reasoning() | ToolResult():
            return replace(part, text=change(part.text))
        case ToolCall():
            return replace(part, arguments=arguments_changed(part.arguments, change))
        case _:
            return part


def _inside(value: Any, change: Change) -> Any:
    """A long number is a text too: a card may be written as one."""
    match value:
        case str():
            return change(value)
        case bool():
            return value
        case int() if len(str(abs(value))) >= LEAST_DIGITS:
            told = change(str(value))
            return value if told == str(value) else told
        case dict():
            return {change(str(key)): _inside(inner, change) for key, inner in value.items()}
        case list():
            return [_inside(inner, change) for inner in value]
        case _:
            return value
