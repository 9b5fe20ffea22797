"""What other programs were told of a person, in their exports: texts, and what they remember. Pure but for reading files.

ChatGPT keeps its custom instructions (``user_context_message_data``) and its memory (``model_set_context``) with each chat:
those of the newest chat count. Claude's export has no instructions, but what Claude remembers (``memories.json``).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workbench.cancel import CancelToken
from workbench.chat.importing.json import CutError, values
from workbench.chat.importing.reading import Given, guarded, opened
from workbench.chat.importing.values import a_dict, text_of, time_of
from workbench.memory.importing import facts_of
from workbench.memory.markdown import Noted, Section
from workbench.memory.memory import AboutMe

_NUMBERED: Final = re.compile(r"^\s*\d+\.\s*\[[^\]]{4,40}\]\.?\s*", re.MULTILINE)
_BLOCK: Final = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_CLAUDE_MEMORIES: Final = "memories"


@dataclass(frozen=True, slots=True)
class Told:
    """What one chat or file says, and when it was said, in seconds since 1970."""

    at: float
    about: str = ""
    how: str = ""
    remembered: str = ""


def section_of(path: Path, cancel: CancelToken) -> Section:
    """What an export (JSON, zip or folder) tells of the person; empty where it tells nothing. Reads chat by chat.

    Raises `UsageError` for what is no export, `Cancelled`.
    """
    newest = {"about": Told(-1), "how": Told(-1), "remembered": Told(-1)}
    with opened(path) as given:
        for value in _values(given, cancel):
            for told in told_in(value):
                for what, before in newest.items():
                    if getattr(told, what).strip() and told.at >= before.at:
                        newest[what] = told
    texts = AboutMe(newest["about"].about.strip(), newest["how"].how.strip())
    facts = facts_of(_NUMBERED.sub("- ", newest["remembered"].remembered))
    return Section("", texts, tuple(Noted(fact) for fact in facts))


def _values(given: Given, cancel: CancelToken) -> Iterator[Any]:
    yield from _beside(given)
    for source in given.sources:
        try:
            with source.open() as file:
                for value in values(guarded(file)):
                    cancel.check()
                    yield value
        except CutError:
            continue  # what there is of it was read


def _beside(given: Given) -> Iterator[Any]:
    """What Claude remembers lies beside the chats of its zip."""
    content = given.asset(_CLAUDE_MEMORIES, f"{_CLAUDE_MEMORIES}.json")
    if content:
        yield from values(io.BytesIO(content))


def told_in(value: Any) -> Iterator[Told]:
    """What one value of an export tells: a chat of ChatGPT, or what Claude remembers."""
    found = a_dict(value)
    if "conversations_memory" in found:
        yield Told(0.0, remembered=text_of(found.get("conversations_memory")))
    at = time_of(found.get("update_time")) or time_of(found.get("create_time")) or 0.0
    for node in a_dict(found.get("mapping")).values():
        message = a_dict(a_dict(node).get("message"))
        content, told = a_dict(message.get("content")), a_dict(message.get("metadata"))
        custom = a_dict(told.get("user_context_message_data"))
        yield Told(
            time_of(message.get("create_time")) or at,
            _said(custom, "about_user_message") or _unwrapped(content, "user_profile"),
            _said(custom, "about_model_message") or _unwrapped(content, "user_instructions"),
            text_of(content.get("model_set_context")),
        )


def _said(custom: Mapping[str, Any], name: str) -> str:
    return text_of(custom.get(name)).strip()


def _unwrapped(content: Mapping[str, Any], name: str) -> str:
    """It stands in a block, behind words for the model."""
    if text_of(content.get("content_type")) != "user_editable_context":
        return ""
    text = text_of(content.get(name)).strip()
    block = _BLOCK.search(text)
    return block[1].strip() if block else text
