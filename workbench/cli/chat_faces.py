"""How a turn is shown: to a person at a terminal, or to a script as one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.choice import Routed, choice_json
from workbench.chat.events import Chosen, ConsentWaits, Preparing, SourcesFound, ToolEnded, ToolStarted, TurnStarted
from workbench.cli import output
from workbench.cli.consent_words import consent_json, seen
from workbench.cli.streamed import Streamed
from workbench.jobs import JobEvent
from workbench.messages import (
    Citation,
    Finish,
    Finished,
    Message,
    Passage,
    ReasoningDelta,
    Sources,
    TextDelta,
    Timings,
    ToolCallDelta,
    ToolResult,
    UnparsedText,
    Usage,
    Verdict,
)

if TYPE_CHECKING:
    from workbench.chat.tree import Node
    from workbench.consents.consent import Consent
    from workbench.errors import WorkbenchError

DEEPER = "`-m auto:deep` has a question answered with more thought."
STRONGER = "Where the cloud is on, `--cloud` takes it to a stronger model."
MOST_TOLD = 160
"""Characters of a call or its failure in a line for a person; the transcript and JSON have all."""


class Face:
    """What is shown of a turn; here nothing."""

    conversation: str | None = None
    asked = False  # about anything, in any turn
    _answer: str = ""
    _turn: str = ""
    _left: Node | None = None

    def __init__(self, cost: Callable[[str], int | None] = lambda _turn: 0) -> None:
        """``cost``: of a turn, in millionths, None where it is not known; what this machine answers costs nothing."""
        self._cost = cost
        self._arguments: dict[str, str] = {}  # of each call, as the model writes them
        self._open: dict[int, str] = {}
        self._kinds: Mapping[type, Callable[[Any], None]] = {
            TurnStarted: self._started,
            Chosen: lambda event: self.chosen(event.routed),
            Preparing: lambda event: self.preparing(event.text),
            ReasoningDelta: lambda event: self.reasoning(event.text),
            TextDelta: lambda event: self.text(event.text),
            UnparsedText: lambda event: self.unparsed(event.text),
            SourcesFound: lambda event: self.sources(event.sources),
            ToolCallDelta: self._written,
            ToolStarted: self._called,
            ToolEnded: lambda event: self.tool(event.result, self._arguments.get(event.result.id, "")),
            ConsentWaits: self._asked,
        }

    def report(self, news: JobEvent) -> None:
        tell = self._kinds.get(type(news.payload))
        if tell is not None:
            tell(news.payload)

    def _started(self, event: TurnStarted) -> None:
        self.conversation = event.conversation
        self._turn = event.answer.turn.id if event.answer.turn else ""
        if self._left is not None and event.answer.id != self._left.id:
            self.left(self._left)
        if event.answer.id != self._answer:  # else room was made for it or a person was asked, and it is gone on with
            self._answer = event.answer.id
            self.started(event)

    def goes_on(self, answer: Node) -> None:
        """That of a stronger model may come after ``answer``, in the same turn."""
        self._left = answer

    def _written(self, event: ToolCallDelta) -> None:
        if event.id:
            self._open[event.index] = event.id
        call = self._open.get(event.index, "")
        self._arguments[call] = self._arguments.get(call, "") + event.arguments

    def _called(self, event: ToolStarted) -> None:
        self._arguments[event.call.id] = event.call.arguments
        self.calling(event)

    def _asked(self, event: ConsentWaits) -> None:
        self.asked = True
        self.consent(event.consent)

    def started(self, event: TurnStarted) -> None: ...
    def chosen(self, routed: Routed) -> None: ...
    def preparing(self, words: str) -> None: ...
    def reasoning(self, text: str) -> None: ...
    def text(self, text: str) -> None: ...
    def unparsed(self, text: str) -> None: ...
    def sources(self, sources: Sources) -> None: ...
    def calling(self, event: ToolStarted) -> None: ...
    def tool(self, result: ToolResult, arguments: str) -> None: ...
    def consent(self, consent: Consent) -> None: ...
    def left(self, answer: Node) -> None:
        """It is whole, and another one begins."""

    def not_followed(self, error: WorkbenchError) -> None:
        """What was to come after an answer did not, or not whole."""

    def ended(self, answer: Node) -> None: ...
    def failed(self, error: WorkbenchError) -> None: ...


class TerminalFace(Face):
    """The answer on stdout; what the program does and the model thinks on stderr."""

    def __init__(self, cost: Callable[[str], int | None] = lambda _turn: 0) -> None:
        super().__init__(cost)
        self._broken = False
        self._streamed = Streamed()
        self._whole = ""  # the answer whose end was told, though the turn went on

    def chosen(self, routed: Routed) -> None:
        if not routed.overruled:
            output.say(routed.line)

    def preparing(self, words: str) -> None:
        self._streamed.telling(words)

    def reasoning(self, text: str) -> None:
        self._streamed.reasoning(text)

    def text(self, text: str) -> None:
        self._streamed.text(text)

    def unparsed(self, text: str) -> None:
        if not self._broken:
            self._broken = True
            output.say("\n--- The model broke its own format; its text as it is:")
        self._streamed.write(text)

    def sources(self, sources: Sources) -> None:
        if sources.note:
            self.preparing(sources.note)

    def calling(self, event: ToolStarted) -> None:
        to = f" ({event.destination})" if event.destination else ""
        self._aside(f"{event.title}{to}: {event.call.arguments}")

    def tool(self, result: ToolResult, arguments: str) -> None:
        if result.failed:
            self._aside(f"{result.name} {arguments}: {result.text}")

    def _aside(self, words: str) -> None:
        """A line between the pieces of the answer."""
        self._streamed.end_thoughts()
        words = " ".join(words.split())
        output.say(seen(words if len(words) <= MOST_TOLD else f"{words[:MOST_TOLD]}…"))

    def left(self, answer: Node) -> None:
        self._left, self._whole = None, answer.id
        self._tell_end(answer, 0)
        output.write("\n")

    def not_followed(self, error: WorkbenchError) -> None:
        self.failed(error)

    def ended(self, answer: Node) -> None:
        if answer.id != self._whole:
            self._tell_end(answer, self._cost(self._turn))
        for line in _doubts(answer):
            output.say(line)

    def _tell_end(self, answer: Node, cost_micros: int | None) -> None:
        if answer.message.text or answer.turn is None or answer.turn.finish is not Finish.WAITING:
            output.write("\n")
        for line in source_lines(answer.message):
            output.say(line)
        output.say(_summary(answer, cost_micros))

    def failed(self, error: WorkbenchError) -> None:
        output.tell(error, as_json=False)


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


def source_lines(message: Message) -> list[str]:
    """For a person: what was cited, with what is wrong with it; where nothing was cited, what was given."""
    sources = message.sources
    cited = {one.number for one in sources.citations}
    shown = [one for one in message.passages if one.number in cited] or list(sources.passages)
    wrong = [one for one in sources.citations if one.verdict is not Verdict.SUPPORTED]
    lines = ["", "Cited:" if cited else "Given, and not cited:"] if shown else []
    lines += [_source_line(passage, [one for one in wrong if one.number == passage.number]) for passage in shown]
    known = {one.number for one in shown}
    return [*lines, *(f"[{one.number}] {one.reason}" for one in wrong if one.number not in known)]


def _source_line(passage: Passage, wrong: Sequence[Citation]) -> str:
    place = f", {passage.label}" if passage.label else ""
    told = "".join(f"\n    ! {reason}" for reason in dict.fromkeys(one.reason for one in wrong))
    return output.safe(f"[{passage.number}] {passage.path}{place}{told}")


def _doubts(answer: Node) -> list[str]:
    """Why an answer was stopped, and what is plainly wrong with one whose model was chosen, with what helps."""
    turn = answer.turn
    if turn is None:
        return []
    late = [turn.note] if turn.finish is Finish.LENGTH and turn.note else []
    routed = turn.routed
    if routed is None or not routed.proposal:
        return late
    ways = ["" if routed.choice.deep else DEEPER, "" if routed.choice.private else STRONGER]
    return [*late, " ".join(words for words in (routed.proposal, routed.held, *ways) if words)]


def _summary(answer: Node, cost_micros: int | None) -> str:
    turn = answer.turn
    if turn is None:
        return ""
    words = [f"{turn.model}, effort {turn.effort.value}" if turn.effort else turn.model]
    if turn.finish is Finish.CANCELLED:
        words.append("stopped; what was answered is kept")
    if turn.finish is Finish.LENGTH:
        words.append("ended early" if turn.note else "cut at the longest answer")
    if turn.finish is Finish.WAITING:
        words.append("waits for you")
    if turn.usage.completion_tokens is not None:
        words.append(f"{turn.usage.completion_tokens} tokens")
    if turn.timings.generation_tokens_per_second is not None:
        words.append(f"{turn.timings.generation_tokens_per_second:.1f} tokens/s")
    if turn.timings.first_token_seconds is not None:
        words.append(f"first token after {turn.timings.first_token_seconds:.2f} s")
    if cost_micros:
        from workbench.cloud.spending.amounts import short

        words.append(short(cost_micros))
    return " · ".join(words)
