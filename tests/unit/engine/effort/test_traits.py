"""Which efforts a model has: told by prompts that differ, never by words in a template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.effort.service import TraitsService
from workbench.engine.effort.traits import Render, Traits, as_json, candidates, examine, from_json
from workbench.errors import EngineError
from workbench.events import Bus
from workbench.messages import Effort

OFF, LOW, MEDIUM, HIGH, ON = Effort
LEVELS = (LOW, MEDIUM, HIGH)
Kwargs = Mapping[str, Any]


def renders(tail: str, *, tools: bool = True) -> Render:
    """A template whose prompt ends with ``tail``, an expression over the arguments of the template."""

    def render(body: Mapping[str, Any]) -> str:
        arguments = body.get("chat_template_kwargs", {})
        thinking, effort = arguments.get("enable_thinking", True), arguments.get("reasoning_effort", "medium")
        shown = json.dumps(body["tools"]) if tools and "tools" in body else ""
        return shown + json.dumps(body["messages"]) + tail.format(thinking=thinking, effort=effort)

    return render


@pytest.mark.parametrize(
    ("template", "efforts"),
    [
        (None, ()),
        ("{{ messages }}", ()),
        ("{% if enable_thinking %}", (OFF, ON)),
        ("Reasoning: {{ reasoning_effort }}", LEVELS),
        ("{{ enable_thinking }} {{ reasoning_effort }}", (OFF, *LEVELS)),
        ("my_enable_thinking_hint", ()),
    ],
)
def test_what_a_templates_text_promises(template: str | None, efforts: tuple[Effort, ...]) -> None:
    assert candidates(template) == efforts


@pytest.mark.parametrize(
    ("tail", "efforts", "default", "thinks"),
    [
        ("assistant", (), None, False),
        ("assistant<think>\n", (), None, True),  # always thinks: nothing to choose
        ("Reasoning: {effort}", LEVELS, MEDIUM, True),
        ("thinks: {thinking}", (OFF, ON), ON, True),
        ("{thinking} {effort}", (OFF, *LEVELS), MEDIUM, True),
    ],
)
def test_efforts_are_prompts_that_differ(
    tail: str, efforts: tuple[Effort, ...], default: Effort | None, thinks: bool
) -> None:
    assert examine(renders(tail), "b1") == Traits(efforts, default, thinks, tools=True, build="b1")


def test_a_template_that_ignores_what_its_text_speaks_of_has_no_control() -> None:
    found = examine(renders("assistant"), "b1", "{# enable_thinking reasoning_effort #}")
    assert found.efforts == ()


def test_levels_that_read_the_same_are_one() -> None:
    def render(body: Mapping[str, Any]) -> str:
        return "deep" if body.get("chat_template_kwargs", {}).get("reasoning_effort") == "high" else "usual"

    assert examine(render, "b1").efforts == (LOW, HIGH)


def test_a_template_with_a_clock_cannot_be_judged() -> None:
    moments = iter(range(100))
    assert examine(lambda _body: f"now {next(moments)}", "b1").efforts == ()


def test_tools_are_those_that_the_prompt_shows() -> None:
    assert examine(renders("assistant"), "b1").tools
    assert not examine(renders("assistant", tools=False), "b1").tools


@pytest.mark.parametrize(
    "traits", [Traits(), Traits((OFF, ON), ON, thinks=True, tools=False, build="b2"), Traits(LEVELS, None)]
)
def test_traits_are_kept_as_they_are(traits: Traits) -> None:
    assert from_json(json.loads(json.dumps(as_json(traits)))) == traits


class Engine:
    """Renders, counts, and may refuse."""

    def __init__(self, render: Render, refusal: EngineError | None = None) -> None:
        self.asked = 0
        self._render = render
        self._refusal = refusal

    def render(self, body: Mapping[str, Any], cancel: CancelToken) -> str:
        self.asked += 1
        if self._refusal:
            raise self._refusal
        return self._render(body)


@pytest.fixture
def service(tmp_path: Path) -> Any:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")
    yield TraitsService(database, SystemClock(), Bus(), lambda _path: "{{ enable_thinking }}")
    database.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF")
    return path


def test_a_file_is_examined_once_for_each_build(service: TraitsService, file: Path) -> None:
    assert service.traits(file) == Traits((OFF, ON), None, thinks=True, tools=False)  # only promised
    engine = Engine(renders("Reasoning: {effort}"))
    first = service.examine(engine, file, "b1", CancelToken())
    asked = engine.asked
    assert first.efforts == LEVELS
    assert service.examine(engine, file, "b1", CancelToken()) == service.traits(file) == first
    assert engine.asked == asked
    assert service.examine(Engine(renders("same")), file, "b2", CancelToken()).efforts == ()


def test_another_file_in_its_place_is_another_one(service: TraitsService, file: Path) -> None:
    service.examine(Engine(renders("Reasoning: {effort}")), file, "b1", CancelToken())
    file.write_bytes(b"GGUF, and more")
    assert service.seen(file) is None


def test_an_engine_that_cannot_render_leaves_no_control(service: TraitsService, file: Path) -> None:
    broken = Engine(renders(""), EngineError("It cannot render."))
    assert service.examine(broken, file, "b1", CancelToken()).efforts == ()
    assert service.seen(file) is None
