"""Cheap looks at an answer: what is plainly wrong with it, without asking any model. Pure, about a millisecond."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workbench.messages import Finish, Message, ToolResult
from workbench.routing.language import NAMES, surely


class Check(StrEnum):
    """What is looked for in an answer: each says that it is plainly wrong in one way."""

    CUT_OFF = "cut_off"
    EMPTY = "empty"
    INVALID_JSON = "invalid_json"
    TOOL_CALLS = "tool_calls"
    REFUSAL = "refusal"
    UNKNOWING = "unknowing"
    REPETITION = "repetition"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Failed:
    """``words``: what is wrong, as a sentence for a person."""

    check: Check
    words: str


@dataclass(frozen=True, slots=True)
class Answered:
    """``message``: the whole answer. ``schema``: it had to be JSON. ``translates``: another language was asked for."""

    question: str
    message: Message
    finish: Finish | None = Finish.STOP
    schema: bool = False
    translates: bool = False


ENDED: Final = (Finish.STOP, Finish.LENGTH, Finish.TOOL_CALLS)
"""Whoever stopped an answer, or saw it fail, was told why: there is nothing to find out."""


def failures(answered: Answered) -> tuple[Failed, ...]:
    """What is plainly wrong, the plainest first; nothing for an answer that was stopped, failed, or waits."""
    if answered.finish not in ENDED:
        return ()
    return tuple(found for check in _CHECKS if (found := check(answered)) is not None)


def _cut_off(answered: Answered) -> Failed | None:
    if answered.finish is not Finish.LENGTH:
        return None
    return Failed(Check.CUT_OFF, "This answer was cut off.")


def _empty(answered: Answered) -> Failed | None:
    if answered.message.text.strip():
        return None
    thought = " It thought, and then said nothing." if answered.message.reasoning.strip() else ""
    return Failed(Check.EMPTY, f"This answer is empty.{thought}")


def _invalid_json(answered: Answered) -> Failed | None:
    text = answered.message.text.strip()
    if not answered.schema or not text:
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return Failed(Check.INVALID_JSON, "The answer should be JSON, and is not.")
    return None


def _tool_calls(answered: Answered) -> Failed | None:
    """A call whose arguments are no JSON object, or one that failed and was not tried again with more luck."""
    results = {part.id: part for part in answered.message.parts if isinstance(part, ToolResult)}
    for call in answered.message.tool_calls:
        try:
            sound = isinstance(json.loads(call.arguments or "{}"), dict)
        except (ValueError, RecursionError):
            sound = False
        if not sound and not _succeeded_later(answered.message, call.name, call.id):
            return Failed(Check.TOOL_CALLS, f"The tool {call.name} was called with something that it cannot read.")
        result = results.get(call.id)
        if result is not None and result.failed and not _succeeded_later(answered.message, call.name, call.id):
            return Failed(Check.TOOL_CALLS, f"The tool {call.name} failed.")
    return None


def _succeeded_later(message: Message, name: str, call_id: str) -> bool:
    ids = [call.id for call in message.tool_calls]
    later = set(ids[ids.index(call_id) + 1 :])
    results = (part for part in message.parts if isinstance(part, ToolResult))
    return any(one.id in later and one.name == name and not one.failed for one in results)


_BEGINS: Final = 220
_REFUSALS: Final = re.compile(
    r"\bi(?:'m| am) (?:very |really )?(?:sorry|afraid),? (?:but )?i (?:can(?:'|no)t|am unable|am not able|won't|will not)"
    r"|^\W*(?:sorry,? (?:but )?)?i (?:can(?:'|no)t|am unable to|am not able to|won't|must decline to) "
    r"(?:help|assist|provide|do|answer|comply|create|write|discuss|fulfil|continue|share|give)"
    r"|as an ai(?: language model)?,? i (?:can(?:'|no)t|do not|don't|am)|i must (?:respectfully )?decline"
    r"|es tut mir leid,? (?:aber )?(?:ich kann|das kann ich)"
    r"|(?:dabei|damit) kann ich (?:dir |ihnen )?(?:leider )?nicht helfen"
    r"|je (?:suis désolée?,? (?:mais )?je )?ne peux pas (?:vous |t')?(?:aider|fournir|répondre)"
    r"|lo siento,? (?:pero )?no puedo|mi dispiace,? (?:ma )?non posso|desculpe,? (?:mas )?não posso"
    r"|к сожалению,? я не могу|抱歉，?我(?:不能|无法)|申し訳(?:ありません|ございません)が"
)
_UNKNOWING: Final = re.compile(
    r"\bi (?:do not|don't) (?:know|have (?:access to|information|any information|real-time|enough information))"
    r"|\bmy (?:knowledge|training) (?:cutoff|cut-off|data)|i(?:'m| am) not sure (?:what|who|when|about|if)\b"
    r"|\b(?:cannot|can't) (?:access|browse) (?:the internet|real-time|current|live)"
    r"|no (?:real-time|live) (?:data|information)"
    r"|ich weiß (?:es )?(?:leider )?nicht|keinen zugriff auf (?:aktuelle|das internet|echtzeit)|mein wissensstand"
    r"|je ne sais pas|je n'ai pas accès|no lo sé|no sé (?:quién|qué|cuándo)|no tengo acceso"
    r"|non lo so|não sei|я не знаю|我不知道"
)


def _opening(answered: Answered) -> str:
    """How the answer begins, as refusals and ignorance do, with plain apostrophes."""
    return answered.message.text[:_BEGINS].lower().replace("’", "'").strip()


def _refusal(answered: Answered) -> Failed | None:
    if _REFUSALS.search(_opening(answered)):
        return Failed(Check.REFUSAL, "The model refused to answer.")
    return None


def _unknowing(answered: Answered) -> Failed | None:
    """It says that it does not know; and worse where it goes on at length as if it did."""
    found = _UNKNOWING.search(_opening(answered))
    if not found or _REFUSALS.search(_opening(answered)):
        return None
    if len(answered.message.text) > _LONG_AFTER_ALL:
        return Failed(Check.UNKNOWING, "The model says that it does not know, and then answers at length.")
    return Failed(Check.UNKNOWING, "The model says that it does not know.")


_LONG_AFTER_ALL: Final = 900
_LEAST: Final = 400  # characters: shorter ones may repeat a word or two
_TAIL: Final = 3000
_SQUEEZED: Final = 0.08  # text of any language keeps more than a quarter of its size, lists of a kind a tenth
_LINES: Final = 6


def _repetition(answered: Answered) -> Failed | None:
    """One line again and again at the end, or an end that squeezes to almost nothing."""
    text = answered.message.text.rstrip()
    lines = [line.strip() for line in text[-_TAIL:].splitlines() if line.strip()]
    same = len(lines) >= _LINES and len(set(lines[-_LINES:])) == 1 and any(map(str.isalpha, lines[-1]))
    tail = text[-_TAIL:].encode("utf-8", "replace")
    loops = len(tail) >= _LEAST and len(zlib.compress(tail, 6)) < _SQUEEZED * len(tail)
    if (same or loops) and not _is_table(lines):
        return Failed(Check.REPETITION, "The model repeats itself.")
    return None


def _is_table(lines: list[str]) -> bool:
    """Tables and rows of zeros repeat, and mean to."""
    return sum(line.startswith("|") or line.count(",") > 3 for line in lines) * 2 > len(lines)


def _language(answered: Answered) -> Failed | None:
    if answered.translates or answered.schema or "```" in answered.message.text:
        return None
    asked, said = surely(answered.question), surely(answered.message.text)
    if not asked or not said or asked == said or {asked, said} in _ALIKE:
        return None
    return Failed(
        Check.LANGUAGE, f"The question is in {NAMES.get(asked, asked)}, and the answer in {NAMES.get(said, said)}."
    )


_ALIKE: Final = ({"da", "no"}, {"da", "sv"}, {"no", "sv"}, {"es", "pt"}, {"ru", "uk"}, {"zh", "ja"})
_CHECKS: Final[tuple[Callable[[Answered], Failed | None], ...]] = (
    _cut_off,
    _empty,
    _invalid_json,
    _tool_calls,
    _refusal,
    _unknowing,
    _repetition,
    _language,
)
