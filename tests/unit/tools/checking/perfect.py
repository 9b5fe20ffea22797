"""A model that does what a case wants, as a script: the calls with their arguments, then the words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.fakes.backend import Answer, ScriptedBackend
from workbench.cancel import CancelToken
from workbench.messages import (
    ChatRequest,
    Finish,
    Finished,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    Usage,
)
from workbench.tools.checking.case import Case, Step
from workbench.tools.checking.reading import all_cases


def concrete(wanted: Any) -> Any:
    """A value that `matches` what is wanted."""
    if isinstance(wanted, dict) and len(wanted) == 1:
        (how, values), *_ = wanted.items()
        if how == "any":
            return concrete(values[0])
        if how == "has":
            return " and ".join(values)
        if how == "set":
            return [concrete(one) for one in reversed(values)]
    return wanted


def called(*calls: tuple[str, Any]) -> list[StreamEvent | Exception]:
    """An answer that makes these calls. Arguments that are a text stand as they are."""
    pieces: list[StreamEvent | Exception] = [
        ToolCallDelta(
            number, f"call-{number}", name, arguments if isinstance(arguments, str) else json.dumps(arguments)
        )
        for number, (name, arguments) in enumerate(calls)
    ]
    return [*pieces, Finished(Finish.TOOL_CALLS, Usage(100, 0, 20))]


def said(text: str) -> list[StreamEvent | Exception]:
    return [TextDelta(text), Finished(Finish.STOP, Usage(120, 100, 5))]


def call_of(step: Step) -> tuple[str, Any]:
    return step.tool, {name: concrete(value) for name, value in step.arguments.items()}


def script(case: Case) -> list[Answer]:
    """One call a round, then the answer."""
    words = " ".join(one[0] for one in case.answer) or "Done."
    return [*(called(call_of(step)) for step in case.steps), said(words)]


class PerfectBackend(ScriptedBackend):
    """Does every case as it should be done, whichever comes; ``asked``: what it was asked, in order."""

    def __init__(self) -> None:
        super().__init__("unused")
        self.asked: list[str] = []
        self._scripts = {case.ask: script(case) for case in all_cases()}

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        cancel.check()
        question = request.messages[0].text
        if len(request.messages) == 1:
            self.asked.append(question)
        rounds = sum(bool(message.tool_calls) for message in request.messages)
        self.requests.append(request)
        for step in self._scripts[question][rounds]:
            assert not isinstance(step, str)
            yield step  # type: ignore[misc]
