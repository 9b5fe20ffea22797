"""The library of prompts as assistive technology uses it: names are pressed and written to, no mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader
from tests.e2e.test_access import UNKNOWN_ROLES, walked
from workbench.app import build
from workbench.paths import Paths
from workbench.prompts.prompt import Prompt

pytestmark = [pytest.mark.display, pytest.mark.timeout(300)]


def test_a_prompt_is_written_found_changed_compared_and_thrown_away(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    program = open_window()
    reader.until(lambda: reader.hears("Skip for now"))
    reader.press("Prompts")
    reader.press("Write the first prompt")
    reader.until(lambda: reader("write", "Title of the prompt", "Reply to mail"))
    reader.until(lambda: reader("write", "Text of the prompt", "Write a {{ tone }} reply."))
    reader.until(lambda: reader.hears("tone, open"))
    reader.press("Save")
    reader.until(lambda: reader.hears("Version 1"))
    assert any("Saved as version 1." in words for words in reader("announced")) or reader.hears("Version 1")
    reader.until(lambda: reader("write", "Text of the prompt", "Write a short {{ tone }} reply."))
    reader.press("Save")
    reader.until(lambda: reader.hears("Version 2"))
    assert reader("nameless") == []
    reader.press("Versions")
    reader.until(lambda: any("Version 1" in one for one in reader("items", "Versions")))
    reader.until(lambda: "short" in reader("text", "What changed"))
    assert reader("nameless") == []
    reader.press("Back to the prompt")
    reader.press("All prompts")
    reader.until(lambda: reader("write", "Search prompts", "rpl"))
    reader.until(lambda: reader.hears("1 prompt"))
    display.keys("Down", "Delete")
    reader.until(lambda: reader.hears("is in the bin."))
    reader.press("Undo")
    reader.until(lambda: reader.hears("is back."))
    assert program.end() == 0


def test_tab_reaches_names_and_roles_only(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    workbench = build(Paths(home))
    workbench.prompts.save(Prompt("Explain", "explain", "Explain {{ code }}.", "Be brief."))
    workbench.close()
    program = open_window()
    reader.until(lambda: reader.hears("Skip for now"))
    display.keys("ctrl+shift+p")
    reader.until(lambda: reader.hears("1 prompt"))
    display.keys("Down", "Return")
    reader.until(lambda: reader.hears("Version 1"))
    stops = walked(reader, display)
    assert [stop for stop in stops if not stop[1] or stop[0] in UNKNOWN_ROLES] == []
    assert {"Title of the prompt", "Text of the prompt", "Versions", "Add a step", "Use in a chat"} <= {
        name for _role, name in stops
    }
    assert program.end() == 0
