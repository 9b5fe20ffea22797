"""An answer that waits for a person, and one whose process was killed: how they go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.backend import Answer, calling
from tests.fakes.turn_tools import spec
from tests.unit.chat.tooling.scene import Make, Scene, finish_of, open_scene
from workbench.chat.tooling.making import UNKNOWN_END
from workbench.chat.tooling.permitting import TAKEN_BACK
from workbench.chat.tooling.unmade import is_unmade
from workbench.consents.consent import ConsentKind, ConsentState, Question, Scope
from workbench.errors import UsageError
from workbench.messages import Finish, Finished, ToolCall
from workbench.tools.tool import Call, Harm, Outcome

PUT = spec("put", Harm.WRITE)
LOOK = spec("look")
CALLS: list[Answer] = [calling(("look", '{"text": "a"}'), ("put", '{"text": "b"}')), "All done."]


def done(arguments: Mapping[str, Any], _call: Call) -> Outcome:
    return Outcome(f"did {arguments['text']}")


def test_an_answer_waits_with_what_it_has_and_goes_on_when_it_may(make: Make) -> None:
    scene = make(*CALLS, tools={PUT: done, LOOK: done})
    answer = scene.ask()
    assert finish_of(answer) is finish_of(scene.answer()) is Finish.WAITING
    assert [result.text for result in scene.results()] == ["did a"]
    (consent,) = scene.waiting()
    assert consent.request["arguments"] == {"text": "b"}
    assert isinstance(scene.news[-1], Finished)
    assert scene.news[-1].finish is Finish.WAITING
    with pytest.raises(UsageError, match="waits for a yes or no"):
        scene.chat.continue_answer(answer.id, scene.job())
    scene.consents.accept(consent.id)
    whole = scene.chat.resume(answer.id, scene.job())
    assert (finish_of(whole), whole.message.text) == (Finish.STOP, "All done.")
    assert [result.text for result in scene.results()] == ["did a", "did b"]
    roles = [message.role.value for message in scene.scripted.requests[1].messages]
    assert roles == ["user", "assistant", "tool", "tool"]
    assert scene.scripted.requests[1].messages[:1] == scene.scripted.requests[0].messages


def test_it_waits_on_while_nobody_has_answered(make: Make) -> None:
    scene = make(*CALLS, tools={PUT: done, LOOK: done})
    answer = scene.ask()
    again = scene.chat.resume(answer.id, scene.job())
    assert finish_of(again) is Finish.WAITING
    first, second = scene.waiting()
    assert first.id == second.id
    assert len(scene.scripted.requests) == 1


def test_a_no_is_told_to_the_model(make: Make) -> None:
    scene = make(*CALLS, tools={PUT: done, LOOK: done})
    answer = scene.ask()
    scene.consents.refuse(scene.waiting()[0].id)
    assert finish_of(scene.chat.resume(answer.id, scene.job())) is Finish.STOP
    assert [name for name, _arguments in scene.tools.calls] == ["look"]
    assert scene.results()[1].failed
    assert "does not want" in scene.results()[1].text


def test_what_a_person_changed_is_what_is_done(make: Make) -> None:
    scene = make(*CALLS, tools={PUT: done, LOOK: done})
    answer = scene.ask()
    consent = scene.waiting()[0]
    scene.consents.accept(consent.id, Scope.ONCE, {**consent.request, "arguments": {"text": "c"}})
    scene.chat.resume(answer.id, scene.job())
    assert scene.results()[1].text == "did c"


def test_a_proposal_to_remember_waits_for_nobody(make: Make) -> None:
    remember = spec("remember")
    scene = make(calling(("remember", '{"text": "Likes tea"}')), "Noted.", tools={remember: done})

    def propose(arguments: Mapping[str, Any], call: Call) -> Outcome:
        place = call.place
        scene.consents.ask(
            Question(
                ConsentKind.MEMORY,
                "memory",
                "Remember this?",
                dict(arguments),
                conversation_id=place.conversation_id,
                message_id=place.message_id,
                call_id=call.id,
            )
        )
        return Outcome("The person will decide.")

    scene.tools.tools[remember] = propose
    answer = scene.ask()
    assert (finish_of(answer), answer.message.text) == (Finish.STOP, "Noted.")
    (consent,) = scene.waiting()
    assert consent.question.kind is ConsentKind.MEMORY


def test_a_tool_that_is_gone_when_the_answer_goes_on_is_told(make: Make) -> None:
    scene = make(*CALLS, tools={PUT: done, LOOK: done})
    answer = scene.ask()
    scene.consents.accept(scene.waiting()[0].id)
    del scene.tools.tools[PUT]
    assert finish_of(scene.chat.resume(answer.id, scene.job())) is Finish.STOP
    assert scene.results()[1].text == "There is no tool 'put'. There are: look."


def test_an_answer_goes_on_with_the_tools_that_it_began_with(make: Make) -> None:
    scene = make(*CALLS, tools={PUT: done, LOOK: done})
    answer = scene.ask()
    scene.chat.set_tools(scene.conversation, ())
    scene.consents.accept(scene.waiting()[0].id)
    scene.chat.resume(answer.id, scene.job())
    assert [result.failed for result in scene.results()] == [False, False]


# Killed ---------------------------------------------------------------------------------------------------------------


def die(_arguments: Mapping[str, Any], _call: Call) -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def perform(folder: Path, where: str) -> None:
    """In a process of its own: ends by a signal in the middle of an answer."""
    tools: dict[Any, Any] = {PUT: die if where == "put" else done, LOOK: die if where == "look" else done}
    scene = open_scene(folder, *CALLS, tools=tools)
    answer = scene.ask()
    if where == "waiting":
        os.kill(os.getpid(), signal.SIGKILL)
    scene.consents.accept(scene.waiting()[0].id)
    if where == "accepted":
        os.kill(os.getpid(), signal.SIGKILL)
    scene.chat.resume(answer.id, scene.job())


@pytest.fixture
def killed(tmp_path: Path, make: Make, request: pytest.FixtureRequest) -> Scene:
    code = f"from tests.unit.chat.tooling.test_waiting import *\nperform(Path({str(tmp_path)!r}), {request.param!r})"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    scene = make(CALLS[1], tools={PUT: done, LOOK: done})
    scene.chat.recover()
    return scene


@pytest.mark.parametrize("killed", ["look"], indirect=True)
def test_killed_while_a_tool_reads_it_is_called_again(killed: Scene) -> None:
    answer = killed.answer()
    assert finish_of(answer) is Finish.INTERRUPTED
    assert all(isinstance(part, ToolCall) for part in answer.message.parts)
    killed.chat.continue_answer(answer.id, killed.job())
    assert [result.text for result in killed.results()] == ["did a"]
    assert finish_of(killed.answer()) is Finish.WAITING


@pytest.mark.parametrize("killed", ["put"], indirect=True)
def test_killed_while_a_tool_acts_nobody_knows_and_it_is_not_called_again(killed: Scene) -> None:
    killed.chat.continue_answer(killed.answer().id, killed.job())
    assert killed.tools.calls == []
    assert [result.text for result in killed.results()] == ["did a", UNKNOWN_END]
    assert killed.answer().message.text == "All done."


@pytest.mark.parametrize("killed", ["waiting", "accepted"], indirect=True)
def test_what_waited_for_a_yes_waits_on_after_a_crash(killed: Scene) -> None:
    answer = killed.answer()
    assert finish_of(answer) is Finish.WAITING
    for consent in killed.consents.list():
        killed.consents.accept(consent.id)
    killed.chat.resume(answer.id, killed.job())
    assert [result.text for result in killed.results()] == ["did a", "did b"]
    assert [name for name, _arguments in killed.tools.calls] == ["put"]


TWO: list[Answer] = [calling(("put", '{"text": "a"}'), ("put", '{"text": "b"}')), "All done."]


def allowed_and_revoked(scene: Scene) -> int:
    """One yes for the chat answers both calls; it is revoked before the answer goes on."""
    scene.ask()
    first, second = scene.waiting()
    scene.consents.accept(first.id, Scope.CHAT)
    assert scene.consents.get(second.id).state is ConsentState.ACCEPTED
    return scene.consents.revoke(ConsentKind.TOOL, first.question.subject, scene.conversation)


def test_what_a_revoked_yes_had_allowed_is_not_made_and_waits_again(make: Make) -> None:
    scene = make(*TWO, tools={PUT: done})
    scene.consents.when_revoked(ConsentKind.TOOL, is_unmade)
    assert allowed_and_revoked(scene) == 2
    assert finish_of(scene.chat.resume(scene.answer().id, scene.job())) is Finish.WAITING
    assert scene.results() == []
    for consent in scene.consents.list():
        scene.consents.accept(consent.id)
    assert finish_of(scene.chat.resume(scene.answer().id, scene.job())) is Finish.STOP
    assert [result.text for result in scene.results()] == ["did a", "did b"]


def test_what_was_made_does_not_wait_again(make: Make) -> None:
    scene = make(CALLS[0], calling(("put", '{"text": "c"}')), "All done.", tools={PUT: done, LOOK: done})
    scene.consents.when_revoked(ConsentKind.TOOL, is_unmade)
    answer = scene.ask()
    (consent,) = scene.waiting()
    scene.consents.accept(consent.id, Scope.CHAT)
    scene.chat.resume(answer.id, scene.job())
    assert scene.consents.revoke(ConsentKind.TOOL, consent.question.subject, scene.conversation) == 0


def test_nor_is_it_made_by_an_answer_that_goes_on_meanwhile(make: Make) -> None:
    scene = make(*TWO, tools={PUT: done})
    assert allowed_and_revoked(scene) == 0  # nobody has it wait again
    scene.chat.resume(scene.answer().id, scene.job())
    assert [result.text for result in scene.results()] == [TAKEN_BACK, TAKEN_BACK]
