"""Saved prompts in the chats and on many inputs: the real program, keys, screen reader, engine and small model."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Display, Program, ScreenReader

pytestmark = [pytest.mark.display, pytest.mark.engine]
SUM_UP = """---
title: Sum up
name: sum-up
system: You write one short sentence.
temperature: 0
variables:
  - name: text
    type: long_text
    label: Text
    required: true
---
Sum up in one sentence: {{ text }}
"""


@pytest.fixture
def with_prompt(home: Path, starter_model: Path, tmp_path: Path) -> Path:
    models = home / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)
    file = tmp_path / "sum-up.md"
    file.write_text(SUM_UP)
    command = [sys.executable, "-m", "workbench.entry", "prompts", "save", str(file)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "WORKBENCH_HOME": str(home)}, check=True, timeout=120)
    return home


def test_a_prompt_is_found_filled_in_and_answered_by_keys_alone(
    with_prompt: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    display.type("/sum")
    reader.until(lambda: reader("exists", "Sum up, prompt"))
    display.keys("Return")
    reader.until(lambda: "Text, required" in reader("focused"))
    display.keys("Return")
    reader.until(lambda: reader.hears("Fill this in."))
    display.type("The sea is deep and blue and full of fish.")
    display.keys("Return")
    reader.until(lambda: reader("exists", "Send") and reader.hears("tokens/s"))
    assert reader.hears("Sum up in one sentence: The sea is deep and blue and full of fish.")
    assert reader("nameless") == []


def test_a_prompt_runs_on_the_lines_of_a_file(
    with_prompt: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display, tmp_path: Path
) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("The sea is deep.\nThe hill is high.\n")
    open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    display.keys("ctrl+k")
    reader.until(lambda: "Search chats and commands" in reader("focused"))
    display.type("on many inputs")
    display.keys("Return")
    reader.press("Choose a prompt")
    reader.until(lambda: "Choose a prompt" in reader("focused"))
    display.type("sum")
    display.keys("Return")
    reader.press("Lines of a text")
    reader.until(lambda: reader("write", "Where the inputs are", str(lines)))
    reader.until(lambda: reader.hears("2 inputs"))
    reader.press("Start")
    reader.until(lambda: reader.hears("2 of 2 answered"))
    assert reader("nameless") == []
