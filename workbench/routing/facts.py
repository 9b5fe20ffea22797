"""What can be told of a question in less than a millisecond, without any model. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workbench.chat.tree import Node
from workbench.messages import Attachment, Message, Text
from workbench.routing import reckoning, wishes, words
from workbench.routing.language import language_of
from workbench.routing.signs import found_in, wants


class Task(StrEnum):
    """What a question wants done. ``fact``: a question of fact, or to have something explained; ``chat``: all else."""

    CHAT = "chat"
    REWRITING = "rewriting"
    SUMMARISING = "summarising"
    CODE = "code"
    MATHS = "maths"
    EXTRACTION = "extraction"
    PLANNING = "planning"
    TRANSLATION = "translation"
    FACT = "fact"


_OF_A_TEXT: Final = (Task.REWRITING, Task.SUMMARISING, Task.EXTRACTION, Task.TRANSLATION)
"""What is said of today in a text that is only worked on, is no question."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``language``: a code of two letters, empty where nothing tells. ``question_tokens`` (with what is attached) and
    ``branch_tokens`` (all that stands before) are estimates. ``fresh``: the answer changes from day to day.
    ``documents``: folders or files of the chat are asked. ``schema``: the answer must be JSON; ``tools``: it may
    search the web. ``answers``: that stand above in the branch."""

    task: Task = Task.CHAT
    language: str = ""
    question_tokens: int = 0
    branch_tokens: int = 0
    answers: int = 0
    code: bool = False
    maths: bool = False
    fresh: bool = False
    attachments: bool = False
    picture: bool = False
    documents: bool = False
    private: bool = False
    schema: bool = False
    tools: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What of a question its words do not tell."""

    private: bool = False
    documents: bool = False
    schema: bool = False
    tools: bool = False


NOTHING_AROUND: Final = Around()
LOOKED_AT: Final = 800
"""Characters of a question, from its beginning; of the rest, the last 200."""
TAIL: Final = 200
ORDER_AT: Final = 200
"""What is to be done is said in the first or last so many characters."""


def facts_of(question: Message, branch: Sequence[Node] = (), around: Around = NOTHING_AROUND) -> Facts:
    """``branch``: what stands before the question."""
    text = question.text
    seen = text if len(text) <= LOOKED_AT + TAIL else f"{text[:LOOKED_AT]}\n{text[-TAIL:]}"
    found = found_in(seen)
    order = seen if len(seen) <= 2 * ORDER_AT else f"{seen[:ORDER_AT]}\n{seen[-ORDER_AT:]}"
    low, said = order.lower(), found_in(order)
    code, maths = reckoning.is_code(seen.lower(), found, low), reckoning.is_maths(low, said)
    attached = question.attachments
    task = _task(low, said, code=code, maths=maths)
    return Facts(
        task=task,
        language=language_of(order),
        question_tokens=tokens_of(text) + sum(map(_attached_tokens, attached)),
        branch_tokens=sum(_node_tokens(node) for node in branch),
        answers=sum(node.turn is not None for node in branch),
        code=code,
        maths=maths,
        fresh=task not in _OF_A_TEXT and words.is_fresh(low, said),
        attachments=bool(attached),
        picture=any(one.is_image for one in attached),
        private=around.private,
        documents=around.documents,
        schema=around.schema,
        tools=around.tools,
    )


def tokens_of(text: str) -> int:
    """An estimate: a token is about four letters of the Latin alphabet, or one sign of a script of words. Of long texts
    the first 4,000 characters tell which."""
    if text.isascii():
        return (len(text) + 3) // 4
    wide = len(_WIDE.findall(text[:_SAMPLE])) * len(text) // min(len(text), _SAMPLE)
    return wide + (len(text) - wide + 2) // 3


_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SAMPLE: Final = 4000
PICTURE_TOKENS: Final = 1000


def _attached_tokens(one: Attachment) -> int:
    return PICTURE_TOKENS if one.is_image else (one.tokens or tokens_of(one.text))


def _node_tokens(node: Node) -> int:
    parts = node.message.parts
    texts = sum(len(part.text) for part in parts if isinstance(part, Text)) // 4
    return texts + sum(_attached_tokens(part) for part in parts if isinstance(part, Attachment))


def _task(order: str, found: frozenset[str], *, code: bool, maths: bool) -> Task:
    """The first that fits; what a person asks to be done with a text goes before what the text is about."""
    if wants(wishes.TRANSLATE, order, found):
        return Task.TRANSLATION
    if wants(wishes.SUMMARISE, order, found):
        return Task.SUMMARISING
    if wants(wishes.EXTRACT, order, found) and not code:
        return Task.EXTRACTION
    if wants(wishes.REWRITE, order, found) and not code:
        return Task.REWRITING
    if code:
        return Task.CODE
    if maths:
        return Task.MATHS
    if wants(wishes.PLAN, order, found):
        return Task.PLANNING
    return Task.FACT if words.asks(order, found) else Task.CHAT
