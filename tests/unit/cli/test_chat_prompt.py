"""`workbench chat --prompt`: a question that is written with a saved prompt."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from workbench.cli import chat
from workbench.messages import TextDelta
from workbench.prompts.prompt import Preferences, Prompt, Step, Variable, VariableKind

REPLY = Prompt(
    "Reply",
    "reply",
    "Reply in a {{ tone }} tone to:\n{{ mail }}",
    "You are {{ tone }}.",
    (Variable("tone", default="plain"), Variable("mail", VariableKind.LONG_TEXT)),
    preferences=Preferences(temperature=0.2),
    folders=("Nowhere",),
)
GREETING = Prompt("Greeting", "greeting", "Say good morning.")
LINE = Prompt("Line", "line", steps=(Step("one", "One."), Step("two", "Two.")))


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend([TextDelta("Gladly.")])


@pytest.fixture
def fake(tmp_path: Path, backend: ScriptedBackend) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path / "home", backend)
    for prompt in (REPLY, GREETING, LINE):
        made.prompts.save(prompt)
    yield made
    made.close()


def asked(fake: FakeWorkbench, *words: str) -> int:
    parser = argparse.ArgumentParser(exit_on_error=False)
    chat.register(parser.add_subparsers())
    return chat.run(parser.parse_args(["chat", *words]), fake.as_workbench())


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_text_fills_what_is_meant_and_the_rest_is_set(
    fake: FakeWorkbench, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(fake, "--prompt", "reply", "--set", "tone=kind", "Dear", "all") == 0
    request = backend.requests[-1]
    assert [one.text for one in request.messages] == ["You are kind.", "Reply in a kind tone to:\nDear all"]
    assert request.sampling.temperature == 0.2
    said = capsys.readouterr()
    assert said.out.strip() == "Gladly."
    assert "Nowhere is not attached here" in said.err
    (summary,) = fake.chat.list()
    used = fake.chat.open(summary.id).nodes[0].message.prompt
    assert used is not None
    assert (used.name, used.version) == ("reply", 1)
    saved = fake.prompts.get("reply")
    assert (saved.uses, fake.prompts.last_values(saved.id)["tone"]) == (1, "kind")


def test_what_is_piped_in_is_what_it_is_about(
    fake: FakeWorkbench, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "A mail.")
    assert asked(fake, "-p", "reply") == 0
    assert backend.requests[-1].messages[-1].text == "Reply in a plain tone to:\nA mail."


def test_text_stands_behind_a_prompt_without_a_place_for_it(
    fake: FakeWorkbench, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(fake, "-p", "greeting", "And in German?") == 0
    assert backend.requests[-1].messages[-1].text == "Say good morning.\n\nAnd in German?"
    piped(monkeypatch, "")
    assert asked(fake, "-p", "greeting") == 0
    assert backend.requests[-1].messages[-1].text == "Say good morning."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-p", "reply"), "--set mail="),
        (("-p", "repyl", "x"), "reply"),
        (("-p", "line", "x"), "workbench prompts run line"),
        (("-p", "reply", "--set", "tome=x", "x"), "tone"),
        (("--set", "tone=x", "x"), "--prompt NAME"),
    ],
)
def test_what_cannot_be_asked_is_told(
    fake: FakeWorkbench,
    backend: ScriptedBackend,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    told: str,
) -> None:
    piped(monkeypatch, "")
    assert asked(fake, *words) == 2
    assert told in capsys.readouterr().err
    assert backend.requests == []
    assert fake.chat.list() == ()
