"""ChatGPT's export: ``mapping`` is a tree of nodes, ``current_node`` the end of the branch in view. Every branch is read.

Pure. What a message may hold (``content_type``) grows with that program: what is not known is reported, not guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from workbench.chat.importing.values import (
    Draft,
    ForeignChat,
    ForeignFile,
    Skipped,
    a_dict,
    a_list,
    assemble,
    joined,
    key_of,
    text_of,
    time_of,
    title_from,
)
from workbench.messages import Finish, Part, Reasoning, Role, Text, ToolCall, ToolResult, Unparsed

_MARKS = re.compile("\ue200[^\ue201]{0,2000}\ue201|[\ue200-\ue202]")  # its own citations, which lead nowhere else
_POINTER = re.compile(r"(?:file-service|sediment)://([\w#:.-]{1,200})")
_FINISHES = {"max_tokens": Finish.LENGTH, "interrupted": Finish.CANCELLED}
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.ASSISTANT, "system": Role.SYSTEM}
_INSTRUCTIONS = ("user_editable_context", "model_editable_context", "app_pairing_content")


def read(chat: Mapping[str, Any]) -> ForeignChat | None:
    """One conversation; None when nothing in it says anything."""
    reader = _Reader(title_from(chat.get("title")))
    mapping = a_dict(chat.get("mapping"))
    parents = {key_of(child): key for key, node in mapping.items() for child in a_list(a_dict(node).get("children"))}
    drafts = [
        reader.draft(key_of(key), key_of(a_dict(node).get("parent")) or parents.get(key), a_dict(node))
        for key, node in mapping.items()
    ]
    messages, went = joined(drafts)
    tip = key_of(chat.get("current_node"))
    chat_id = key_of(chat.get("conversation_id")) or key_of(chat.get("id")) or (drafts[0].key if drafts else "")
    return assemble(
        f"chatgpt:{chat_id}",
        chat.get("title"),
        messages,
        tip=went.get(tip, tip),
        created_at=time_of(chat.get("create_time")),
        updated_at=time_of(chat.get("update_time")),
        skipped=reader.skipped(),
    )


class _Reader:
    """Reads the messages of one chat, and counts what it leaves out."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._left_out: Counter[str] = Counter()

    def skipped(self) -> tuple[Skipped, ...]:
        return tuple(
            Skipped(self._title, why if count == 1 else f"{why} ({count} times)")
            for why, count in self._left_out.items()
        )

    def draft(self, key: str, parent: str | None, node: Mapping[str, Any]) -> Draft:
        message = a_dict(node.get("message"))
        told = a_dict(message.get("metadata"))
        author = text_of(a_dict(message.get("author")).get("role"))
        role = _ROLES.get(author, Role.SYSTEM)
        parts, files = self._content(message, author) if message else ((), ())
        if author not in _ROLES and parts:
            self._leave_out(f"a message of {author[:40] or 'nobody'}")
            parts, files = (), ()
        if role is Role.SYSTEM and (told.get("is_visually_hidden_from_conversation") is True or parent):
            parts, files = (), ()  # its own instructions for the model
        details = a_dict(told.get("finish_details"))
        return Draft(
            key,
            parent,
            role,
            parts,
            time_of(message.get("create_time")),
            text_of(told.get("model_slug")),
            _FINISHES.get(text_of(details.get("type")), Finish.STOP),
            (*files, *self._attached(told)),
        )

    def _leave_out(self, why: str) -> None:
        self._left_out[why] += 1

    def _content(self, message: Mapping[str, Any], author: str) -> tuple[tuple[Part, ...], tuple[ForeignFile, ...]]:
        content = a_dict(message.get("content"))
        recipient = text_of(message.get("recipient")) or "all"
        text, files = self._text(content)
        if text_of(content.get("content_type")) in _INSTRUCTIONS:
            return (), ()
        if author == "tool":
            name = text_of(a_dict(message.get("author")).get("name"))
            return ((ToolResult("", name, text, untrusted=True),) if text.strip() else ()), files
        if author == "assistant" and recipient != "all":
            return ((ToolCall(key_of(message.get("id")), recipient, text),) if text.strip() else ()), files
        match text_of(content.get("content_type")):
            case "thoughts":
                return ((Reasoning(text),) if text.strip() else ()), files
            case "reasoning_recap":
                return (), files
            case "code" if text.strip():
                return (Text(f"```{_language(content)}\n{text}\n```"),), files
            case "execution_output" | "system_error" if text.strip():
                return (Unparsed(text),), files
        return ((Text(text),) if text else ()), files

    def _text(self, content: Mapping[str, Any]) -> tuple[str, tuple[ForeignFile, ...]]:
        """What a message says in words, and the files in it."""
        kind = text_of(content.get("content_type"))
        match kind:
            case "thoughts":
                thoughts = [a_dict(one) for one in a_list(content.get("thoughts"))]
                return "\n\n".join(filter(None, map(_thought, thoughts))), ()
            case "tether_quote":
                pieces = [text_of(content.get(name)) for name in ("title", "url", "text")]
                return "\n".join(filter(None, pieces)), ()
            case "tether_browsing_display":
                return text_of(content.get("result")) or text_of(content.get("summary")), ()
        if isinstance(content.get("text"), str):
            return _without_marks(text_of(content["text"])), ()
        if isinstance(content.get("parts"), list):
            return self._parts(content["parts"])
        if content and kind not in (*_INSTRUCTIONS, "reasoning_recap"):
            self._leave_out(f"content of the unknown kind {kind[:40]!r}")
        return "", ()

    def _parts(self, parts: list[Any]) -> tuple[str, tuple[ForeignFile, ...]]:
        texts: list[str] = []
        files: list[ForeignFile] = []
        for part in parts:
            if isinstance(part, str):
                texts.append(_without_marks(text_of(part)))
            elif isinstance(part, dict):
                said, file = self._asset(part)
                texts += [said] if said else []
                files += [file] if file else []
        return "\n\n".join(filter(None, texts)), tuple(files)

    def _asset(self, part: Mapping[str, Any]) -> tuple[str, ForeignFile | None]:
        kind = text_of(part.get("content_type"))
        if kind == "audio_transcription" or "text" in part:
            return text_of(part.get("text")), None
        pointer = _POINTER.match(text_of(part.get("asset_pointer")))
        if kind == "image_asset_pointer" and pointer:
            return "", ForeignFile(pointer[1], "Picture")
        self._leave_out("a recording" if "audio" in kind else f"a part of the unknown kind {kind[:40]!r}")
        return "", None

    def _attached(self, told: Mapping[str, Any]) -> tuple[ForeignFile, ...]:
        found = [a_dict(one) for one in a_list(told.get("attachments"))]
        return tuple(
            ForeignFile(key_of(one.get("id")), text_of(one.get("name")) or "File", text_of(one.get("mime_type")))
            for one in found
            if key_of(one.get("id")) or text_of(one.get("name"))
        )


def _without_marks(text: str) -> str:
    return _MARKS.sub("", text)


def _language(content: Mapping[str, Any]) -> str:
    language = text_of(content.get("language"))
    return language if language.isalnum() and language != "unknown" else ""


def _thought(thought: Mapping[str, Any]) -> str:
    summary, content = text_of(thought.get("summary")), text_of(thought.get("content"))
    return f"**{summary}**\n\n{content}" if summary and content else summary or content
