"""Which program wrote a chat, told by its structure, never by the name of a file. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from workbench.chat.exporting.ours import FORMAT
from workbench.chat.importing import chatgpt as import_chatgpt
from workbench.chat.importing import claude as import_claude
from workbench.chat.importing import openwebui as import_openwebui
from workbench.chat.importing import ours as import_ours
from workbench.chat.importing import simple as import_simple
from workbench.chat.importing.values import ForeignChat, a_dict, a_list


class Format(StrEnum):
    OURS = "workbench"
    CHATGPT = "chatgpt"
    CLAUDE = "claude"
    OPEN_WEBUI = "openwebui"
    LM_STUDIO = "lmstudio"
    OPENAI = "openai"


_CONTAINERS = ("chats", "conversations", "data")


def format_of(value: Any) -> Format | None:
    """The format of one chat; None where it is none that is known."""
    chat = a_dict(value)
    if chat.get("format") == FORMAT:
        return Format.OURS
    if isinstance(chat.get("mapping"), dict):
        return Format.CHATGPT
    if isinstance(chat.get("chat_messages"), list):
        return Format.CLAUDE
    inner = a_dict(chat.get("chat")) or chat
    if isinstance(inner.get("history"), dict):
        return Format.OPEN_WEBUI
    messages = a_list(inner.get("messages"))
    if messages and isinstance(a_dict(messages[0]).get("versions"), list):
        return Format.LM_STUDIO
    if messages and is_message(messages[0]):
        return Format.OPEN_WEBUI if "chat" in chat else Format.OPENAI
    return None


def is_message(value: Any) -> bool:
    """Whether it is one message of a request to a model: a file may be a list of them."""
    return isinstance(a_dict(value).get("role"), str) and bool({"content", "tool_calls"} & a_dict(value).keys())


def chats_in(value: Any) -> Iterator[Any]:
    """The value, or what the list in it holds."""
    if format_of(value) is None and not is_message(value):
        if isinstance(value, list):
            yield from [value] if value and is_message(value[0]) else value
            return
        for name in _CONTAINERS:
            if isinstance(a_dict(value).get(name), list):
                yield from a_dict(value)[name]
                return
    yield value


def read(found: Format, value: Mapping[str, Any]) -> ForeignChat | None:
    """The chat; None when nothing in it says anything. Raises `UsageError` or `ValueError` as `import_ours.read` does."""
    match found:
        case Format.OURS:
            return import_ours.read(value)
        case Format.CHATGPT:
            return import_chatgpt.read(value)
        case Format.CLAUDE:
            return import_claude.read(value)
        case Format.OPEN_WEBUI:
            return import_openwebui.read(value)
        case Format.LM_STUDIO:
            return import_simple.read_lm_studio(value)
        case Format.OPENAI:
            return import_simple.read_openai(value)
