"""Prompts come in from files of other programs, after a look at what that would do, and go out with what that loses."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtWidgets import QLabel

from tests.ui.prompts.conftest import PROMPTS, OpenPage, OpenPrompts
from ui.prompts.exchanging import left_words
from ui.settings.keeping_consent import ConsentDialog
from workbench.prompts.formats.exchanged import Left

OTHERS = [
    {"command": "/greet", "title": "Greeting", "content": "Greet {{name}} warmly.", "timestamp": 1},
    {"command": "/bye", "title": "Goodbye", "content": "Say goodbye to {{name}}.", "timestamp": 1},
]


def dialogs(opened: OpenPrompts) -> list[ConsentDialog]:
    return [one for one in opened.window.findChildren(ConsentDialog) if one.isVisible()]


def test_a_file_is_looked_into_and_comes_in_when_the_person_agrees(open_prompts: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "prompts.json"
    file.write_text(json.dumps(OTHERS), encoding="utf-8")
    opened = open_prompts()
    opened.desk_.exchanging.look_into(str(file))
    opened.until(lambda: len(dialogs(opened)) == 1)
    assert dialogs(opened)[0].accessibleName() == "Import 2 prompts?"
    assert opened.workbench.prompts.all() == ()
    dialogs(opened)[0].agree.click()
    opened.until(lambda: opened.titles == ["Goodbye", "Greeting"])
    opened.desk_.exchanging.look_into(str(file))
    opened.until(lambda: any("Here already: 2 prompts." in one.text() for one in opened.window.findChildren(QLabel)))
    assert dialogs(opened) == []


def test_what_is_no_prompt_is_told(open_prompts: OpenPage, tmp_path: Path) -> None:
    opened = open_prompts()
    opened.desk_.exchanging.look_into(str(tmp_path / "nothing.json"))
    opened.until(lambda: any("There is no file" in one.text() for one in opened.window.findChildren(QLabel)))


def test_only_the_first_that_stay_behind_are_told() -> None:
    told = left_words("Lost", [Left(f"tag {number}", "it has none") for number in range(8)])
    assert told[0] == "Lost: tag 0 (it has none)."
    assert told[-1] == "And 2 more."


def test_a_prompt_goes_out_beside_what_is_there(open_prompts: OpenPage, tmp_path: Path) -> None:
    opened = open_prompts(*PROMPTS)
    place = tmp_path / "out"
    place.mkdir()
    one = opened.workbench.prompts.get("reply")
    opened.desk_.exchanging.export_to(one, "markdown", str(place))
    opened.until(lambda: len(list(place.iterdir())) == 1)
    opened.desk_.exchanging.export_to(one, "markdown", str(place))
    opened.until(lambda: len(list(place.iterdir())) == 2)
    opened.until(lambda: opened.window._bridge.idle)
    texts = {file.read_text(encoding="utf-8") for file in place.iterdir()}
    assert len(texts) == 1
    assert "{{ tone }}" in texts.pop()


def test_the_starter_set_is_added_once(open_prompts: OpenPage) -> None:
    opened = open_prompts()
    opened.prompts.library.starters.click()
    opened.until(lambda: len(opened.titles) >= 10)
    count = len(opened.titles)
    opened.desk_.exchanging.add_starters()
    opened.until(lambda: opened.window._bridge.idle)
    assert len(opened.workbench.prompts.all()) == count
