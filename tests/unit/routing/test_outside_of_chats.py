"""`auto` for steps of prompts and programs: the same rules choose, nothing is proposed, and why is told in one line."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.api import RunningApi
from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from workbench.api.served_models import NOT_SERVED, ServedModels
from workbench.api.told import MOST_ROUTE, route_headers
from workbench.chat.asking.choice import Choice
from workbench.chat.asking.resolve import KnownModel
from workbench.jobs import Job
from workbench.messages import ChatRequest, Effort, system, user
from workbench.prompts.prompt import Preferences, Prompt, Step, Variable
from workbench.prompts.running.batches.exporting import step_json
from workbench.prompts.running.run import Run, RunOptions, Telling

EFFORTS = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)
CODE = "Write a Python function that sorts a list."
WHY = "Fake 1B, high effort, because there is code (rule code)"
FRESH = "What is the weather in Berlin today?"


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path / "home", ScriptedBackend("Done."))
    made.known = KnownModel("fake-1b", "Fake 1B", EFFORTS)
    yield made
    made.close()


def performed(workbench: FakeWorkbench, prompt: Prompt, **options: Any) -> Run:
    saved = workbench.prompts.save(prompt).prompt
    return workbench.prompt_runs.run(saved, {"text": CODE}, options=RunOptions(**options))


ONE = Prompt("Do it", "do-it", "{{ text }}", variables=(Variable("text"),))


def test_a_step_gets_the_model_and_effort_of_its_question(workbench: FakeWorkbench) -> None:
    (step,) = performed(workbench, ONE, model="auto").steps
    assert (step.model, step.why) == ("Fake 1B", WHY)
    assert step_json(step)["why"] == WHY
    assert workbench.backend.requests[-1].effort is Effort.HIGH
    (stored,) = workbench.prompt_runs.runs()
    assert stored.steps[0].why == WHY
    assert workbench.router.kept() == ()


def test_the_setting_auto_holds_for_runs_and_a_named_model_does_not_ask(workbench: FakeWorkbench) -> None:
    workbench.change_setting("chat.model", "auto")
    assert performed(workbench, ONE).steps[0].why == WHY
    (step,) = performed(workbench, ONE, model="fake-1b", fresh=True).steps
    assert step.why == ""
    assert step_json(step)["why"] is None
    assert workbench.backend.requests[-1].effort is None


def test_each_step_is_chosen_for_by_itself(workbench: FakeWorkbench) -> None:
    steps = (
        Step("write", "{{ text }}", preferences=Preferences("auto")),
        Step("say", "Say hello to {{ steps.write }}", preferences=Preferences("auto", effort=Effort.MEDIUM)),
    )
    told: list[str] = []

    def hear(event: Any) -> None:
        if isinstance(event.payload, Telling):
            told.append(event.payload.text)

    saved = workbench.prompts.save(Prompt("Both", "both", variables=(Variable("text"),), steps=steps)).prompt
    run = workbench.prompt_runs.run(saved, {"text": CODE}, job=Job(hear))
    assert [request.effort for request in workbench.backend.requests] == [Effort.HIGH, Effort.MEDIUM]
    assert [step.why for step in run.steps] == [
        WHY,
        "Fake 1B, medium effort as you asked, because no rule says otherwise",
    ]
    assert told == [f"Chosen: {step.why}" for step in run.steps]


def test_nothing_is_proposed_in_a_run(workbench: FakeWorkbench) -> None:
    workbench.cloud.switch(on=True)
    saved = workbench.prompts.save(ONE).prompt
    run = workbench.prompt_runs.run(saved, {"text": FRESH}, options=RunOptions("auto"))
    assert "fresh facts" in run.steps[0].why
    assert workbench.provider_client.sent == []
    assert workbench.consents.list() == ()


def test_a_batch_chooses_for_each_input(workbench: FakeWorkbench) -> None:
    saved = workbench.prompts.save(ONE).prompt
    for text, effort in ((CODE, Effort.HIGH), ("Hello!", Effort.LOW)):
        run = workbench.prompt_runs.run(saved, {"text": text}, options=RunOptions("auto", background=True))
        assert workbench.backend.requests[-1].effort is effort
        assert run.steps[0].effort == effort.value


# Programs -------------------------------------------------------------------------------------------------------------


def served(workbench: FakeWorkbench) -> ServedModels:
    return ServedModels(workbench.as_workbench())


def test_a_program_that_asks_for_auto_is_chosen_for(workbench: FakeWorkbench) -> None:
    request = ChatRequest((system("Be brief."), user(CODE)))
    choice = served(workbench).choose("auto", request)
    assert choice is not None
    assert (choice.model, choice.effort, choice.why) == ("fake-1b", Effort.HIGH, WHY)
    assert served(workbench).choose("default", request) is None
    assert served(workbench).choose("fake-1b", request) is None
    workbench.change_setting("chat.model", "auto")
    assert served(workbench).choose("default", request) == choice
    fresh = served(workbench).choose("default", ChatRequest((user(FRESH),)))
    assert fresh is not None
    assert workbench.router.kept() == ()


def test_a_model_of_another_machine_is_not_chosen_where_none_is_served(workbench: FakeWorkbench) -> None:
    class Elsewhere:
        def match(self, _name: str) -> object:
            return object()

    workbench.servers = Elsewhere()  # type: ignore[assignment]
    choice = served(workbench).choose("auto", ChatRequest((user(CODE),), effort=Effort.LOW))
    assert choice is not None
    assert (choice.model, choice.effort, choice.why) == ("default", Effort.LOW, NOT_SERVED)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Callable[[], RunningApi]]:
    running = RunningApi(tmp_path / "api", ScriptedBackend("Done."))
    yield lambda: running
    running.close()


@pytest.mark.parametrize("stream", [True, False])
def test_why_is_told_in_a_header(api: Callable[[], RunningApi], stream: bool) -> None:
    running = api()
    for model, line in (("auto", "Fake 1B, because ?so? it is !"), ("default", None)):
        client = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
        body = json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": "Hi"}]})
        headers = {"Authorization": f"Bearer {running.token}", "Content-Type": "application/json"}
        client.request("POST", "/v1/chat/completions", body, headers)
        answer = client.getresponse()
        assert (answer.status, answer.getheader("X-Workbench-Route")) == (200, line)
        assert b"Done." in answer.read()
        client.close()


def test_no_rule_breaks_a_header() -> None:
    words = "a\r\nSet-Cookie: x=1\x00\x7f é " + "long " * 200
    ((_name, line),) = route_headers(Choice("m", None, words))
    assert line.startswith("a Set-Cookie: x=1 ? long")
    assert line.isprintable()
    assert line.isascii()
    assert len(line) == MOST_ROUTE
