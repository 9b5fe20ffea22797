"""The panel, feedback, imports, exports and the palette as assistive technology does them: names and keys, no mouse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader
from tests.e2e.test_access import UNKNOWN_ROLES, walked
from tests.e2e.test_window import chats
from tests.unit.chat import foreign_chats as foreign
from workbench.app import build
from workbench.chat.feedback.feedback import Verdict
from workbench.checks.check import CheckKind, make_check
from workbench.messages import Id, assistant, user
from workbench.paths import Paths

pytestmark = [pytest.mark.display, pytest.mark.timeout(300)]
CODE = "Here:\n\n```python\nprint(1)\n```\n"


def answered(home: Path, *, judged: bool = False) -> Id:
    """One chat with an answer is on the disk."""
    workbench = build(Paths(home))
    store = workbench.chat._store
    chat = store.create("Printing")
    question = store.append(chat, None, user("Print one"))
    answer = store.append(chat, question.id, assistant(CODE))
    if judged:
        workbench.feedback.judge(answer.id, Verdict.DOWN, "too short")
        workbench.cases.save(answer.id, make_check(CheckKind.CONTAINS, "print"), "Prints")
    workbench.close()
    return answer.id


def open_chat(reader: ScreenReader) -> None:
    reader.until(lambda: any("Printing" in one for one in chats(reader)))
    found = next(one for one in chats(reader) if "Printing" in one)
    reader("select", found, "Chats")
    reader.until(lambda: reader("exists", "Open code in the panel"))


def test_a_block_is_edited_compared_kept_and_saved_in_the_panel(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display, tmp_path: Path
) -> None:
    answer = answered(home)
    program = open_window()
    open_chat(reader)
    reader.press("Open code in the panel")
    reader.until(lambda: reader("text", "Text of the panel") == "print(1)")
    reader.until(lambda: reader("write", "Text of the panel", "print(2)"))
    reader.press("Keep this text as a new version")
    reader.press("Compare with the version before")
    reader.until(lambda: reader("text", "Text of the panel") == "- print(1)\n+ print(2)")
    assert reader("nameless") == []
    reader.press("Save to a file")
    save_as(display, reader, tmp_path / "saved.py")
    reader.press("Close the panel")
    assert program.end() == 0
    assert (tmp_path / "saved.py").read_text() == "print(2)"
    workbench = build(Paths(home))
    assert [one.text for one in workbench.versions.of_message(answer)] == ["print(2)"]
    workbench.close()


def save_as(display: Display, reader: ScreenReader, path: Path) -> None:
    """In the system's dialog, which has the keyboard on its name."""
    reader.until(lambda: reader("exists", "File name:"))
    display.keys("ctrl+a")
    display.type(str(path))
    display.keys("Return")
    reader.until(lambda: path.exists())


def test_feedback_is_found_by_the_palette_checked_removed_and_taken_back(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    answered(home, judged=True)
    program = open_window()
    reader.until(lambda: reader.hears("Skip for now"))
    display.keys("ctrl+k")
    reader.until(lambda: reader("focused")[1] == "Search chats and commands")
    display.type("feedback and")
    display.keys("Return")
    reader.until(lambda: reader.hears("Why: too short"))
    stops = walked(reader, display)
    assert [stop for stop in stops if not stop[1] or stop[0] in UNKNOWN_ROLES] == []
    reader.press("Check the answer: Prints")
    reader.until(lambda: reader.hears("The answer from then passes."))
    reader.press("Remove: Prints")
    reader.until(lambda: not reader.hears("Check: Contains: print"))
    reader.press("Undo")
    reader.until(lambda: reader.hears("Check: Contains: print"))
    reader.press("Show in its chat: Print one")
    reader.until(lambda: reader("exists", "Open code in the panel"))
    assert reader("nameless") == []
    assert program.end() == 0


def test_chats_of_another_program_are_brought_in(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display, tmp_path: Path
) -> None:
    (tmp_path / "claude.json").write_text(json.dumps(foreign.claude()))
    program = open_window()
    reader.until(lambda: reader.hears("Skip for now"))
    display.keys("ctrl+comma")
    reader.press("Import…")
    reader.until(lambda: reader("exists", "File name:"))
    display.type(str(tmp_path / "claude.json"))
    display.keys("Return")
    reader.until(lambda: reader.hears("2 chats imported: 5 new messages."))
    reader.until(lambda: any("Gardening" in one for one in chats(reader)))
    assert program.end() == 0


def test_a_project_is_exported(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display, tmp_path: Path
) -> None:
    workbench = build(Paths(home))
    workbench.projects.create("Boat")
    workbench.close()
    program = open_window()
    reader.until(lambda: reader.hears("Skip for now"))
    name = reader.until(lambda: next((one for one in reader("words") if "Boat" in one), ""))
    reader.press(name)
    reader.until(lambda: reader("exists", "Export project"))
    reader.press("Export project")
    reader.until(lambda: reader("exists", "Directory:"))
    display.keys("ctrl+a")
    display.type(str(tmp_path))
    display.keys("Return")
    reader.until(lambda: reader.hears("Exported to"))
    assert any("Boat" in one.name for one in tmp_path.iterdir())
    assert program.end() == 0
