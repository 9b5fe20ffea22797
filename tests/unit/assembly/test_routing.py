"""What the rules of Auto are told of this program: models, the web, and whether a chat may go elsewhere by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.workbench import FakeWorkbench
from workbench.assembly.routing import Around
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.asking.routing import Asked
from workbench.cloud.spending.money import CapKind
from workbench.consents.consent import ConsentKind, Question, Scope
from workbench.errors import ModelError
from workbench.jobs import quiet_job
from workbench.messages import Effort, user
from workbench.routing.rules import Rules
from workbench.settings import AUTO, Settings, with_value

NAMES = {"": "Usual", "usual": "Usual", "big": "Big 120B", "studio/big": "studio/big"}


def known(name: str) -> KnownModel:
    if name not in NAMES:
        raise ModelError(f"There is no model {name!r}.")
    return KnownModel(name or "usual", NAMES[name])


def around(settings: Settings = Settings(), seeing: tuple[str, ...] = ()) -> Around:
    return Around(lambda: settings, known, lambda name: "studio:9000" if "/" in name else "", lambda: seeing)


@pytest.mark.parametrize(
    ("fast", "deep", "private", "found"),
    [
        ("", "", False, ("Usual", "Usual")),
        ("", "big", False, ("Usual", "Big 120B")),
        ("gone", "gone", False, ("Usual", "Usual")),
        ("", "studio/big", False, ("Usual", "studio/big")),
        ("", "studio/big", True, ("Usual", "Usual")),
    ],
)
def test_models_that_rules_name(fast: str, deep: str, private: bool, found: tuple[str, str]) -> None:
    local = around().local(Rules(fast=fast, deep=deep), private=private)
    assert (local.fast.name, local.deep.name) == found


def test_without_a_model_none_is_chosen() -> None:
    def nothing(name: str) -> KnownModel:
        raise ModelError(f"There is no model {name!r} on this disk yet.")

    with pytest.raises(ModelError):
        replace(around(), known=nothing).local(Rules(), private=False)


def test_models_that_see() -> None:
    assert [one.name for one in around(seeing=("big",)).local(Rules(), private=False).seeing] == ["Big 120B"]


def test_only_a_search_of_the_web_looks_up_fresh_facts() -> None:
    off, on = Settings(), with_value(Settings(), "tools.web_search", "brave")
    assert not around(off).tools(None)
    assert around(on).tools(None)
    assert not around(on).tools(())
    assert not around(on).tools(("calculate",))
    assert around(on).tools(("web_search",))
    assert not around(with_value(on, "tools.off", "web_search")).tools(None)
    assert not around(with_value(on, "tools.in_chats", "off")).tools(None)


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path)
    yield made
    made.close()


def test_a_chat_with_a_lasting_yes_and_a_cap_is_marked_and_nothing_is_sent(workbench: FakeWorkbench) -> None:
    workbench.chat.send(None, "What is the weather today?", quiet_job(), Options(model=AUTO))
    chat = workbench.chat.list()[0].id
    asked = Asked(user("What is the weather today?"), conversation_id=chat)
    allow(workbench, chat, "openrouter@https://openrouter.ai")
    workbench.cloud.switch(on=True)
    assert not workbench.router.choose(asked).standing  # no cap of its own yet
    workbench.ledger.set_cap(CapKind.CHAT, 100_000, chat)
    assert workbench.router.choose(asked).standing
    assert not workbench.router.choose(replace(asked, private=True)).standing
    assert not workbench.router.choose(replace(asked, conversation_id="another")).standing
    workbench.cloud.switch(on=False)
    assert not workbench.router.choose(asked).standing
    assert workbench.provider_client.sent == []


def test_a_lasting_yes_for_an_address_of_before_marks_nothing(workbench: FakeWorkbench) -> None:
    workbench.chat.send(None, "What is the weather today?", quiet_job(), Options(model=AUTO))
    chat = workbench.chat.list()[0].id
    asked = Asked(user("What is the weather today?"), conversation_id=chat)
    workbench.cloud.switch(on=True)
    workbench.ledger.set_cap(CapKind.CHAT, 100_000, chat)
    allow(workbench, chat, "mine@https://good.example")
    workbench.cloud.set_address("mine", "https://evil.example/v1")
    assert not workbench.router.choose(asked).standing
    workbench.cloud.set_address("mine", "https://good.example/v1")
    assert workbench.router.choose(asked).standing


def allow(workbench: FakeWorkbench, chat: str, subject: str) -> None:
    question = Question(
        ConsentKind.CLOUD, subject, "May it leave?", {"body": "x"}, conversation_id=chat, scopes=tuple(Scope)
    )
    workbench.consents.accept(workbench.consents.ask(question).id, Scope.CHAT)


def test_a_private_project_is_private(workbench: FakeWorkbench) -> None:
    project = workbench.projects.create("Taxes", {"private": True})
    options = Options(model=AUTO, project_id=project.id)
    answer = workbench.chat.send(None, "What is the weather today?", quiet_job(), options)
    assert answer.turn is not None
    assert answer.turn.routed is not None
    assert answer.turn.routed.choice.private
    assert answer.turn.routed.choice.rule == "private"


def test_an_effort_of_a_project_counts(workbench: FakeWorkbench) -> None:
    efforts = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)
    workbench.known = KnownModel("fake-1b", "Fake 1B", efforts)
    workbench.backend.info = replace(workbench.backend.info, efforts=efforts)
    project = workbench.projects.create("Thesis", {"effort": "medium"})
    workbench.chat.send(None, "Hi there!", quiet_job(), Options(model=AUTO, project_id=project.id))
    assert workbench.backend.requests[-1].effort is Effort.MEDIUM
    assert "medium effort as you asked" in workbench.router.kept()[0].routed.choice.why
