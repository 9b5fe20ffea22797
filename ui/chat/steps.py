"""The tool calls of an answer as a person reads them: which follow each other, and each as a quiet line. Pure, no Qt."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ui.translation import marked, tr
from workbench.messages import Part, Reasoning, ToolCall, ToolResult

StepState = Literal["running", "done", "failed", "waiting", "open"]
WORDS = 140  # characters of the arguments in a step's line
NOTICED = 0.05  # seconds: less is at once
FIRST_GROUP = -1000  # as the number of a part: what stands for several steps
_ASKED = ("query", "q", "expression", "url", "text", "path", "question")  # the argument that says most comes first
_SIGNS = "\n\t"  # kept in a text that is shown in full
_TITLES = {
    "calculate": marked("Calculate"),
    "now": marked("Look at the clock"),
    "search_documents": marked("Search my documents"),
    "search_chats": marked("Search my past chats"),
    "web_search": marked("Search the web"),
    "fetch_page": marked("Read a page"),
    "remember": marked("Propose to remember"),
}
_ICONS = {
    "calculate": "calculator",
    "now": "clock",
    "search_documents": "file-search",
    "search_chats": "messages-square",
    "web_search": "globe",
    "fetch_page": "globe",
    "remember": "bookmark",
}


@dataclass(frozen=True, slots=True)
class StepsRow:
    """The switch that folds several steps. ``part``: see `group_part`."""

    part: int
    label: str
    expanded: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """One call. ``words``: what it was called with, in short, or what is going on in it. ``part``: of the call."""

    part: int
    title: str
    words: str
    state: StepState
    icon: str = "wrench"
    seconds: str = ""
    expanded: bool = False


@dataclass(frozen=True, slots=True)
class StepTextRow:
    """What a call was made with, or what it gave: plain text under a heading."""

    part: int
    heading: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A call of an answer and, once it is there, its result. ``part``: the place of the call among the parts."""

    part: int
    call: ToolCall
    result: ToolResult | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Calls that follow each other, and the thoughts between them, in order."""

    pieces: tuple[int | Step, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Step))

    @property
    def part(self) -> int:
        """As the number of a part, for the switch that folds it."""
        return FIRST_GROUP - self.steps[0].part


def runs(parts: Sequence[Part]) -> Iterator[int | Run]:
    """The places of the parts that are no calls, and the runs of calls, in the order in which they are shown. A result is
    shown with its call; one whose call is not there is a part of its own."""
    results = _by_call(parts)
    called = {part.id for part in parts if isinstance(part, ToolCall)}
    run: list[int | Step] = []
    thoughts: list[int] = []
    for place, part in enumerate(parts):
        if isinstance(part, ToolCall):
            run += [*thoughts, Step(place, part, results.get(place))]
            thoughts = []
        elif isinstance(part, ToolResult) and part.id in called:
            continue
        elif run and isinstance(part, Reasoning):
            thoughts.append(place)
        else:
            yield from _ended(run, thoughts)
            run, thoughts = [], []
            yield place
    yield from _ended(run, thoughts)


def _by_call(parts: Sequence[Part]) -> dict[int, ToolResult]:
    """The results by the places of their calls. Models use an id twice: each result goes to the first call without one."""
    open_calls: dict[str, list[int]] = {}
    found: dict[int, ToolResult] = {}
    for place, part in enumerate(parts):
        if isinstance(part, ToolCall):
            open_calls.setdefault(part.id, []).append(place)
        elif isinstance(part, ToolResult) and open_calls.get(part.id):
            found[open_calls[part.id].pop(0)] = part
    return found


def _ended(run: list[int | Step], thoughts: list[int]) -> Iterator[int | Run]:
    if run:
        yield Run(tuple(run))
    yield from thoughts


# In words -------------------------------------------------------------------------------------------------------------


def step_row(step: Step, titles: Mapping[str, str], *, live: bool, waits: bool, note: str, expanded: bool) -> StepRow:
    """``live``: the answer is being written, so that a call without result is being made; ``waits``: for a consent;
    ``note``: what the call tells while it is made."""
    state = state_of(step.result, live=live, waits=waits)
    words = note if state == "running" and note else short(step.call.arguments)
    return StepRow(
        step.part,
        title_of(step.call.name, titles),
        words,
        state,
        _ICONS.get(step.call.name, "wrench"),
        seconds_words(step.result.seconds) if step.result is not None else "",
        expanded,
    )


def state_of(result: ToolResult | None, *, live: bool, waits: bool) -> StepState:
    if result is not None:
        return "failed" if result.failed else "done"
    if waits:
        return "waiting"
    return "running" if live else "open"


def title_of(name: str, titles: Mapping[str, str]) -> str:
    """As a person calls the tool; of one that nobody knows, the words of its name."""
    if name in titles:
        return one_line(titles[name])
    if name in _TITLES:
        return tr(_TITLES[name])
    words = one_line(name.replace("__", ": ").replace("_", " "))
    return words[:1].upper() + words[1:]


def run_label(run: Run) -> str:
    """ "3 steps · 4.2 s · 1 failed"."""
    steps = run.steps
    seconds = [one.result.seconds for one in steps if one.result is not None and one.result.seconds is not None]
    failed = sum(one.result.failed for one in steps if one.result is not None)
    pieces = [tr("{count} steps").format(count=len(steps))]
    if sum(seconds) >= NOTICED:
        pieces.append(seconds_words(sum(seconds)))
    if failed:
        pieces.append(tr("{count} failed").format(count=failed))
    return " · ".join(pieces)


def state_words(state: StepState) -> str:
    """What a screen reader says of a step."""
    return {
        "running": tr("running"),
        "done": tr("done"),
        "failed": tr("failed"),
        "waiting": tr("waits for you"),
        "open": tr("not done"),
    }[state]


def seconds_words(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < NOTICED:
        return tr("at once")
    return tr("{seconds} s").format(seconds=f"{seconds:.1f}" if seconds < 10 else round(seconds))


def texts_of(step: Step) -> Iterator[StepTextRow]:
    """What is unfolded under a step."""
    given = in_full(step.call.arguments)
    if given not in ("", "{}"):
        yield StepTextRow(step.part, tr("Called with"), given)
    if step.result is not None:
        cut = step.result.cut
        note = tr("{count} characters were left out.").format(count=f"{cut:,}") if cut else ""
        heading = tr("What went wrong") if step.result.failed else tr("Result")
        yield StepTextRow(step.part, heading, visible(step.result.text) or tr("Nothing"), note)


def short(arguments: str) -> str:
    """The arguments of a call in one line: a single one is its value alone."""
    try:
        read = json.loads(arguments or "{}")
    except ValueError:
        read = arguments
    if isinstance(read, dict):
        names = sorted(read, key=lambda name: _ASKED.index(name) if name in _ASKED else len(_ASKED))
        told = [
            _value(read[name]) if place == 0 else f"{name}: {_value(read[name])}" for place, name in enumerate(names)
        ]
        if len(told) > 1 and names[0] not in _ASKED:
            told[0] = f"{names[0]}: {told[0]}"
        words = one_line(" · ".join(told))
    else:
        words = one_line(str(read))
    return f"{words[: WORDS - 1]}…" if len(words) > WORDS else words


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def in_full(arguments: str) -> str:
    """The arguments of a call, one to a line where they are JSON."""
    try:
        read = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return visible(arguments)
    return request_text(read) if isinstance(read, dict) else visible(arguments)


def request_text(request: Mapping[str, Any]) -> str:
    """All of it, as JSON that is indented; nothing in it is invisible."""
    return visible(json.dumps(dict(request), ensure_ascii=False, indent=2))


def one_line(text: str) -> str:
    """In one line, nothing in it invisible."""
    return visible(" ".join(text[: 20 * WORDS].split()))


def visible(text: str) -> str:
    """What cannot be seen, or turns what is beside it around, as its number: \\u202e. Line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(sign) for sign in text)


def _shown(sign: str) -> str:
    if sign in _SIGNS or unicodedata.category(sign) not in _UNSEEN:
        return sign
    return f"\\u{ord(sign):04x}"


_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # control, format, surrogates, private, and the separators of lines
