"""What a model is sent: the system text and the branch, as the messages of one request. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.chat.attaching.given import WHOLE, framed
from workbench.chat.context.room import part_seen, summary_text
from workbench.chat.tooling import told
from workbench.chat.tree import SEEN_WHOLE, Node, Seen
from workbench.documents.citing.prompt import question_with
from workbench.errors import ContextFullError
from workbench.messages import Attachment, Message, Role, Sources, Text, Tool, ToolResult, UsedPrompt, system

ANSWER_RESERVE_TOKENS = 64
TEMPLATE_TOKENS_PER_MESSAGE = 16
TEMPLATE_TOKENS = 512
PICTURE_TOKENS = 1_500  # about the most that a model makes of one
NOTHING = Sources()
DELETED_QUESTION = "(This message was deleted.)"


@dataclass(frozen=True, slots=True)
class ContextUse:
    """The meter: tokens of the rendered prompt of ``limit``. None while no engine is ready to count. ``note``: what of the
    attachments would be left out."""

    tokens: int | None
    limit: int | None
    note: str = ""


def messages_for(
    branch: Sequence[Node],
    system_text: str = "",
    draft: str = "",
    seen: Seen = SEEN_WHOLE,
    *,
    attachments: Sequence[Attachment] = (),
    given: Mapping[str, str] = WHOLE,
    sources: Sources = NOTHING,
    without_earlier_passages: bool = False,
    prompt: UsedPrompt | None = None,
) -> tuple[Message, ...]:
    """The branch as a model sees it, with ``draft`` and its ``attachments`` as its next question if there is one.

    A question stands with the passages that its answer stands on, as it stood when it was asked: what was read of the
    prompt before is found again. ``sources``: of the last question, where its answer is not there yet.
    ``without_earlier_passages``: only the last question has its own.

    The system part of a saved prompt (``prompt``: of the draft) stands where its question does: behind ``system_text`` for
    the first of the chat, else before the question's own text. There it stays, so that what was read before is found again.

    Documents stand before the text of their message, whole or as ``given`` has them; pictures are parts of their own.

    An answer that called tools is several messages, with what they gave (``without_earlier_passages``: without). Reasoning
    of finished answers is not sent again: templates of reasoning models drop it, others never saw it. Empty
    answers (of failed turns) are left out, and the questions that then meet become one: many templates refuse two
    messages of a role in a row, and one failed turn would end the chat for good. They refuse an answer before the first
    question too: words stand for one that was deleted.
    """
    opening = branch[0].message.prompt if branch else prompt
    said_first = (system_text.strip(), "" if opening is None else opening.system.strip(), summary_text(branch, seen))
    sent = [system("\n\n".join(text for text in said_first if text))] if any(said_first) else []
    shown = part_seen(branch, seen)
    questions = _with_passages(shown, sources, only_last=without_earlier_passages)
    for node in shown:
        if node.message.role is Role.ASSISTANT and not any(one.role is Role.USER for one in sent):
            _add(sent, Role.USER, DELETED_QUESTION)
        if node.message.role is Role.USER:
            text = questions.get(node.id, node.message.text)
            text = text if node is branch[0] else _told_with(node.message.prompt, text)
            _add(sent, Role.USER, text, node.message.attachments, given)
        elif node.message.role is Role.ASSISTANT:
            for message in told.messages_of(node.message.parts, bare=without_earlier_passages):
                _go_on(sent, message)
        elif node.message.text:
            _add(sent, node.message.role, node.message.text)
    if draft.strip() or attachments:
        _add(sent, Role.USER, _told_with(prompt, draft) if branch else draft, attachments, given)
    return tuple(sent)


def _told_with(prompt: UsedPrompt | None, text: str) -> str:
    return text if prompt is None or not prompt.system.strip() else f"{prompt.system.strip()}\n\n{text}"


def has_earlier_passages(branch: Sequence[Node], seen: Seen) -> bool:
    """Whether a question before the last one stands with passages, or had tools called for it."""
    return any(node.message.sources.passages or _has_results(node) for node in _before_the_last(branch, seen))


def has_earlier_results(branch: Sequence[Node], seen: Seen) -> bool:
    """Whether tools were called for a question before the last one."""
    return any(map(_has_results, _before_the_last(branch, seen)))


def _before_the_last(branch: Sequence[Node], seen: Seen) -> Sequence[Node]:
    shown = part_seen(branch, seen)
    last = max((place for place, node in enumerate(shown) if node.message.role is Role.USER), default=0)
    return shown[:last]


def _has_results(node: Node) -> bool:
    return any(isinstance(part, ToolResult) for part in node.message.parts)


def _with_passages(shown: Sequence[Node], sources: Sources, *, only_last: bool) -> dict[str, str]:
    """By the ids of the questions that stand with passages: their texts with them. A passage stands where it was given
    first: at a question, or in what a tool found."""
    last = max((place for place, node in enumerate(shown) if node.message.role is Role.USER), default=-1)
    answers = {node.parent_id: node.message for node in shown if node.message.role is Role.ASSISTANT}
    found: dict[str, str] = {}
    there: frozenset[int] = frozenset()
    for place, node in enumerate(shown):
        if node.message.role is not Role.USER or (only_last and place != last):
            continue
        answer = answers.get(node.id)
        own = NOTHING if answer is None else answer.sources
        own = sources if place == last and own == NOTHING else own
        if own.passages or own.note:
            found[node.id] = question_with(node.message.text, own, without=there)
        there |= {passage.number for passage in (*own.passages, *(answer.passages if answer is not None else ()))}
    return found


def _add(
    sent: list[Message], role: Role, text: str, attachments: Sequence[Attachment] = (), given: Mapping[str, str] = WHOLE
) -> None:
    text = framed(attachments, text, given)
    pictures = tuple(one for one in attachments if one.is_image)
    if sent and sent[-1].role is role:
        before = sent.pop()
        text, pictures = f"{before.text}\n\n{text}", (*before.attachments, *pictures)
    sent.append(Message(role, (*pictures, Text(text))))


def _go_on(sent: list[Message], message: Message) -> None:
    """A message of an answer: two that would meet become one."""
    if not sent or sent[-1].role is not Role.ASSISTANT or message.role is not Role.ASSISTANT:
        sent.append(message)
    elif not message.tool_calls:
        _add(sent, Role.ASSISTANT, message.text)
    else:
        before = sent.pop()
        sent.append(Message(Role.ASSISTANT, (Text(f"{before.text}\n\n"), *message.parts)))


def surely_fits(messages: Sequence[Message], context_tokens: int, tools: Sequence[Tool] = ()) -> bool:
    """Whether the prompt leaves most of the context free, told without counting.

    No tokenizer makes more tokens than the text has bytes; templates add a few per message, and some a page at the start.
    Short chats so save two questions to the engine before the first token.
    """
    texts = [part.text for message in messages for part in message.parts if not isinstance(part, Attachment)]
    bytes_sent = sum(len(text.encode("utf-8", "replace")) for text in texts) + sum(map(_bytes_of, tools))
    pictures = sum(one.is_image for message in messages for one in message.attachments)
    most_tokens = bytes_sent + PICTURE_TOKENS * pictures + TEMPLATE_TOKENS_PER_MESSAGE * len(messages) + TEMPLATE_TOKENS
    return most_tokens <= context_tokens // 2


def _bytes_of(tool: Tool) -> int:
    """Some templates write a tool's schema anew, in a language of their own."""
    return (
        2 * len(json.dumps([tool.name, tool.description, dict(tool.parameters)]).encode()) + TEMPLATE_TOKENS_PER_MESSAGE
    )


def answer_budget(prompt_tokens: int, context_tokens: int, wanted: int | None) -> int:
    """How many tokens the answer may have: what is wanted, or all that is left.

    Raises `ContextFullError` when less than `ANSWER_RESERVE_TOKENS` are left: nothing is ever cut in silence.
    """
    room = context_tokens - prompt_tokens
    if room < ANSWER_RESERVE_TOKENS:
        raise ContextFullError(
            f"This chat has {prompt_tokens:,} tokens and the model's context holds {context_tokens:,}: "
            "there is no room left for an answer.",
            hint="Start a new chat, shorten the message, or set a larger context in the settings.",
        )
    return min(room, wanted) if wanted else room
