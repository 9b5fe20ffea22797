"""Whoever chooses the model of a question: the usual model where nobody does, and the rules, alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.workbench import FakeWorkbench
from workbench.chat.asking.options import Options
from workbench.chat.asking.routing import DEEPER, USUAL_MODEL, Asked, Router, is_auto
from workbench.jobs import quiet_job
from workbench.messages import Effort, user
from workbench.settings import AUTO

QUESTIONS = ("", "Hi!", "Write a Python function.", "What is the weather today?", "x" * 100_000, "今天天气怎么样？")


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["usual", "rules"])
def router(request: pytest.FixtureRequest, workbench: FakeWorkbench) -> Router:
    return USUAL_MODEL if request.param == "usual" else workbench.router


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("private", [False, True])
def test_a_choice_names_a_model_that_is_there_and_says_why(
    router: Router, workbench: FakeWorkbench, text: str, private: bool
) -> None:
    choice = router.choose(Asked(user(text), private=private, deeper=private))
    assert not is_auto(choice.model)
    assert workbench.models.get(choice.model or None)
    assert choice.why
    assert "\n" not in choice.why
    assert not (private and choice.propose)


def test_the_effort_that_a_person_asks_for_is_kept(router: Router) -> None:
    assert router.choose(Asked(user("Hi!"), effort=Effort.HIGH)).effort is Effort.HIGH


def test_what_came_of_it_is_told_with_the_choice(router: Router, workbench: FakeWorkbench) -> None:
    node = workbench.chat.send(None, "Hi!", quiet_job(), Options())
    assert node.turn is not None
    asked = Asked(user("Hi!"))
    choice = router.choose(asked)
    router.began(workbench.chat.list()[0].id, node.turn.id, choice)
    assert router.answered(node.turn.id, choice, asked, node).choice == choice
    router.failed(node.turn.id, "engine")
    router.failed("a turn that is not there", "engine")


def test_the_names_of_no_model() -> None:
    assert is_auto(AUTO)
    assert is_auto(DEEPER)
    assert not is_auto("")
    assert not is_auto("automatic")
