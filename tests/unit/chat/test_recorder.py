from __future__ import annotations

import time

from tests.patience import PATIENCE
from workbench.chat.recorder import Recorder, joined
from workbench.clock import SystemClock
from workbench.errors import StorageError
from workbench.messages import Part, Reasoning, ReasoningDelta, Text, TextDelta


def wait_for(condition: object, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.01)


def test_what_is_new_is_saved_also_while_the_model_is_silent() -> None:
    saved: list[tuple[Part, ...]] = []
    with Recorder(saved.append, SystemClock()) as recorder:
        recorder.add(TextDelta("Once "))
        wait_for(lambda: saved)
        recorder.add(TextDelta("upon"))
        wait_for(lambda: len(saved) == 2)
    assert saved == [(Text("Once "),), (Text("Once upon"),)]


def test_nothing_new_is_not_saved_again() -> None:
    saved: list[tuple[Part, ...]] = []
    with Recorder(saved.append, SystemClock()) as recorder:
        recorder.add(TextDelta("one"))
        wait_for(lambda: saved)
        time.sleep(1.0)
    assert len(saved) == 1


def test_a_failing_disk_does_not_stop_the_answer() -> None:
    tries = []

    def save(parts: tuple[Part, ...]) -> None:
        tries.append(parts)
        raise StorageError("The disk is full.")

    with Recorder(save, SystemClock()) as recorder:
        recorder.add(TextDelta("still "))
        wait_for(lambda: tries)
        recorder.add(TextDelta("here"))
    assert recorder.parts() == (Text("still here"),)


def test_reasoning_has_its_seconds() -> None:
    recorder = Recorder(lambda _parts: None, SystemClock())
    recorder.add(ReasoningDelta("hm "))
    time.sleep(0.05)
    recorder.add(ReasoningDelta("yes"))
    recorder.add(TextDelta("So."))
    reasoning, text = recorder.parts()
    assert isinstance(reasoning, Reasoning)
    assert reasoning.text == "hm yes"
    assert 0.04 < (reasoning.seconds or 0) < 1.0
    assert text == Text("So.")


def test_a_continuation_joins_at_the_seam() -> None:
    assert joined((Text("Hel"),), (Text("lo"), Reasoning("r", 1.0))) == (Text("Hello"), Reasoning("r", 1.0))
    assert joined((Reasoning("a", 1.0),), (Reasoning("b", 2.0), Text("c"))) == (Reasoning("ab", 3.0), Text("c"))
    assert joined((Reasoning("a", 1.0),), (Text("c"),)) == (Reasoning("a", 1.0), Text("c"))
    assert joined((), (Text("x"),)) == (Text("x"),)
