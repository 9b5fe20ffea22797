"""An answer on its way, with what was hidden put back. Pure."""

from __future__ import annotations

from collections.abc import Callable

from workbench.cloud.hiding.redaction import Restorer
from workbench.messages import ReasoningDelta, StreamEvent, TextDelta


class Restoring:
    """Text and thoughts are two streams; a placeholder may be cut in either."""

    def __init__(self, restorer: Callable[[], Restorer]) -> None:
        self._text, self._thought = restorer(), restorer()

    def feed(self, event: StreamEvent) -> list[StreamEvent]:
        """The events that can be told by now, in order."""
        match event:
            case TextDelta():
                return [*self._thoughts_end(), *_told(TextDelta, self._text.feed(event.text))]
            case ReasoningDelta():
                return _told(ReasoningDelta, self._thought.feed(event.text))
            case _:
                return [*self.rest(), event]

    def rest(self) -> list[StreamEvent]:
        """What was held back, at the end or where the stream broke off."""
        return [*self._thoughts_end(), *_told(TextDelta, self._text.rest())]

    def _thoughts_end(self) -> list[StreamEvent]:
        return _told(ReasoningDelta, self._thought.rest())


def _told(kind: type[TextDelta | ReasoningDelta], text: str) -> list[StreamEvent]:
    return [kind(text)] if text else []
