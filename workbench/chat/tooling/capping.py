"""How much tools may do for one answer: calls, seconds, tokens; and when calling again leads nowhere. Pure.

All is told from the parts of the answer, so that it holds also for one that is gone on with.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from workbench.chat.tooling.port import Limits
from workbench.chat.tooling.told import Round, arguments_in, rounds_of
from workbench.messages import Part, ToolCall, ToolResult
from workbench.tools.tool import Outcome

MOST_RESULT_TOKENS: Final = 4_000
LEAST_RESULT_TOKENS: Final = 48
CHARACTERS_OF_A_TOKEN: Final = 4
SHORT_RESULT: Final = 240  # characters that are always told
MOST_ALIKE: Final = 2  # calls with the same arguments; the third is not made
AT_ONCE: Final = 4
_BINARY_SHARE: Final = 0.05

NO_ROOM: Final = "There is no room left in the context for a result, so the tool was not called."
AGAIN: Final = "This was called with the same arguments before, and would give the same: its results stand above."
NOT_TEXT: Final = "The tool gave {size:,} characters of data that is no text."
_BINARY = frozenset(chr(code) for code in range(32) if chr(code) not in "\t\n\r\f\v\b\x1b") | {"\ufffd", "\x7f"}


def results_in(parts: Sequence[Part]) -> tuple[ToolResult, ...]:
    return tuple(part for part in parts if isinstance(part, ToolResult))


def why_no_more(parts: Sequence[Part], limits: Limits) -> str:
    """Why this answer can call no more tools, in a sentence; empty while it can."""
    results = results_in(parts)
    if len(results) >= limits.most_calls:
        return f"{limits.most_calls} calls were made for this answer, and no more are allowed."
    if seconds_of(results) >= limits.most_seconds:
        return f"the tools have taken the {limits.most_seconds:,.0f} seconds that one answer may take."
    if any(result.failed and result.text == NO_ROOM for result in results):
        return "the context is full."
    if any(result.failed and result.text == AGAIN for result in results):
        return "the same was called again and again."
    failing = _failed_twice(rounds_of(parts))
    return f"{failing} failed twice in a row." if failing else ""


def seconds_of(results: Sequence[ToolResult]) -> float:
    return sum(result.seconds or 0.0 for result in results)


def alike(parts: Sequence[Part], call: ToolCall) -> int:
    """How many calls with the same arguments were made before ``call``."""
    wanted = _canonical(call)
    ended = {result.id for result in results_in(parts)}
    calls = (part for part in parts if isinstance(part, ToolCall))
    return sum(one.id != call.id and one.id in ended and _canonical(one) == wanted for one in calls)


def room_for_each(left: int, calls: int) -> int:
    """Tokens that each of so many results may have; 0 where there is no room. ``left``: of the context."""
    each = min(MOST_RESULT_TOKENS, left * 3 // 4 // max(1, calls))
    return each if each >= LEAST_RESULT_TOKENS else 0


def result_of(call: ToolCall, outcome: Outcome, seconds: float, tokens: int) -> ToolResult:
    """What is kept of it: as much as there is room for; data that is no text is only told of."""
    text = outcome.text.encode("utf-8", "replace").decode("utf-8")
    if is_binary(text):
        return ToolResult(call.id, call.name, NOT_TEXT.format(size=len(text)), failed=True, seconds=seconds)
    whole = ToolResult(
        call.id, call.name, text, seconds=seconds, passages=outcome.passages, untrusted=outcome.untrusted
    )
    return cut_to(whole, tokens * CHARACTERS_OF_A_TOKEN)


def cut_to(result: ToolResult, characters: int) -> ToolResult:
    """Its beginning, at the end of a line or word where one is near, and the passages that begin in it: also one of which
    only the number and the title are left, for whether that may leave is asked of the passage."""
    if len(result.text) <= characters:
        return result
    window = result.text[:characters]
    ends = (window.rfind(end, characters * 4 // 5) for end in ("\n", " "))
    at = next((end for end in ends if end > 0), characters)
    text = result.text[:at]
    kept = tuple(passage for passage in result.passages if passage.text[:40] in text or f"[{passage.number}]" in text)
    return replace(result, text=text, passages=kept, cut=result.cut + len(result.text) - at)


def is_binary(text: str) -> bool:
    sample = text[:20_000]
    return "\x00" in sample or sum(letter in _BINARY for letter in sample) > len(sample) * _BINARY_SHARE


def _failed_twice(rounds: Sequence[Round]) -> str:
    """The tool all of whose calls failed in two rounds in a row: it was told what was wrong, and that did not help."""
    before: set[str] = set()
    for one in rounds:
        names = {result.name for result in one.results}
        failing = {name for name in names if all(result.failed for result in one.results if result.name == name)}
        if both := sorted(before & failing):
            return both[0]
        before = failing
    return ""


def _canonical(call: ToolCall) -> str:
    found = arguments_in(call.arguments)
    return f"{call.name} {call.arguments if found is None else json.dumps(found, sort_keys=True)}"
