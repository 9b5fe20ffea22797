"""Asks an engine at several depths, round by round, and collects the figures it tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from workbench.diagnostics.bench.prompts import conversation, words_for
from workbench.diagnostics.bench.result import Speed
from workbench.errors import EngineError
from workbench.jobs import Job
from workbench.messages import ChatRequest, Finished, Message, Sampling, user
from workbench.ports import ChatBackend

DEPTHS = (0, 2048, 8192)
ROUNDS = 5
GENERATED_TOKENS = 64
ANSWER_ROOM_TOKENS = 1024  # what a round adds to the depth, and more


@dataclass(frozen=True, slots=True)
class BenchStep:
    """Where a benchmark has got to: the round of a depth; ``done`` of ``total`` rounds."""

    depth: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: speeds by depth, and seconds to the first token of a short question."""

    prompt: tuple[Speed, ...]
    generation: tuple[Speed, ...]
    first_token_seconds: float


def depths_within(depths: Iterable[int], context_tokens: int) -> tuple[int, ...]:
    """Those that the context holds with room for an answer, in order; at least the start of a chat."""
    return tuple(sorted({depth for depth in depths if depth + ANSWER_ROOM_TOKENS <= context_tokens} | {0}))


def measure(backend: ChatBackend, depths: Sequence[int], rounds: int, seed: int, job: Job) -> Figures:
    """``seed``: another one than last time, so that nothing is remembered. Raises `EngineError`, `Cancelled`."""
    return measure_in_turns((backend,), depths, rounds, seed, job)[0]


def measure_in_turns(
    backends: Sequence[ChatBackend], depths: Sequence[int], rounds: int, seed: int, job: Job
) -> tuple[Figures, ...]:
    """As `measure`, of several that are loaded at once: each round asks one after the other, every second round from the
    end, so that what else the machine does slows all of them down."""
    measured = [_Measured(backend, [], [], []) for backend in backends]
    total = len(depths) * rounds * len(measured)
    done = 0
    for depth in depths:
        sizes = [_begin(one.backend, depth, seed, job) for one in measured]
        ends: list[list[Finished]] = [[] for _ in measured]
        for number in range(rounds):
            for which in _order(len(measured), number):
                job.emit(BenchStep(depth, done, total))
                asked = conversation(sizes[which], seed, number)
                ends[which].append(_answer(measured[which].backend, asked, GENERATED_TOKENS, job))
                done += 1
        for one, heard in zip(measured, ends, strict=True):
            one.prompt.append(Speed.of(depth, _known(end.timings.prompt_tokens_per_second for end in heard)))
            one.generation.append(Speed.of(depth, _known(end.timings.generation_tokens_per_second for end in heard)))
    job.emit(BenchStep(depths[-1], total, total))
    for number in range(rounds):
        for which in _order(len(measured), number):
            measured[which].first.append(_first_token_seconds(measured[which].backend, number, job))
    return tuple(one.figures for one in measured)


@dataclass(frozen=True, slots=True)
class _Measured:
    """One of those that are measured, and what is known of it so far."""

    backend: ChatBackend
    prompt: list[Speed]
    generation: list[Speed]
    first: list[float | None]

    @property
    def figures(self) -> Figures:
        return Figures(tuple(self.prompt), tuple(self.generation), median(_known(self.first)))


def _order(count: int, number: int) -> Sequence[int]:
    forwards = range(count)
    return forwards[::-1] if number % 2 else forwards


def _begin(backend: ChatBackend, depth: int, seed: int, job: Job) -> int:
    """How many words make ``depth`` here. The beginning is read once, so that each round only reads what is new."""
    size = words_for(depth, lambda count: _count(backend, conversation(count, seed, 0), job))
    if depth:
        _answer(backend, conversation(size, seed, -1), 1, job)
    return size


def _first_token_seconds(backend: ChatBackend, number: int, job: Job) -> float | None:
    end = _answer(backend, (user(f"Say hello to number {number}."),), 4, job)
    return end.timings.first_token_seconds


def _answer(backend: ChatBackend, messages: tuple[Message, ...], tokens: int, job: Job) -> Finished:
    request = ChatRequest(messages, max_tokens=tokens, sampling=Sampling(temperature=0.0, seed=1))
    for event in backend.stream(request, job.cancel):
        if isinstance(event, Finished):
            return event
    raise EngineError("The engine's answer broke off.")


def _count(backend: ChatBackend, messages: tuple[Message, ...], job: Job) -> int:
    return backend.count_tokens(ChatRequest(messages), job.cancel)


def _known(figures: Iterable[float | None]) -> list[float]:
    """Raises `EngineError` when the engine told none."""
    known = [figure for figure in figures if figure]
    if not known:
        raise EngineError("The engine does not tell how fast it is.", hint="Choose another engine to measure with.")
    return known
