"""Calls of tools that wait for a yes, over the local API: a program may let look something up, and may refuse any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.fakes.cloud_servers import CloudServer
from tests.fakes.turn_tools import TEXT, spec
from tests.unit.chat.escalating.tooled import Said, Tooled, tooled
from workbench.api.faults import RequestError
from workbench.api.served_consents import ServedConsents, may_be_accepted
from workbench.cancel import CancelToken
from workbench.chat.tooling.permitting import DENIED
from workbench.cloud.provider import Dialect
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Question
from workbench.messages import ToolResult
from workbench.tools.permission import HIDDEN
from workbench.tools.tool import BUILT_IN, Harm, Outcome, ToolSpec, harm_of

LOOK = [("look", {"text": "weather"})]
WRITE = [("write", {"text": "hello"})]
SAID = "Found it."
TOOLS = {
    spec("look", Harm.FETCH, TEXT, asks_first=True): lambda _arguments, _call: Outcome("Sunny."),
    spec("write", Harm.WRITE, TEXT): lambda _arguments, _call: Outcome("Written."),
}


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., tuple[Tooled, ServedConsents]]]:
    """A provider's answer that says this, sent with a yes over the API."""
    opened: list[Tooled] = []
    with CloudServer() as server:

        def build(*said: Said) -> tuple[Tooled, ServedConsents]:
            world = tooled(tmp_path / "home", Dialect.OPENAI, server, dict(TOOLS))
            opened.append(world)
            world.will_say(*said)
            world.escalations.propose(world.escalations.preview(world.draft(world.asked())))
            around = SimpleNamespace(
                consents=world.consents, escalations=world.escalations, ledger=world.ledger, chat=world.chat,
                go_on=world.escalations.resume,
            )  # fmt: skip
            desk = ServedConsents(cast("Any", around))
            accepted(desk)
            return world, desk

        yield build
        for one in opened:
            one.workbench.close()


def accepted(desk: ServedConsents) -> dict[str, Any]:
    (one,) = desk.waiting()
    return desk.accept(one["id"], {"hash": one["hash"]}, CancelToken())


def results(world: Tooled, answer_id: str) -> list[str]:
    parts = world.store.node(answer_id)[1].message.parts
    return [part.text for part in parts if isinstance(part, ToolResult)]


def test_what_looks_something_up_is_listed_exactly_and_made_with_its_hash(make: Any) -> None:
    world, desk = make(LOOK, SAID)
    (one,) = desk.waiting()
    assert (one["kind"], one["acceptable"], one["because"]) == ("tool", True, "")
    assert one["request"]["arguments"] == {"text": "weather"}
    with pytest.raises(RequestError) as wrong:
        desk.accept(one["id"], {"hash": "0" * 64}, CancelToken())
    assert wrong.value.code == "other_hash"
    assert not world.tools.calls
    first = accepted(desk)
    assert (first["state"], first["finish"]) == ("accepted", "waiting")
    assert results(world, first["message"]) == ["Sunny."]
    (waiting,) = first["waits_for"]
    assert (waiting["kind"], waiting["acceptable"]) == ("cloud", True)
    assert accepted(desk)["text"] == SAID


def test_what_acts_is_allowed_by_a_person_who_is_told_how(make: Any) -> None:
    world, desk = make(WRITE, SAID)
    (one,) = desk.waiting()
    assert not one["acceptable"]
    with pytest.raises(RequestError, match=rf"by `workbench consents accept {one['id'][:8]}`") as needed:
        desk.accept(one["id"], {"hash": one["hash"]}, CancelToken())
    assert (needed.value.status, needed.value.code) == (403, "person_needed")
    assert not world.tools.calls
    assert world.consents.get(one["id"]).state is ConsentState.WAITING


def test_a_no_is_given_to_any_call_and_the_answer_goes_on_without_it(make: Any) -> None:
    world, desk = make(WRITE, SAID)
    (one,) = desk.waiting()
    told = desk.refuse(one["id"], CancelToken())
    assert (told["state"], [waiting["kind"] for waiting in told["waits_for"]]) == ("refused", ["cloud"])
    assert results(world, told["message"]) == [DENIED]
    assert not world.tools.calls
    with pytest.raises(RequestError, match="Nothing of this id waits"):
        desk.refuse(one["id"], CancelToken())


def test_an_answer_that_waits_for_two_goes_on_after_both(make: Any) -> None:
    world, desk = make([*LOOK, *WRITE], SAID)
    look = next(one for one in desk.waiting() if one["acceptable"])
    first = desk.accept(look["id"], {"hash": look["hash"]}, CancelToken())
    assert (first["finish"], [one["acceptable"] for one in first["waits_for"]]) == ("waiting", [False])
    (write,) = desk.waiting()
    assert write["kind"] == "tool"
    desk.refuse(write["id"], CancelToken())
    assert [name for name, _arguments in world.tools.calls] == ["look"]
    assert accepted(desk)["text"] == SAID


def test_nothing_of_a_chat_in_the_bin_is_called(make: Any) -> None:
    world, desk = make(LOOK, SAID)
    (one,) = desk.waiting()
    world.chat.delete(one["conversation"])
    assert desk.waiting() == []
    with pytest.raises(RequestError, match="Nothing of this id waits"):
        desk.accept(one["id"], {"hash": one["hash"]}, CancelToken())
    assert not world.tools.calls


def test_what_is_neither_is_answered_elsewhere(make: Any) -> None:
    world, desk = make(LOOK, SAID)
    asked = world.consents.ask(Question(ConsentKind.SERVER, "files#1", "May “files” be started?", {"command": "files"}))
    assert asked.id not in {one["id"] for one in desk.waiting()}
    with pytest.raises(RequestError, match="This is allowed by a person"):
        desk.accept(asked.id, {"hash": asked.hash}, CancelToken())


@pytest.mark.parametrize(
    ("source", "harm", "because", "may"),
    [
        (BUILT_IN, Harm.READ, "", True),
        (BUILT_IN, Harm.FETCH, "", True),
        (BUILT_IN, Harm.FETCH, HIDDEN, False),
        (BUILT_IN, Harm.WRITE, "", False),
        (BUILT_IN, Harm.SEND, "", False),
        (BUILT_IN, Harm.RUN, "", False),
        ("files", Harm.READ, "", False),
        ("files", Harm.FETCH, "", False),
    ],
)
def test_who_may_say_yes(source: str, harm: Harm, because: str, may: bool) -> None:
    called = ToolSpec("look", "Look", "", TEXT, harm, source, fingerprint="f1")
    question = Question(ConsentKind.TOOL, called.subject, "May it?", {"source": source}, because)
    assert may_be_accepted(Consent("1", question, "", ConsentState.WAITING, 0.0)) is may


def test_a_subject_tells_what_its_tool_does() -> None:
    assert harm_of(spec("look", Harm.FETCH, destination="a#b").subject) is Harm.FETCH
    assert harm_of("nothing of the kind") is None
