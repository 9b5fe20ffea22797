"""What the details of an answer say of the engine that computed it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ui.chat.answer_details import details
from workbench.chat.asking.limits import BY_RULE, BY_SETTINGS, parted, stopped_after
from workbench.chat.asking.made import Made
from workbench.chat.tree import Node, Turn, TurnState
from workbench.messages import Finish, assistant, user

ENDED = Turn("t", "1", "", TurnState.ENDED, 0.0, Finish.STOP)


def conversation() -> tuple[Node, Node]:
    return Node("b", None, user("Why?"), 0.0), Node("c", "b", assistant("So."), 0.0, ENDED)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Made(7, "llama.cpp b1", "CUDA0: 25 of 25 layers"), ("llama.cpp b1", "CUDA0: 25 of 25 layers", "7")),
        (
            Made(7, "llama.cpp b1", "CUDA0, CUDA1: 20 of 25 layers, experts of 12 on the processor"),
            ("llama.cpp b1", "CUDA0, CUDA1: 20 of 25 layers, experts of 12 on the processor", "7"),
        ),
        (Made(7, "llama.cpp b1", "NPU, somehow"), ("llama.cpp b1", "NPU, somehow", "7")),
        (Made(), ("Not known", "Not known", "Not known")),
        (Made(0, "llama.cpp b1", "processor"), ("llama.cpp b1", "Processor", "0")),
    ],
)
def test_by_what_an_answer_was_computed(made: Made, said: tuple[str, ...]) -> None:
    question, answer = conversation()
    told = details(replace(answer, turn=replace(ENDED, backend="engine", made=made)), (question, answer))
    rows = dict(told[0].rows)
    assert (rows["Engine build"], rows["Computed on"], rows["Seed"]) == said


def test_of_another_machine_only_a_seed_that_was_asked_for_is_known() -> None:
    question, answer = conversation()
    for made, seed in ((Made(), None), (Made(3), "3")):
        turn = replace(ENDED, backend="server:studio (192.168.1.20:8080)", made=made)
        rows = dict(details(replace(answer, turn=turn), (question, answer))[0].rows)
        assert (rows.get("Engine build"), rows.get("Seed")) == (None, seed)


def test_why_an_answer_was_stopped_has_a_line_of_its_own() -> None:
    question, answer = conversation()
    stopped = stopped_after("8,192 tokens", BY_SETTINGS)
    for note, told in (
        (f"a.txt was shortened. {stopped}", ("a.txt was shortened.", stopped)),
        (stopped, (None, stopped)),
        ("a.txt was shortened.", ("a.txt was shortened.", None)),
    ):
        turn = replace(ENDED, finish=Finish.LENGTH, note=note)
        groups = details(replace(answer, turn=turn), (question, answer))
        rows = dict(row for group in groups for row in group.rows)
        assert (rows.get("Left out"), rows.get("Ended early")) == told


def test_an_answer_of_a_provider_tells_why_it_ended_early() -> None:
    question, answer = conversation()
    turn = replace(ENDED, finish=Finish.LENGTH, note="The cap of the day was reached.", backend="cloud:openai")
    rows = dict(details(replace(answer, turn=turn), (question, answer))[0].rows)
    assert rows["Ended early"] == "The cap of the day was reached."


@pytest.mark.parametrize("who", [BY_RULE, BY_SETTINGS])
@pytest.mark.parametrize("amount", ["1,234 tokens", "3,600 s"])
def test_both_limits_are_found_in_a_note(amount: str, who: str) -> None:
    sentence = stopped_after(amount, who)
    assert parted(f"One. {sentence} Two.") == ("One. Two.", sentence)
