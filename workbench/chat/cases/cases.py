"""Test cases of a person's own: a question with what stood before it, and how an answer to it is checked. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workbench.chat.result_json import result_as_json, result_from_json
from workbench.chat.tree import Conversation, path_to
from workbench.checks.check import Check, CheckKind
from workbench.errors import UsageError
from workbench.messages import Attachment, Id, Message, Part, Role, Text, ToolCall, ToolResult, UsedPrompt

FORMAT, VERSION = "workbench-cases", 1
TITLE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Case:
    """``messages``: what a model is asked, the question last; attachments are named by their sha256. ``model`` and
    ``effort``: of the answer that it was made from. ``message_id``: that answer, which may be gone."""

    id: Id
    title: str
    messages: tuple[Message, ...]
    check: Check
    model: str = ""
    effort: str = ""
    message_id: Id | None = None
    created_at: float = 0.0
    updated_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """Where a case was made. ``has_answer``: from a message that answers, so that there is something to check."""

    chat: Id
    has_answer: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a case takes from a chat. ``answer``: what was said there, empty for a question without an answer."""

    title: str
    messages: tuple[Message, ...]
    model: str
    effort: str
    answer: str


def asked_in(conversation: Conversation, message_id: Id) -> Asked:
    """The question that this message is, or answers, with all that stood before it on its branch.

    Raises `UsageError` where there is no question.
    """
    path = path_to(conversation, message_id)
    if path and path[-1].message.role is Role.ASSISTANT:
        answer, before = path[-1], path[:-1]
    else:
        answer, before = None, path
    messages = tuple(Message(node.message.role, sent(node.message.parts)) for node in before)
    if not messages or messages[-1].role is not Role.USER or not messages[-1].parts:
        raise UsageError("There is no question to make a case of.", hint="Choose an answer or a question.")
    turn = answer.turn if answer is not None else None
    return Asked(
        title_of(before[-1].message.text) or conversation.title,
        messages,
        turn.model if turn else "",
        turn.effort.value if turn and turn.effort else "",
        answer.message.text if answer is not None else "",
    )


def sent(parts: Sequence[Part]) -> tuple[Part, ...]:
    """What of a message is sent again: no thoughts, nothing that broke a format. What a saved prompt told with a question
    is said with it."""
    told = (
        Text(f"{part.system.strip()}\n\n") for part in parts if isinstance(part, UsedPrompt) and part.system.strip()
    )
    kept = (part for part in parts if isinstance(part, Text | Attachment | ToolCall | ToolResult))
    return (*told, *kept)


def title_of(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_CHARACTERS else f"{line[: TITLE_CHARACTERS - 1].rstrip()}…"


# As JSON --------------------------------------------------------------------------------------------------------------


def case_json(case: Case) -> dict[str, Any]:
    """As exports and the command line show it."""
    return {
        "id": case.id,
        "title": case.title,
        "messages": messages_json(case.messages),
        "check": check_json(case.check),
        "model": case.model,
        "effort": case.effort,
        "message": case.message_id,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
    }


def document(cases: Sequence[Case]) -> dict[str, Any]:
    return {"format": FORMAT, "version": VERSION, "cases": [case_json(case) for case in cases]}


def check_json(check: Check) -> dict[str, Any]:
    return {"kind": check.kind.value, "expected": check.expected, "tolerance": check.tolerance}


def check_from(told: Mapping[str, Any]) -> Check:
    return Check(CheckKind(told["kind"]), str(told.get("expected", "")), float(told.get("tolerance", 0.0)))


def messages_json(messages: Sequence[Message]) -> list[dict[str, Any]]:
    return [{"role": message.role.value, "parts": [_part_json(part) for part in message.parts]} for message in messages]


def messages_from(told: str) -> tuple[Message, ...]:
    """What `messages_json` made, as text."""
    return tuple(
        Message(Role(one["role"]), tuple(_part_from(part) for part in one["parts"])) for one in json.loads(told)
    )


_KINDS: dict[str, type[Text | Attachment | ToolCall]] = {
    "text": Text,
    "attachment": Attachment,
    "tool_call": ToolCall,
}


def _part_json(part: Part) -> dict[str, Any]:
    if isinstance(part, ToolResult):
        return {"kind": "tool_result", "text": part.text, **result_as_json(part)}
    kind = next(name for name, made in _KINDS.items() if isinstance(part, made))
    return {"kind": kind, **asdict(part)}


def _part_from(told: Mapping[str, Any]) -> Part:
    if told["kind"] == "tool_result":
        return result_from_json(told, str(told.get("text", "")))
    return _KINDS[told["kind"]](**{name: value for name, value in told.items() if name != "kind"})
