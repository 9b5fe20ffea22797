"""An answer that goes on later goes on as it was asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.backend import calling
from tests.fakes.turn_tools import spec
from tests.unit.chat.tooling.scene import Make, open_scene
from workbench.chat.asking.asked_json import asked_from_json, asked_json
from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.exporting.store import ExportStore
from workbench.messages import Effort, Sampling, Text
from workbench.tools.tool import Harm, Outcome

ASKED = Options(
    model="/elsewhere/model.gguf",
    system="Be brief.",
    max_tokens=50,
    sampling=Sampling(temperature=0.0, top_k=3),
    effort=Effort.HIGH,
    reasoning_tokens=20,
    folders=("id/path",),
    tools=("write",),
    memory=False,
)


@pytest.mark.parametrize("asked", [AS_SET, ASKED, Options(tools=(), folders=())])
def test_what_was_asked_comes_back(asked: Options) -> None:
    assert asked_from_json(json.loads(json.dumps(asked_json(asked)))) == asked


@pytest.mark.parametrize("broken", [{"effort": "very"}, {"max_tokens": "x"}, {"tools": 3}, {"reasoning_tokens": []}])
def test_what_cannot_be_read_is_as_the_settings_say(broken: dict[str, Any]) -> None:
    assert asked_from_json(broken) == AS_SET


@pytest.mark.parametrize("more", [AS_SET, Options(max_tokens=70)])
def test_after_a_yes_elsewhere_the_answer_goes_on_as_it_was_asked_for(tmp_path: Any, more: Options) -> None:
    write = spec("write", Harm.WRITE)
    tools = {write: lambda *_given: Outcome("Written.")}
    asked = Options(model="other", system="Be brief.", max_tokens=50, tools=("write",))
    scene = open_scene(tmp_path, calling(("write", '{"text": "Tea"}')), "Done.", tools=tools)
    answer = scene.chat.send(None, "Write.", scene.job(), asked)
    scene.database.close()

    scene = open_scene(tmp_path, "Done.", tools=tools)  # another process, that was told nothing of it
    try:
        scene.consents.accept(scene.consents.list()[0].id)
        ended = scene.chat.resume(answer.id, scene.job(), more)
        assert ended.turn is not None
        assert ended.turn.model == "other"
        (request,) = scene.scripted.requests
        assert request.messages[0].parts == (Text("Be brief."),)
        assert request.max_tokens == (more.max_tokens or 50)
        assert scene.tools.asked_for[-1] == ("write",)
    finally:
        scene.database.close()


def test_how_it_was_asked_is_in_no_export(make: Make) -> None:
    scene = make("Hello.")
    scene.chat.send(None, "Hi", scene.job(), Options(system="A secret of this machine."))
    assert "A secret" not in repr(ExportStore(scene.database).read(scene.conversation))
