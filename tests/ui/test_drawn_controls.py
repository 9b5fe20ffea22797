"""Small parts that draw or place themselves: the switch, words in pieces, lines of controls, and all of it mirrored."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.appearance import Appearance
from ui.theme import DARK, LIGHT, Tokens
from ui.widgets.buttons import ElidedButton
from ui.widgets.direction import leave_room
from ui.widgets.flow import Flow
from ui.widgets.labels import PiecesLabel
from ui.widgets.popover import Choice, Popover
from ui.widgets.scrolling import scrolling
from ui.widgets.switch import GAP, HEIGHT, WIDTH, Switch, drawn

ENGINE = "Fake 1B · Ready · 8,192 tokens of context"


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def knob_at(tokens: Tokens, *, on: bool, leftwards: bool = False) -> float:
    """Where the knob stands in its track, from 0 (left) to 1: the middle of its colour on the middle line."""
    state = QIcon.State.On if on else QIcon.State.Off
    size = QSize(WIDTH + GAP, HEIGHT)
    image = drawn(tokens, 1.0, leftwards=leftwards).pixmap(size, 1.0, QIcon.Mode.Normal, state).toImage()
    wanted = QColor(tokens.on_accent if on else tokens.control_border)
    middle = image.height() // 2
    begin = 0 if leftwards else GAP
    inside = range(begin + 3, begin + WIDTH - 3)
    places = [x for x in inside if image.pixelColor(x, middle).rgb() == wanted.rgb()]
    return (sum(places) / len(places) - begin) / WIDTH


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_the_knob_stands_where_reading_ends_when_it_is_on(qapp: QApplication, tokens: Tokens) -> None:
    assert knob_at(tokens, on=True) > 0.6
    assert knob_at(tokens, on=False) < 0.4
    assert knob_at(tokens, on=True, leftwards=True) < 0.4
    assert knob_at(tokens, on=False, leftwards=True) > 0.6


def test_a_switch_says_what_it_shows(appearance: Appearance, qtbot: QtBot) -> None:
    switch = Switch("Cloud", appearance)
    qtbot.addWidget(switch)
    assert (switch.text(), switch.accessibleName()) == ("Off", "Cloud")
    switch.click()
    assert (switch.text(), switch.isChecked()) == ("On", True)
    switch.setChecked(False)
    assert switch.text() == "Off"


def test_a_switch_grows_with_the_text(appearance: Appearance, qtbot: QtBot) -> None:
    switch = Switch("Cloud", appearance)
    qtbot.addWidget(switch)
    small = switch.iconSize().height()
    appearance.use("light", 2.0)
    assert switch.iconSize().height() == 2 * small


@pytest.mark.parametrize(
    ("pieces", "shown"), [(3, ENGINE), (2, "Fake 1B · Ready"), (1, "Fake 1B")], ids=["all", "two", "one"]
)
def test_words_in_pieces_lose_the_last_ones_first(qapp: QApplication, qtbot: QtBot, pieces: int, shown: str) -> None:
    words = PiecesLabel("caption")
    qtbot.addWidget(words)
    words.setText(ENGINE)
    wanted = " · ".join(ENGINE.split(" · ")[:pieces])
    words.resize(words.fontMetrics().horizontalAdvance(wanted) + 4, 20)
    assert words._tell() == shown
    assert words.toolTip() == ("" if shown == ENGINE else ENGINE)


def places_in_a_flow(bot: QtBot) -> tuple[list[QRect], int]:
    holder = QWidget()
    bot.addWidget(holder)
    line = Flow(holder, gap=8)
    buttons = [QPushButton(words) for words in ("First", "Second")]
    for button in buttons:
        line.addWidget(button)
    holder.resize(400, 80)
    holder.show()
    bot.waitExposed(holder)
    return [button.geometry() for button in buttons], holder.width()


def test_a_flow_begins_where_reading_begins(qapp: QApplication, qtbot: QtBot) -> None:
    (first, second), _width = places_in_a_flow(qtbot)
    assert first.left() == 0
    assert second.left() == first.right() + 9


@pytest.mark.usefixtures("mirrored")
def test_a_flow_is_mirrored(qapp: QApplication, qtbot: QtBot) -> None:
    (first, second), width = places_in_a_flow(qtbot)
    assert first.right() == width - 1
    assert second.right() == first.left() - 9


def test_margins_begin_where_reading_begins(qapp: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = QHBoxLayout(holder)
    leave_room(layout, 38, 5, 12, 6)
    assert layout.getContentsMargins() == (38, 5, 12, 6)


@pytest.mark.usefixtures("mirrored")
def test_margins_are_mirrored(qapp: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = QHBoxLayout(holder)
    leave_room(layout, 38, 5, 12, 6)
    assert layout.getContentsMargins() == (12, 5, 38, 6)


def test_what_scrolls_is_as_high_as_its_words_at_its_width(qapp: QApplication, qtbot: QtBot) -> None:
    words = QLabel("Many words that need more lines the less room there is. " * 12)
    words.setWordWrap(True)
    area = scrolling(words)
    qtbot.addWidget(area)
    area.resize(600, 40)
    area.show()
    qtbot.waitExposed(area)
    inside = area.widget()
    assert inside is not None
    qtbot.waitUntil(lambda: inside.height() == inside.heightForWidth(inside.width()))
    assert area.verticalScrollBar().maximum() > 0, "what is higher than its place scrolls"


# Long lists of choices ------------------------------------------------------------------------------------------------


def long_list(appearance: Appearance, qtbot: QtBot, count: int, *, checked: int = -1) -> tuple[Popover, list[int]]:
    """A popover in a window, and which of its choices were made."""
    host, chosen = QWidget(), list[int]()
    qtbot.addWidget(host)
    host.resize(800, 600)
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    choices = [
        Choice(f"Choice {place}", partial(chosen.append, place), detail="12 GB", checked=place == checked)
        for place in range(count)
    ]
    made = Popover("Choices", choices, appearance, host)
    made.open_with_corner(QPoint(10, 10))
    return made, chosen


def test_of_many_choices_those_in_view_come_first_and_all_the_others_soon(appearance: Appearance, qtbot: QtBot) -> None:
    listed, chosen = long_list(appearance, qtbot, 300)
    at_once, wide = len(listed._entries), listed.width()
    assert 20 < at_once < 60
    qtbot.waitUntil(lambda: len(listed._entries) == 300)
    assert listed.width() == wide
    listed._entries[-1].click()
    assert chosen == [299]


def test_the_way_up_from_the_first_of_many_choices_is_the_last(appearance: Appearance, qtbot: QtBot) -> None:
    listed, chosen = long_list(appearance, qtbot, 300)
    QTest.keyClick(listed._entries[0], Qt.Key.Key_Up)
    assert listed._entries[-1].text().strip() == "Choice 299"
    assert not listed._entries[-1].visibleRegion().isEmpty()
    QTest.keyClick(listed._entries[-1], Qt.Key.Key_Return)
    assert chosen == [299]


def test_what_is_checked_is_there_at_once_among_many(appearance: Appearance, qtbot: QtBot) -> None:
    listed, _chosen = long_list(appearance, qtbot, 300, checked=200)
    here = QApplication.focusWidget()
    assert here is listed._entries[200]
    assert not listed._entries[200].visibleRegion().isEmpty()


def test_what_is_measured_as_a_part_of_something_has_its_look(appearance: Appearance, qtbot: QtBot) -> None:
    """Qt chooses the style of what has a parent when it is measured first."""
    host = QWidget()
    qtbot.addWidget(host)
    entry = ElidedButton("An entry", appearance, look="entry", parent=host)
    entry.ensurePolished()
    assert entry.font().weight() == QFont.Weight.Normal
    assert ElidedButton("Another", appearance, parent=host).font().weight() != QFont.Weight.Normal
