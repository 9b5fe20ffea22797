"""Open WebUI's export: ``chat.history.messages`` is a tree, ``currentId`` the end of the branch in view. Pure."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Mapping
from typing import Any

from workbench.chat.importing.values import (
    Draft,
    ForeignChat,
    ForeignFile,
    a_dict,
    a_list,
    assemble,
    key_of,
    text_of,
    time_of,
)
from workbench.messages import Part, Reasoning, Role, Text

_FOLDED = re.compile(
    r'<details type="(?P<kind>reasoning|tool_calls|code_interpreter)"(?P<told>[^>]{0,5000})>(?P<inside>.*?)</details>\s*',
    re.DOTALL,
)
_SUMMARY = re.compile(r"<summary>.{0,500}?</summary>\s*", re.DOTALL)
_DURATION = re.compile(r'duration="(\d{1,6})"')
_DATA = re.compile(r"data:(image/[\w.+-]{1,40});base64,")
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}


def read(entry: Mapping[str, Any]) -> ForeignChat | None:
    """One chat, with its envelope or without; None when nothing in it says anything."""
    chat = a_dict(entry.get("chat")) or entry
    history = a_dict(chat.get("history"))
    messages = a_dict(history.get("messages"))
    drafts = [_draft(key_of(key), a_dict(message)) for key, message in messages.items()]
    if not drafts:  # old exports have only the branch in view
        drafts = _in_a_row(chat)
    chat_id = key_of(entry.get("id")) or key_of(chat.get("id")) or (drafts[0].key if drafts else "")
    return assemble(
        f"openwebui:{chat_id}",
        chat.get("title") or entry.get("title"),
        drafts,
        tip=key_of(history.get("currentId")),
        created_at=time_of(entry.get("created_at")) or time_of(chat.get("timestamp")),
        updated_at=time_of(entry.get("updated_at")),
        pinned=entry.get("pinned") is True,
    )


def _in_a_row(chat: Mapping[str, Any]) -> list[Draft]:
    drafts: list[Draft] = []
    for place, found in enumerate(a_list(chat.get("messages"))):
        message = {"parentId": drafts[-1].key if drafts else None, **a_dict(found)}
        drafts.append(_draft(key_of(message.get("id")) or f"message-{place}", message))
    return drafts


def _draft(key: str, message: Mapping[str, Any]) -> Draft:
    role = _ROLES.get(text_of(message.get("role")), Role.ASSISTANT)
    content = text_of(message.get("content")) or _text_of_parts(message.get("content"))
    return Draft(
        key,
        key_of(message.get("parentId")) or None,
        role,
        _parts(content) if role is Role.ASSISTANT else (Text(content),),
        time_of(message.get("timestamp")),
        text_of(message.get("modelName")) or text_of(message.get("model")),
        files=tuple(filter(None, (_file(a_dict(one)) for one in a_list(message.get("files"))))),
    )


def _text_of_parts(content: Any) -> str:
    return "\n\n".join(filter(None, (text_of(a_dict(one).get("text")) for one in a_list(content))))


def _parts(content: str) -> tuple[Part, ...]:
    """The answer with its thoughts apart, which are folded HTML in its text there."""
    parts: list[Part] = []
    at = 0
    for found in _FOLDED.finditer(content) if "<details" in content and "</details>" in content else ():
        if found["kind"] != "reasoning":
            continue
        parts += [Text(before)] if (before := content[at : found.start()]).strip() else []
        lines = html.unescape(_SUMMARY.sub("", found["inside"], count=1)).strip().splitlines()
        seconds = _DURATION.search(found["told"])
        text = "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)
        parts.append(Reasoning(text, float(seconds[1]) if seconds else None))
        at = found.end()
    rest = content[at:]
    return (*parts, Text(rest)) if rest.strip() or not parts else tuple(parts)


def _file(file: Mapping[str, Any]) -> ForeignFile | None:
    """A picture that is in the export itself, the text that was read of a document, or a name only."""
    inner = a_dict(file.get("file"))
    name = text_of(file.get("name")) or text_of(inner.get("filename")) or "Picture"
    file_id = key_of(file.get("id")) or key_of(inner.get("id"))
    address = text_of(file.get("url"))
    if data := _DATA.match(address):
        try:
            content = base64.b64decode(address[data.end() :], validate=True)
        except (binascii.Error, ValueError):
            return ForeignFile(file_id, name, data[1])
        return ForeignFile(file_id, name, data[1], content=content)
    text = text_of(a_dict(inner.get("data")).get("content"))
    return ForeignFile(file_id, name, "", text) if file_id or text or file.get("name") else None
