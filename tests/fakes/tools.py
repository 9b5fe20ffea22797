"""Tools as the window sees them: some of each harm, and what is known of models that call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.errors import ToolError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.tools.checking.capability import Capability
from workbench.tools.checking.case import Kind
from workbench.tools.checking.report import CaseResult, CheckProgress, ToolReport
from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec


def spec(name: str, title: str, harm: Harm = Harm.READ, **more: Any) -> ToolSpec:
    return ToolSpec(name, title, f"{title}, for a model.", {"type": "object", "properties": {}}, harm, **more)


SPECS = (
    spec("calculate", "Calculate"),
    spec("now", "Date and time"),
    spec("search_documents", "Search my documents"),
    spec("search_chats", "Search my past chats"),
    spec("web_search", "Search the web", Harm.FETCH, destination="search.example.org", asks_first=True),
)
OF_SERVER = spec("files_write_file", "Write a file", Harm.RUN, source="files", fingerprint="f1")


class FakeTools:
    """A source of `SPECS`, and of one tool of a server. ``outcomes``: what calls give, by name; none: it fails."""

    def __init__(self, *, server: bool = True) -> None:
        self.offered: tuple[ToolSpec, ...] = (*SPECS, OF_SERVER) if server else SPECS
        self.outcomes: dict[str, Outcome] = {"now": Outcome("It is Monday."), "calculate": Outcome("4.25 km")}
        self.calls: list[tuple[str, Mapping[str, Any]]] = []

    def specs(self, place: Place) -> tuple[ToolSpec, ...]:
        return self.offered

    def call(self, name: str, arguments: Mapping[str, Any], call: Call) -> Outcome:
        self.calls.append((name, arguments))
        if name not in self.outcomes:
            raise ToolError(f"{name} does not work.")
        return self.outcomes[name]


ABLE = Capability(able=True, why="It called tools properly in 97 of 100 cases.")
UNABLE = Capability(able=False, why="Its chat template has no place for tools.")


@dataclass
class FakeToolChecks:
    """What is known of every model: at first nothing, so that none is offered tools by itself."""

    known: Capability = Capability(able=None, why="Nobody has checked it yet.")
    report: ToolReport | None = None
    wait_seconds: float = 0.0
    bus: Bus | None = None

    def capability(self, model: str) -> Capability:
        return self.known

    def capable(self, model: str) -> bool | None:
        return self.known.able

    def latest(self, model: str) -> ToolReport | None:
        return self.report

    def run(self, model: str, job: Job, cases: str = "", *, anew: bool = False) -> ToolReport:
        """Three cases of each kind, of which the last one fails."""
        results: list[CaseResult] = []
        for number in range(15):
            kind = list(Kind)[number % 5]
            results.append(CaseResult(f"{kind.value}-{number}", kind, number < 10, calls=1, valid=1, seconds=2.0))
            job.emit(CheckProgress(number + 1, 15, results[-1], 2.0 * (14 - number)))
            job.cancel.wait(self.wait_seconds)
            job.cancel.check()
        self.report = ToolReport("check", model, 1_790_000_000.0, "native b9310", 15, tuple(results), ended=True)
        if self.bus is not None:
            self.bus.publish(Topic.MODELS)
        return self.report
