"""Questions whose model is left open: chosen, asked, looked over, kept. Real chats, real rules, a scripted model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.models import model
from tests.fakes.workbench import FakeWorkbench
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.asking.routing import DEEPER, Asked
from workbench.chat.events import Chosen, TurnStarted
from workbench.chat.feedback.feedback import Verdict
from workbench.chat.tooling.rounds import TimeLimit
from workbench.chat.tree import Turn
from workbench.errors import EngineError
from workbench.jobs import Job, quiet_job
from workbench.messages import Effort, Finish, PromptProgress, ReasoningDelta, TextDelta, user
from workbench.settings import AUTO

CODE = "Write a Python function that sorts a list."
EFFORTS = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    opened: list[FakeWorkbench] = []

    def build(*answers: Any) -> FakeWorkbench:
        wb = FakeWorkbench(tmp_path, ScriptedBackend(*answers))
        wb.known = KnownModel("fake-1b", "Fake 1B", EFFORTS)
        wb.backend.info = _with_efforts(wb.backend.info)
        opened.append(wb)
        return wb

    yield build
    for wb in opened:
        wb.close()


def _with_efforts(info: Any) -> Any:
    from dataclasses import replace

    return replace(info, efforts=EFFORTS)


def asked(wb: FakeWorkbench, text: str, model_name: str = AUTO, **rest: Any) -> Turn:
    answer = wb.chat.send(None, text, quiet_job(), Options(model=model_name, **rest))
    assert answer.turn is not None
    return answer.turn


def test_code_is_thought_about_and_the_choice_is_kept(make: Any) -> None:
    wb = make("def f(): ...")
    turn = asked(wb, CODE)
    assert turn.routed is not None
    assert turn.routed.line == "Chosen: Fake 1B, high effort, because there is code (rule code)"
    assert wb.backend.requests[-1].effort is Effort.HIGH
    assert turn.effort is Effort.HIGH
    (kept,) = wb.router.kept()
    assert (kept.routed, kept.finish, kept.question) == (turn.routed, "stop", CODE)
    again = wb.chat.open(wb.chat.list()[0].id).nodes[-1].turn
    assert again is not None
    assert again.routed == turn.routed


def test_small_talk_is_answered_fast(make: Any) -> None:
    wb = make("Hello.")
    turn = asked(wb, "Hi there!")
    assert turn.routed is not None
    assert turn.routed.choice.rule == ""
    assert wb.backend.requests[-1].effort is Effort.LOW


def test_the_choice_is_told_right_after_the_turn_began(make: Any) -> None:
    wb = make("x")
    news: list[Any] = []
    wb.chat.send(None, CODE, Job(report=lambda event: news.append(event.payload)), Options(model=AUTO))
    assert [type(one) for one in news[:2]] == [TurnStarted, Chosen]
    assert news[0].answer.turn.routed == news[1].routed


def test_the_setting_auto_chooses_and_a_named_model_overrules_it(make: Any) -> None:
    wb = make("One.", "Two.")
    wb.change_setting("chat.model", AUTO)
    assert asked(wb, CODE, "").routed is not None
    turn = asked(wb, CODE, "fake-1b")
    assert turn.routed is not None
    assert turn.routed.overruled == "fake-1b"
    assert turn.routed.proposal == ""
    assert wb.backend.requests[-1].effort is None
    assert [one.routed.overruled for one in wb.router.kept()] == ["fake-1b", ""]


def test_where_nobody_says_auto_nothing_is_chosen(make: Any) -> None:
    wb = make("One.")
    assert asked(wb, CODE, "").routed is None
    assert wb.router.kept() == ()


def test_the_persons_effort_and_length_count(make: Any) -> None:
    wb = make("One.")
    asked(wb, CODE, effort=Effort.LOW, max_tokens=50)
    assert wb.backend.requests[-1].effort is Effort.LOW
    assert wb.store.how_asked(wb.router.kept()[0].turn_id)["max_tokens"] == 50


@pytest.mark.parametrize(
    ("answer", "doubt"),
    [
        ("I'm sorry, but I can't help with that.", "The model refused to answer."),
        ([ReasoningDelta("Hm.")], "This answer is empty. It thought, and then said nothing."),
    ],
)
def test_a_failed_check_proposes_with_its_reason(make: Any, answer: Any, doubt: str) -> None:
    wb = make(answer)
    turn = asked(wb, "Hi there!")
    assert turn.routed is not None
    assert turn.routed.doubts == (doubt,)
    assert turn.routed.proposal == doubt
    loaded = wb.chat.open(wb.chat.list()[0].id).nodes[-1].turn
    assert loaded is not None
    assert loaded.routed == turn.routed


def test_fresh_facts_are_proposed_by_the_rule_unless_private(make: Any) -> None:
    wb = make("It is sunny.", "It is sunny.")
    turn = asked(wb, "What is the weather in Berlin today?")
    assert turn.routed is not None
    assert turn.routed.proposal == "Fresh facts are needed, which this model cannot know."
    private = wb.router.choose(Asked(user("What is the weather in Berlin today?"), private=True))
    assert not private.propose


def test_an_answer_can_be_asked_for_again_deeper(make: Any) -> None:
    wb = make("One.", "Two.")
    first = wb.chat.send(None, "Hi there!", quiet_job(), Options(model=AUTO))
    again = wb.chat.regenerate(first.id, quiet_job(), Options(model=DEEPER))
    assert again.turn is not None
    assert again.turn.routed is not None
    assert again.turn.routed.choice.why == "Fake 1B, high effort, because you asked for more thought"
    newest, oldest = wb.router.kept()
    assert (oldest.regenerated, newest.regenerated) == (True, False)


def test_what_came_of_a_choice_is_told_as_it_stands(make: Any) -> None:
    wb = make("One.")
    answer = wb.chat.send(None, CODE, quiet_job(), Options(model=AUTO))
    wb.feedback.judge(answer.id, Verdict.DOWN)
    (kept,) = wb.router.kept()
    assert kept.thumb == "down"
    assert not kept.escalated


def test_a_failure_is_kept(make: Any) -> None:
    wb = make([TextDelta("One"), EngineError("The engine is gone.")])
    with pytest.raises(EngineError):
        asked(wb, CODE)
    (kept,) = wb.router.kept()
    assert (kept.error, kept.finish) == ("engine", "error")


def test_an_answer_that_takes_too_long_is_stopped_kept_and_can_go_on(make: Any) -> None:
    wb = make([TextDelta("One "), TextDelta("two "), TextDelta("three")], " and four.")
    wb.router.file.write_text("[budgets.low]\nmost_seconds = 1\n", encoding="utf-8")
    slow = SlowClock()
    wb.chat._answering._clock = slow
    answer = wb.chat.send(None, "Hi there!", quiet_job(), Options(model=AUTO))
    assert answer.turn is not None
    assert answer.turn.finish is Finish.LENGTH
    assert "Stopped after 1 s" in answer.turn.note
    assert answer.message.text == "One two "
    assert answer.turn.routed is not None
    assert answer.turn.routed.doubts == ("This answer was cut off.",)
    whole = wb.chat.continue_answer(answer.id, quiet_job(), Options(model=AUTO))
    assert whole.turn is not None
    assert whole.turn.finish is Finish.STOP
    assert whole.message.text == "One two  and four."
    assert whole.turn.routed is not None
    assert whole.turn.routed.doubts == ()


def test_the_time_of_an_answer() -> None:
    clock = SlowClock()
    reads, says, thinks = PromptProgress(1, 2), TextDelta("a"), ReasoningDelta("hm")
    assert not any(TimeLimit(clock, None).over(says) for _ in range(5))
    read = TimeLimit(clock, 1)
    assert [read.over(one) for one in (reads, reads, says, says)] == [False, False, False, True]
    thought = TimeLimit(clock, 100)
    assert [thought.over(thinks) for _ in range(5)] == [False, False, False, False, True]
    assert "Stopped after 200 s" in thought.note
    begun = TimeLimit(clock, 100)
    assert [begun.over(one) for one in (thinks, thinks, thinks, says)] == [False, False, False, True]


class SlowClock:
    """Each look at it is a minute later."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return 1.0

    def monotonic(self) -> float:
        self._now += 60
        return self._now


def test_the_persons_rules_hold_and_are_read_again_when_they_change(make: Any) -> None:
    wb = make("One.")
    file = wb.router.begin_own()
    assert file.read_text(encoding="utf-8").startswith("# How Workbench chooses")
    file.write_text('[[rule]]\nname = "all deep"\nthen = { use = "deep" }\n', encoding="utf-8")
    choice = wb.router.choose(Asked(user("Hi there!")))
    assert choice.why == "Fake 1B, high effort, because it holds for every question (rule all deep)"
    file.write_text("this is no TOML", encoding="utf-8")
    assert wb.router.choose(Asked(user(CODE))).rule == "code"
    assert "is not valid TOML" in str(wb.router.rules()[1][0])
    kept = wb.router.restore()
    assert kept is not None
    assert kept.read_text(encoding="utf-8") == "this is no TOML"
    assert wb.router.rules()[1] == ()
    assert wb.router.restore() is None


def test_rules_may_name_models_and_pass_over_those_that_are_not_there(make: Any) -> None:
    wb = make("One.")
    wb.models.installed = (model(), model("Big 9B"))
    wb.router.file.write_text('[models]\ndeep = "nothing like it"\n', encoding="utf-8")
    assert wb.router.choose(Asked(user(CODE))).model == "fake-1b"


def test_a_file_of_bytes_is_told(make: Any) -> None:
    wb = make("One.")
    wb.router.file.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in str(wb.router.rules()[1][0])
    assert asked(wb, CODE).routed is not None


def test_temporary_chats_choose_too_and_keep_nothing_here(make: Any) -> None:
    wb = make("One.")
    chat = wb.temporary_chat()
    answer = chat.send(None, "What is the weather today?", quiet_job(), Options(model=AUTO))
    assert answer.turn is not None
    assert wb.router.kept() == ()


def test_what_is_kept_is_json_for_scripts(make: Any) -> None:
    from workbench.cli.routes import kept_json, outcome_words

    wb = make("I'm sorry, but I can't help with that.")
    asked(wb, CODE)
    (kept,) = wb.router.kept()
    told = json.loads(json.dumps(kept_json(kept)))
    assert told["failed_checks"] == ["The model refused to answer."]
    assert told["rule"] == "code"
    assert "The model refused to answer." in outcome_words(kept)
