"""The figures of several rounds as those of one turn. Pure. docs/decisions/0251-one-turn-of-many-rounds.md"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.messages import Finished, Timings, Usage


def added(rounds: Sequence[Finished], seconds: float) -> Finished:
    """``rounds``: how each ended, one at least; the last one's finish is the turn's. ``seconds``: of the whole turn.

    Tokens are summed: those of the prompt as often as they were sent, so that less the cached ones they are what was read.
    Speeds are means over what was read and written. The first token is that of the first round.
    """
    if len(rounds) == 1:
        return rounds[0]
    last, usages, timings = rounds[-1], [one.usage for one in rounds], [one.timings for one in rounds]
    usage = Usage(
        _sum([one.prompt_tokens for one in usages]),
        _sum([one.cached_tokens for one in usages]),
        _sum([one.completion_tokens for one in usages]),
    )
    read = [_less(one.prompt_tokens, one.cached_tokens) for one in usages]
    written = [one.completion_tokens for one in usages]
    speeds = (
        _speed(read, [one.prompt_tokens_per_second for one in timings]),
        _speed(written, [one.generation_tokens_per_second for one in timings]),
    )
    return Finished(last.finish, usage, Timings(timings[0].first_token_seconds, *speeds, seconds))


def _sum(counts: Sequence[int | None]) -> int | None:
    """None where one is not known."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _less(whole: int | None, part: int | None) -> int | None:
    return None if whole is None else whole - (part or 0)


def _speed(tokens: Sequence[int | None], speeds: Sequence[float | None]) -> float | None:
    """All tokens over all seconds, of those rounds that tell both."""
    pairs = [(count, speed) for count, speed in zip(tokens, speeds, strict=True) if count and speed]
    seconds = sum(count / speed for count, speed in pairs)
    return sum(count for count, _speed in pairs) / seconds if seconds else None
