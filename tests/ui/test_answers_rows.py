"""The limits of answers in the settings: each can be chosen, one of the person's own stays, and what overrules them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ui.appearance import Appearance
from ui.settings.answers_rows import SETTINGS, AnswersRows
from ui.settings.setting import Setting
from ui.widgets.popover import Popover
from workbench.settings import Answers, Settings, with_value


@pytest.fixture
def rows(appearance: Appearance, qtbot: QtBot) -> AnswersRows:
    made = AnswersRows(appearance)
    qtbot.addWidget(made)
    made.resize(600, 320)
    made.show()
    made.show_settings(Settings())
    return made


def offered(rows: AnswersRows, key: str) -> list[Any]:
    rows.pickers[key].click()
    popover = rows.window().findChild(Popover)
    assert popover is not None
    return popover._entries


def test_every_limit_is_there() -> None:
    assert {setting.key for setting in SETTINGS} == {f"answers.{field.name}" for field in fields(Answers)}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_value_can_be_saved_and_the_default_is_offered(setting: Setting) -> None:
    for value, words in setting.values:
        assert words
        with_value(Settings(), setting.key, value)  # raises for a bad one
    assert setting.value(Settings()) in [value for value, _words in setting.values]
    assert setting.value_words(0) == "No limit"


def test_a_limit_is_chosen(rows: AnswersRows, qtbot: QtBot) -> None:
    assert rows.pickers["answers.low_tokens"].accessibleName() == "Longest answer with low effort: 8,192 tokens"
    entries = offered(rows, "answers.low_tokens")
    with qtbot.waitSignal(rows.saved) as saved:
        next(entry for entry in entries if entry.text().strip() == "No limit").click()
    assert saved.args == ["answers.low_tokens", 0]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("answers.high_tokens", 50_000, "50,000 tokens"), ("answers.most_minutes", 90, "90 min")],
)
def test_a_limit_of_the_persons_own_stays_offered(rows: AnswersRows, key: str, value: int, words: str) -> None:
    rows.show_settings(with_value(Settings(), key, value))
    assert rows.pickers[key].accessibleName().endswith(f": {words}")
    assert [entry.text().strip() for entry in offered(rows, key)][-1] == words


def test_it_says_so_where_another_setting_overrules_them(rows: AnswersRows) -> None:
    assert not rows.overruled.isVisible()
    rows.show_settings(with_value(Settings(), "chat.max_tokens", 1000))
    assert rows.overruled.isVisible()
    assert "chat.max_tokens in config.toml is 1,000" in rows.overruled.text()
