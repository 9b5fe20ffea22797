"""`workbench prompts render`: texts for scripts, questions at a terminal, exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from workbench.cli.main import main
from workbench.cli.output import OK, USAGE
from workbench.prompts.filling import child
from workbench.prompts.filling.rendering import BOUNDS

Captured = pytest.CaptureFixture[str]
TEXT = "Write a {{ tone }} mail about {{ topic }}.{% if more %} {{ more | upper }}{% endif %}"


@pytest.fixture(autouse=True)
def _saved(home: Path, capsys: Captured) -> None:
    assert main(["prompts", "save", "--name", "mail", "--text", TEXT, "--system", "Be {{ tone }}."]) == OK
    capsys.readouterr()


def render(*words: str) -> int:
    return main(["prompts", "render", "mail", *words])


def typed(monkeypatch: pytest.MonkeyPatch, text: str, *, terminal: bool = False) -> None:
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stdin", stream)
    if terminal:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


def test_a_text_for_a_script(capsys: Captured) -> None:
    assert render("--set", "tone=kind", "--set", "topic=a=b", "--set", "more={{ tone }}") == OK
    assert capsys.readouterr().out == "Be kind.\n\nWrite a kind mail about a=b. {{ TONE }}\n"
    assert render("--set", "tone=kind", "--set", "topic=tea", "--part", "text") == OK
    assert capsys.readouterr().out == "Write a kind mail about tea.\n"


def test_json_says_where_values_stand(capsys: Captured) -> None:
    assert render("--set", "tone=kind", "--set", "topic=tea", "--json") == OK
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told == {
        "name": "mail",
        "version": 1,
        "text": "Write a kind mail about tea.",
        "system": "Be kind.",
        "variables": [{"part": "system", "start": 3, "end": 7, "name": "tone"}],
    }


def test_files_and_standard_input(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("<p>green tea")
    typed(monkeypatch, "kind\n")
    assert render("--set", "tone=-", "--file", f"topic={tmp_path / 'a.html'}", "--part", "text") == OK
    assert capsys.readouterr().out == "Write a kind\n mail about green tea.\n"


def test_all_that_is_missing_is_told_at_once(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "")
    assert render() == USAGE
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "workbench: The prompt wants to know: tone, topic.\n  Add --set tone=… --set topic=…\n"


def test_what_is_missing_is_asked_at_a_terminal(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "\nkind\n", terminal=True)
    assert render("--set", "topic=tea", "--part", "text") == OK
    told = capsys.readouterr()
    assert told.out == "Write a kind mail about tea.\n"
    assert told.err == "tone\n> It must say something.\n> "
    typed(monkeypatch, "kind\n", terminal=True)
    assert render() == USAGE  # the input ended before the second


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--set", "tne=kind"], "no variable 'tne'. Did you mean tone?"),
        (["--set", "tone"], "'tone' is not NAME=VALUE."),
        (["--set", "tone=a", "--set", "tone=b"], "tone is set twice."),
        (["--file", "tone=/nonexistent/x"], "is not there"),
        (["--step", "one"], "mail has no step 'one'."),
    ],
)
def test_mistakes(words: list[str], says: str, capsys: Captured) -> None:
    assert render(*words) == USAGE
    assert says in capsys.readouterr().err


def test_a_step_with_results(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "two.md").write_text(
        "---\ntitle: Two\nname: two\nsteps:\n- name: first\n  text: Find {{ what }}\n- name: second\n"
        "  text: 'Sort {{ steps.first.items }} {{ steps.first.items | length }}'\n---\n"
    )
    assert main(["prompts", "save", str(tmp_path / "two.md")]) == OK
    capsys.readouterr()
    assert main(["prompts", "render", "two", "--set", "what=tea"]) == OK
    assert capsys.readouterr().out == "Find tea\n"
    assert main(["prompts", "render", "two", "--step", "second", "--set", 'steps.first={"items": ["a"]}']) == OK
    assert capsys.readouterr().out == 'Sort ["a"] 1\n'
    assert main(["prompts", "render", "two", "--step", "second"]) == USAGE


def test_the_frozen_program_renders_in_itself() -> None:
    order = json.dumps(asdict(BOUNDS))
    asked = json.dumps(
        {"source": "{{ x | upper }}", "values": {"x": "v"}, "newline": "\n", "only_check": False}
    ).encode()
    done = subprocess.run(
        [sys.executable, "-m", "workbench.entry", child.CHILD_FLAG, order],
        input=child.LENGTH.pack(len(asked)) + asked,
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    assert done.stdout == bytes(8) + child.LENGTH.pack(13) + b'{"text": "V"}'
