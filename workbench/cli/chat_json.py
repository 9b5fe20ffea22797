"""A turn as a script reads it: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.choice import Routed, choice_json
from workbench.chat.events import TurnStarted
from workbench.cli import output
from workbench.cli.chat_face import Face
from workbench.cli.consent_words import consent_json
from workbench.messages import (
    Finish,
    Finished,
    Message,
    Passage,
    Sources,
    Timings,
    ToolResult,
    Usage,
)

if TYPE_CHECKING:
    from workbench.chat.tree import Node
    from workbench.consents.consent import Consent
    from workbench.errors import WorkbenchError


class JsonFace(Face):
    """One JSON object a line; `end` always comes last, also after a failure."""

    def __init__(self, cost: Callable[[str], int | None] = lambda _turn: 0) -> None:
        super().__init__(cost)
        self._text: list[str] = []
        self._stood_on = False

    def started(self, event: TurnStarted) -> None:
        self._stood_on = False
        turn = event.answer.turn
        output.line(
            {
                "event": "start",
                "conversation": event.conversation,
                "turn": turn.id if turn else None,
                "message": event.answer.id,
                "model": turn.model if turn else None,
                "effort": turn.effort.value if turn and turn.effort else None,
            }
        )

    def reasoning(self, text: str) -> None:
        output.line({"event": "reasoning", "text": text})

    def text(self, text: str) -> None:
        self._text.append(text)
        output.line({"event": "text", "text": text})

    def unparsed(self, text: str) -> None:
        output.line({"event": "unparsed", "text": text})

    def chosen(self, routed: Routed) -> None:
        output.line({"event": "route", **choice_json(routed.choice), "overruled": routed.overruled or None})

    def sources(self, sources: Sources) -> None:
        if not self._stood_on:
            self._stood_on = True
            passages = [passage_json(passage) for passage in sources.passages]
            output.line({"event": "sources", "passages": passages, "note": sources.note})

    def tool(self, result: ToolResult, arguments: str) -> None:
        output.line(tool_json(result, arguments))

    def consent(self, consent: Consent) -> None:
        output.line({"event": "consent", **consent_json(consent)})

    def left(self, answer: Node) -> None:
        self._left, self._text = None, []
        output.line({"event": "followed", "message": answer.id, "text": answer.message.text})

    def not_followed(self, error: WorkbenchError) -> None:
        output.line({"event": "not_followed", **output.error_json(error)})

    def ended(self, answer: Node) -> None:
        for citation in citations_json(answer.message):
            output.line(citation)
        turn = answer.turn
        if turn is not None and turn.routed is not None and turn.routed.proposal:
            held, doubts = turn.routed.held or None, list(turn.routed.doubts)
            output.line({"event": "proposal", "words": turn.routed.proposal, "failed_checks": doubts, "held": held})
        finished = Finished(Finish.STOP)
        if turn is not None and turn.finish is not None:
            finished = Finished(turn.finish, turn.usage, turn.timings)
        output.line(end_event(finished, answer.message.text, self._cost(self._turn)))

    def failed(self, error: WorkbenchError) -> None:
        output.line({"event": "error", **output.error_json(error)})
        cost = self._cost(self._turn) if self._turn else 0
        output.line(end_event(Finished(Finish.ERROR, Usage(), Timings()), "".join(self._text), cost))


def end_event(finished: Finished, text: str, cost_micros: int | None = 0) -> dict[str, Any]:
    """The last object of a stream: usage and timings are present, null where unknown. Answers of this machine cost 0."""
    return {
        "event": "end",
        "finish": finished.finish.value,
        "text": text,
        "usage": asdict(finished.usage),
        "timings": asdict(finished.timings),
        "cost_micros": cost_micros,
        "currency": "USD",
    }


def passage_json(passage: Passage) -> dict[str, Any]:
    """``start`` and ``end``: in the text of the file, of which ``text`` is exactly that piece."""
    return {
        "number": passage.number,
        "path": passage.path,
        "page": passage.page,
        "label": passage.label,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }


def tool_json(result: ToolResult, arguments: str) -> dict[str, Any]:
    """``arguments``: as an object, or the text that a model wrote where it is none."""
    try:
        read = json.loads(arguments)
    except (ValueError, RecursionError):
        read = arguments
    return {
        "event": "tool",
        "id": result.id,
        "name": result.name,
        "arguments": read,
        "result": result.text,
        "failed": result.failed,
        "seconds": result.seconds,
        "passages": [passage_json(passage) for passage in result.passages],
    }


def citations_json(message: Message) -> list[dict[str, Any]]:
    """A `citation` event for each number in the answer, in order; ``answer_start``, ``answer_end``: where it stands there.
    A number without a passage has null where a passage would tell."""
    passages = {passage.number: passage_json(passage) for passage in message.passages}
    nothing: dict[str, Any] = dict.fromkeys(("path", "page", "label", "start", "end", "text"))
    return [
        {
            "event": "citation",
            **nothing,
            **passages.get(one.number, {"number": one.number}),
            "verdict": one.verdict.value,
            "reason": one.reason,
            "answer_start": one.start,
            "answer_end": one.end,
        }
        for one in message.sources.citations
    ]
