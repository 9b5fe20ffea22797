"""An answer on its way, with what was hidden put back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbench.chat.escalating.hiding_parts import arguments_changed
from workbench.cloud.hiding.redaction import Restorer
from workbench.messages import ReasoningDelta, StreamEvent, TextDelta, ToolCallDelta


class Restoring:
    """Text and thoughts are two streams; a placeholder may be cut in either. Calls are held back until they are whole: only
    then it is known what of their arguments is a text."""

    def __init__(self, restorer: Callable[[], Restorer]) -> None:
        self._restorer = restorer
        self._calls: dict[int, list[ToolCallDelta]] = {}
        self._text, self._thought = restorer(), restorer()

    def feed(self, event: StreamEvent) -> list[StreamEvent]:
        """The events that can be told by now, in order."""
        match event:
            case TextDelta():
                return [*self._thoughts_end(), *_told(TextDelta, self._text.feed(event.text))]
            case ReasoningDelta():
                return _told(ReasoningDelta, self._thought.feed(event.text))
            case ToolCallDelta():
                self._calls.setdefault(event.index, []).append(event)
                return [*self._thoughts_end(), *_told(TextDelta, self._text.rest())]
            case _:
                return [*self.rest(), event]

    def rest(self) -> list[StreamEvent]:
        """What was held back, at the end or where the stream broke off."""
        return [*self._thoughts_end(), *_told(TextDelta, self._text.rest()), *self._whole_calls()]

    def _whole_calls(self) -> Iterator[StreamEvent]:
        held, self._calls = self._calls, {}
        for index, pieces in held.items():
            arguments = arguments_changed("".join(piece.arguments for piece in pieces), self._restored)
            name = next((piece.name for piece in pieces if piece.name), "")
            yield ToolCallDelta(index, next((piece.id for piece in pieces if piece.id), ""), name, arguments)

    def _restored(self, text: str) -> str:
        restorer = self._restorer()
        return restorer.feed(text) + restorer.rest()

    def _thoughts_end(self) -> list[StreamEvent]:
        return _told(ReasoningDelta, self._thought.rest())


def _told(kind: type[TextDelta | ReasoningDelta], text: str) -> list[StreamEvent]:
    return [kind(text)] if text else []
