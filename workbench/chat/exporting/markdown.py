"""A chat for reading: the branch in view as Markdown with front matter. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from workbench.chat.asking.elsewhere import author_words, elsewhere_words
from workbench.chat.exporting.values import KeptChat, KeptMessage, branch_of
from workbench.messages import (
    Attachment,
    Message,
    Part,
    Passage,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    Unparsed,
    UsedPrompt,
)


def chat_markdown(chat: KeptChat) -> str:
    """Ends with a line break. What the model thought and what it called is folded."""
    branch = branch_of(chat)
    pieces = [_front_matter(chat, branch), f"# {one_line(chat.title)}"]
    for message in branch:
        pieces.append(f"## {speaker(message)}")
        pieces += [piece for part in message.message.parts if (piece := _part(part))]
        if told := _sources(message.message):
            pieces.append(told)
    return "\n\n".join(pieces) + "\n"


def speaker(message: KeptMessage) -> str:
    """Who says it, in words."""
    if message.message.role is Role.USER:
        return "You"
    if message.message.role is Role.SYSTEM:
        return "Instructions"
    elsewhere = one_line(elsewhere_words(message.source))
    name = one_line(author_words(message.source, message.model)) or "Assistant"
    return f"{name} ({elsewhere})" if elsewhere else name


def when(seconds: float) -> str:
    """In UTC, as ISO 8601 writes it."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""


def one_line(text: str) -> str:
    return " ".join(text.split())


def attachment_words(attachment: Attachment) -> str:
    """Its name and size, and what was not read of it."""
    note = f" · {one_line(attachment.note)}" if attachment.note else ""
    return f"{one_line(attachment.name)} ({attachment.bytes:,} bytes{note})"


def reasoning_words(part: Reasoning) -> str:
    return "Thoughts" if part.seconds is None else f"Thought for {part.seconds:.0f} s"


def _front_matter(chat: KeptChat, branch: Sequence[KeptMessage]) -> str:
    """YAML whose values are JSON texts, which every reader of YAML takes."""
    models = list(dict.fromkeys(message.model for message in branch if message.model))
    values: dict[str, object] = {
        "title": chat.title,
        "id": chat.id,
        "created": when(chat.created_at),
        "updated": when(chat.updated_at),
        "models": models,
        "messages": len(branch),
        "other_messages": len(chat.messages) - len(branch),
    }
    if chat.project[1]:
        values["project"] = chat.project[1]
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(["---", *lines, "---"])


def _part(part: Part) -> str:
    match part:
        case Text():
            return part.text.strip("\n")
        case Reasoning():
            return _folded(reasoning_words(part), part.text)
        case ToolCall():
            return _folded(f"Called {one_line(part.name)}", part.arguments, fenced=True)
        case ToolResult():
            return _folded(f"Result of {one_line(part.name)}", part.text, fenced=True)
        case Unparsed():
            return _folded("Text that breaks the model's own format", part.text, fenced=True)
        case Attachment():
            return f"> Attached: {_plain(attachment_words(part))}"
        case UsedPrompt():
            return f"> Prompt: {_plain(prompt_words(part))}"
        case _:
            return ""


def prompt_words(part: UsedPrompt) -> str:
    """The title and the version of a saved prompt."""
    return f"{one_line(part.title)} · v{part.version}"


def source_words(passage: Passage) -> str:
    """A passage's number, file, page and path."""
    place = f", {one_line(passage.label)}" if passage.label else ""
    return f"[{passage.number}] {one_line(passage.name)}{place} ({one_line(printable(passage.path))})"


def printable(path: str) -> str:
    """A path in which bytes that are no UTF-8 are question marks."""
    return path.encode("utf-8", "replace").decode("utf-8")


def given_to(message: Message) -> tuple[Passage, ...]:
    """The passages that a reader needs: those that are cited, all that were given where none is."""
    cited = {citation.number for citation in message.sources.citations}
    return tuple(one for one in message.passages if one.number in cited) or message.sources.passages


def _sources(message: Message) -> str:
    """A list of what the answer stands on; its numbers are those in the text, so it is no list that Markdown counts."""
    lines = [f"> {_plain(source_words(passage))}" for passage in given_to(message)]
    note = [f"> {_plain(one_line(message.sources.note))}"] if message.sources.note else []
    return "\n>\n".join(["> Sources:", *lines, *note]) if lines or note else ""


def _folded(summary: str, text: str, *, fenced: bool = False) -> str:
    inside = _fence(text) if fenced else text.strip("\n")
    return f"<details>\n<summary>{_plain(summary)}</summary>\n\n{inside}\n\n</details>"


def _fence(text: str) -> str:
    """A code block that the text itself cannot end."""
    marks = "```"
    while marks in text:
        marks += "`"
    return f"{marks}\n{text}\n{marks}"


def _plain(text: str) -> str:
    """Names from outside, without what would begin a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
