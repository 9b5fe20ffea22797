"""Writes one answer: reads the prompt, draws tokens, takes the text apart. Runs in the one thread that computes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.engine.parsing.events import CallStart, FormatError, Piece, ReasoningText
from workbench.engine.worker.faults import FormatBroken
from workbench.engine.worker.model import Model
from workbench.engine.worker.question import Question
from workbench.engine.worker.sampling import Sampler
from workbench.engine.worker.tape import Tape
from workbench.engine.worker.text import AnswerTextStream
from workbench.engine.worker.voice import Voice

MOST_RAW_PIECES = 2048  # of a text whose format is broken


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of the prompt's tokens are read; ``cached`` needed no reading."""

    processed: int
    total: int
    cached: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """``finish``: stop, length or tool_calls. Seconds are of computing."""

    finish: str
    prompt_tokens: int
    cached_tokens: int
    prompt_seconds: float
    predicted_tokens: int
    predicted_seconds: float


News = Progress | Piece | Figures


class Generation:
    """``sampler`` and ``parser`` are for this answer alone."""

    def __init__(self, model: Model, tape: Tape, voice: Voice, question: Question, sampler: Sampler) -> None:
        self._model = model
        self._tape = tape
        self._voice = voice
        self._question = question
        self._sampler = sampler
        self._parser = voice.parser(question.tools, question.tail)
        self._text = AnswerTextStream(question.stops)
        # The channels of harmony are in the grammar of a call; all else that is thought stands before it.
        self._whole = question.calls and voice.channels
        self._marker = "" if self._whole else voice.answer_marker(question.tail)
        self._opening = voice.thought_opening(question.tail) if question.grammar else ""
        self._tail = ""  # of what was written, to find the marker
        self._forced: deque[int] = deque()  # tokens that end the reasoning
        self._thoughts = 0
        self._called = False
        self._broken: FormatError | None = None
        self._raw: list[str] = []  # what was written since the format was broken

    def run(self) -> Iterator[News]:
        """Raises `Aborted`, `FormatBroken`."""
        started = time.perf_counter()
        if self._question.slot is not None:
            self._tape.switch(self._question.slot)
        cached = self._tape.keep(self._question.prompt)
        yield self._progress(cached, cached, started)
        for read in self._tape.read(self._question.prompt, self._question.pictures):
            yield self._progress(read, cached, started)
        self._sampler.see(self._question.prompt)
        read_at = time.perf_counter()
        count, finish = 0, ""
        while not finish:
            token = self._next()
            count += 1
            if self._model.ends(token):
                finish = "stop"
                break
            yield from self._parsed(self._text.feed(self._model.piece(token, self._voice.special)))
            finish = self._reason_to_end(count)
            if not finish:
                self._tape.append([token])
        written_at = time.perf_counter()
        yield from self._rest(cut=finish == "length" or self._text.stopped)
        if self._called and finish == "stop":
            finish = "tool_calls"
        yield Figures(finish, len(self._question.prompt), cached, read_at - started, count, written_at - read_at)

    def _progress(self, read: int, cached: int, started: float) -> Progress:
        return Progress(read, len(self._question.prompt), cached, time.perf_counter() - started)

    def _next(self) -> int:
        if self._opening:
            self._let_think()
        if self._forced and (token := self._next_forced()) is not None:
            return token
        return self._sampler.draw(within_grammar=not self._marker)

    def _next_forced(self) -> int | None:
        """None where the grammar is at a place that they do not fit: then the model goes on by itself."""
        token = self._forced.popleft()
        if not self._whole or self._sampler.take(token):
            return token
        self._forced.clear()
        return None

    def _let_think(self) -> None:
        """A schema would keep the model from its first thought: if it wants to think, it may."""
        opening = self._model.tokenize(self._opening, add_special=False)
        if len(opening) == 1 and self._sampler.wants(opening[0]):
            self._forced.append(opening[0])
            self._marker = self._voice.end_of_thought
        self._opening = ""

    def _reason_to_end(self, count: int) -> str:
        if self._text.stopped:
            return "stop"
        most = self._question.most_tokens
        if most is not None and count >= most:
            return "length"
        if len(self._raw) >= MOST_RAW_PIECES:
            return "length"
        return "length" if len(self._tape.tokens) + 1 >= self._model.context_tokens else ""

    def _parsed(self, text: str) -> Iterator[Piece]:
        """A text that breaks the format is written to its end all the same: the person shall see all of it."""
        if not text:
            return
        if self._broken is not None:
            self._raw.append(text)
            return
        self._look_for_answer(text)
        try:
            pieces = self._parser.feed(text)
        except FormatError as error:
            self._broken = error
            return
        yield from self._noted(pieces)

    def _rest(self, *, cut: bool) -> Iterator[Piece]:
        """Raises `FormatBroken` with all that was written."""
        yield from self._parsed(self._text.end())
        if self._broken is None:
            try:
                pieces = self._parser.end(cut=cut)
            except FormatError as error:
                self._broken = error
            else:
                yield from self._noted(pieces)
        if (broken := self._broken) is not None:
            raise FormatBroken(broken.expected, broken.reason, broken.raw + "".join(self._raw)) from broken

    def _noted(self, pieces: tuple[Piece, ...]) -> Iterator[Piece]:
        for piece in pieces:
            self._called = self._called or isinstance(piece, CallStart)
            if isinstance(piece, ReasoningText):
                self._count_thought()
            yield piece

    def _count_thought(self) -> None:
        most = self._question.thinking_tokens
        self._thoughts += 1
        closing = self._voice.closing_before_call if self._whole else self._voice.closing
        if most is not None and self._thoughts == most + 1 and closing:
            self._forced.extend(self._model.tokenize(closing, add_special=False))

    def _look_for_answer(self, text: str) -> None:
        """A schema is for the answer: the reasoning before it is free."""
        if self._marker:
            self._tail = self._tail[-len(self._marker) :] + text
            if self._marker in self._tail:
                self._marker = ""
