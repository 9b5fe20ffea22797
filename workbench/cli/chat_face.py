"""What is shown of a turn, whoever it is shown to: which event is told when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.choice import Routed
from workbench.chat.events import Chosen, ConsentWaits, Preparing, SourcesFound, ToolEnded, ToolStarted, TurnStarted
from workbench.jobs import JobEvent
from workbench.messages import (
    ReasoningDelta,
    Sources,
    TextDelta,
    ToolCallDelta,
    ToolResult,
    UnparsedText,
)

if TYPE_CHECKING:
    from workbench.chat.tree import Node
    from workbench.consents.consent import Consent
    from workbench.errors import WorkbenchError


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
