"""One case asked of a model, with its scripted tools: no chat, no file and no network has part in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.cancel import CancelToken
from workbench.engine.asking.wire import FormatBrokenError
from workbench.errors import ContextFullError
from workbench.messages import (
    ChatRequest,
    Effort,
    Finish,
    Finished,
    Message,
    Part,
    Reasoning,
    Role,
    Sampling,
    StreamEvent,
    Text,
    ToolCall,
    ToolResult,
    Usage,
    fold_events,
    user,
)
from workbench.ports import ChatBackend
from workbench.tools.checking.case import Case
from workbench.tools.checking.grading import Read, Steps, answers, read
from workbench.tools.checking.report import CaseResult, total

MOST_ROUNDS = 6
MOST_TOKENS = 1_024  # of one round; a model that thinks needs most of them
MOST_BROKEN = 2  # calls in a row that no tool could be called with
KEPT_CHARACTERS = 2_000
STEADY = Sampling(temperature=0.0, seed=1)


def ask(
    backend: ChatBackend, case: Case, cancel: CancelToken, monotonic: Callable[[], float], effort: Effort | None = None
) -> CaseResult:
    """Raises `EngineError` where the engine fails, not the model; `Cancelled`."""
    began = monotonic()
    asking = _Asking(backend, case, cancel, effort)
    try:
        why = asking.perform()
    except FormatBrokenError as error:
        why = error.message
    except ContextFullError:
        why = "The case does not fit into the model's context."
    return asking.result(why, monotonic() - began)


@dataclass(slots=True)
class _Asking:
    backend: ChatBackend
    case: Case
    cancel: CancelToken
    effort: Effort | None
    messages: list[Message] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    text: str = ""
    usages: list[Usage] = field(default_factory=list)
    broken: int = 0

    def perform(self) -> str:
        """What went wrong; empty: nothing."""
        self.messages.append(user(self.case.ask))
        steps = Steps(self.case)
        for _ in range(MOST_ROUNDS):
            parts, finish = self._round()
            calls = [part for part in parts if isinstance(part, ToolCall)]
            if not calls:
                self.text = "".join(part.text for part in parts if isinstance(part, Text))
                return self._ending(steps, finish)
            results = []
            for call in calls:
                told, wrong = self._call(call, steps)
                if wrong:
                    return wrong
                results.append(ToolResult(call.id, call.name, told))
            self._told(parts, results)
        return f"It was still calling tools after {MOST_ROUNDS} rounds."

    def _round(self) -> tuple[tuple[Part, ...], Finish]:
        request = ChatRequest(
            tuple(self.messages),
            MOST_TOKENS,
            STEADY,
            effort=self.effort,
            tools=self.case.tools,
            background=True,
        )
        events: list[StreamEvent] = []
        finish = Finish.STOP
        for event in self.backend.stream(request, self.cancel):
            events.append(event)
            if isinstance(event, Finished):
                finish = event.finish
                self.usages.append(event.usage)
        return fold_events(events), finish

    def _call(self, call: ToolCall, steps: Steps) -> tuple[str, str]:
        """What the model is told, and what ends the case."""
        self.called.append(call.text[:KEPT_CHARACTERS])
        found = read(call, self.case.tools)
        self.reads.append(found)
        if not self.case.steps:
            return "", f"It called {call.text[:200]}, though no tool is needed."
        if found.wrong:
            self.broken += 1
            return found.wrong, found.wrong if self.broken >= MOST_BROKEN else ""
        self.broken = 0
        step = steps.take(found)
        if step is None:
            return "", f"It called {call.text[:200]}, which does not help here."
        return step.gives, ""

    def _told(self, parts: tuple[Part, ...], results: list[ToolResult]) -> None:
        said = tuple(part for part in parts if isinstance(part, Text | Reasoning | ToolCall))
        self.messages.append(Message(Role.ASSISTANT, said))
        self.messages += [Message(Role.TOOL, (result,)) for result in results]

    def _ending(self, steps: Steps, finish: Finish) -> str:
        if missing := steps.missing:
            wrote = " It wrote a call as text." if any(_written(step.tool, self.text) for step in missing) else ""
            return f"It never called {missing[0].tool} as it should.{wrote}"
        wrong = answers(self.case, self.text)
        return f"{wrong} It was cut off." if wrong and finish is Finish.LENGTH else wrong

    def result(self, why: str, seconds: float) -> CaseResult:
        return CaseResult(
            self.case.id,
            self.case.kind,
            not why,
            why,
            len(self.reads),
            sum(not one.wrong for one in self.reads),
            tuple(self.called),
            self.text[:KEPT_CHARACTERS],
            round(seconds, 3),
            total([one.prompt_tokens for one in self.usages]),
            total([one.completion_tokens for one in self.usages]),
        )


def _written(tool: str, text: str) -> bool:
    """Whether ``text`` has something like a call of it."""
    return f'"{tool}"' in text or f"{tool}(" in text or f"<function={tool}" in text
