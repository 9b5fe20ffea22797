"""Answers between tags: ``<think>…</think>``, the answer, and calls between markers of their own.

What Qwen3, GLM, Nemotron, ERNIE, Granite, LFM2 and many others write. Reasoning may come first, once. The prompt may have
opened it or closed it already, and it may never end. A tag that stands anywhere else is text: people ask about tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from workbench.engine.parsing.calls import Calls
from workbench.engine.parsing.reader import Broken, Markers, Reader, Steps
from workbench.engine.parsing.voices import Answer, Reasoning


class CallSyntax(Protocol):
    """How a family writes the call of a tool."""

    @property
    def openers(self) -> tuple[str, ...]:
        """The texts that begin a call."""
        ...

    @property
    def ends_reasoning(self) -> tuple[str, ...]:
        """What follows an opener, white space aside, if a call ends reasoning that was not closed; () if none does."""
        ...

    def call(self, reader: Reader, calls: Calls, opener: str, /) -> Steps[None]:
        """Reads one call, or one list of calls, after its ``opener``."""
        ...


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of reasoning. ``wrapper``: those that some put around the answer after it; they are not shown."""

    opening: str = "<think>"
    closing: str = "</think>"
    wrapper: tuple[str, str] | None = None


@dataclass(slots=True)
class TaggedAnswer:
    """The grammar. ``thinking``: whether the prompt ends inside reasoning, or after it; None: before it.
    ``syntax`` is None where no tool was offered: then the markers of calls are text."""

    reader: Reader
    calls: Calls
    tags: Tags | None
    syntax: CallSyntax | None
    thinking: bool | None

    def steps(self) -> Steps[None]:
        answer = Answer()
        opener = ""
        if self.tags is not None:
            opener, unwrap = yield from self._beginning(self.tags, answer)
        else:
            unwrap = ""
        openers = self.syntax.openers if self.syntax is not None else ()
        markers = Markers(*openers, *filter(None, [unwrap]))
        while opener or (opener := (yield from self.reader.say_until(markers, answer))):
            if self.syntax is not None and opener != unwrap:
                yield from self.syntax.call(self.reader, self.calls, opener)
            answer.after_marker()
            opener = ""

    def _beginning(self, tags: Tags, answer: Answer) -> Steps[tuple[str, str]]:
        """Reads the reasoning, if there is any. Returns the opener of a call that ended it, and the end of a wrapper."""
        space = yield from self.reader.space()
        tag = "" if self.thinking else (yield from self.reader.one_of(tags.opening, tags.closing))
        if not self.thinking and not tag:  # no reasoning; white space is shown where no marker is before it
            if self.thinking is None and (piece := answer(space)) is not None:
                yield piece
            if self.thinking is False:
                answer.after_marker()
            return "", ""
        answer.after_marker()
        opener = "" if tag == tags.closing else (yield from self._reasoning(tags))
        if opener or tags.wrapper is None:
            return opener, ""
        yield from self.reader.space()
        opened = yield from self.reader.one_of(tags.wrapper[0])
        return "", tags.wrapper[1] if opened else ""

    def _reasoning(self, tags: Tags) -> Steps[str]:
        """Returns the opener of the call that ended it; "" if its closing tag or the text did."""
        say = Reasoning()
        follows = self.syntax.ends_reasoning if self.syntax is not None else ()
        openers = self.syntax.openers if self.syntax is not None and follows else ()
        markers = Markers(tags.closing, *openers)
        yield from self.reader.space()
        yield from self.reader.one_of(tags.opening)  # some repeat what the prompt has begun
        while True:
            marker = yield from self.reader.say_until(markers, say)
            if marker in ("", tags.closing):
                return ""
            space = yield from self.reader.space()
            if (yield from self.reader.stands(*follows)):
                return marker
            if (piece := say(marker + space)) is not None:  # no call: the model thinks about the marker
                yield piece


def enclosed(reader: Reader, closing: str, followers: tuple[str, ...]) -> Steps[str]:
    """The text up to that ``closing`` tag which one of ``followers`` follows: the text may have such tags itself."""
    markers = Markers(closing)
    parts: list[str] = []
    while True:
        text, marker = yield from reader.collect_until(markers)
        if not marker:
            raise Broken(f"the text stops before {closing}")
        space = yield from reader.space()
        if (yield from reader.stands(*followers)):
            return "".join([*parts, text])
        parts += [text, closing, space]
