"""A turn as a person at a terminal sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from workbench.chat.asking.choice import Routed
from workbench.chat.events import ToolStarted
from workbench.cli import output
from workbench.cli.chat_face import Face
from workbench.cli.consent_words import seen
from workbench.cli.streamed import Streamed
from workbench.messages import (
    Citation,
    Finish,
    Message,
    Passage,
    Sources,
    ToolResult,
    Verdict,
)

if TYPE_CHECKING:
    from workbench.chat.tree import Node
    from workbench.errors import WorkbenchError

DEEPER = "`-m auto:deep` has a question answered with more thought."
STRONGER = "Where the cloud is on, `--cloud` takes it to a stronger model."
MOST_TOLD = 160
"""Characters of a call or its failure in a line for a person; the transcript and JSON have all."""


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
