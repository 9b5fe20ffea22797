"""The transcript: what is shown, what stays where it is, and that only what is near the viewport costs anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.patience import MILLISECONDS
from tests.unit.markup.samples import ANSWER
from ui.appearance import palette
from ui.chat.transcript import TranscriptView
from ui.chat.transcript_footer import Footer
from ui.chat.transcript_items import BlockRow, TranscriptItem
from ui.chat.transcript_row import RowWidget
from ui.chat.transcript_rows import Bubble, CodeBlock, Header, TextBlock
from ui.style_sheet import style_sheet
from ui.theme import DARK, LIGHT, Tokens
from ui.widgets.quiet_button import QuietButton
from workbench.messages import Part, Reasoning, Text


def question(name: str, text: str = "Why?") -> TranscriptItem:
    return TranscriptItem(name, "question", (Text(text),), actions=("copy",))


def answer(name: str, *parts: str | Part, status: str = "done", **more: object) -> TranscriptItem:
    made = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return TranscriptItem(
        name, "answer", made, author="Model", badge="On this computer", status=status, **more  # type: ignore[arg-type]
    )  # fmt: skip


def conversation(count: int) -> list[TranscriptItem]:
    return [item for n in range(count) for item in (question(f"q{n}", f"Question {n}"), answer(f"a{n}", ANSWER))]


def dress(application: QApplication, tokens: Tokens) -> None:
    application.setPalette(palette(tokens))
    application.setStyleSheet(style_sheet(tokens))


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> TranscriptView:
    """Dressed as the program dresses it: palette and style sheet have a part in every background."""
    dress(qapp, LIGHT)
    made = TranscriptView()
    made.set_theme(LIGHT)
    made.resize(900, 600)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def rows(view: TranscriptView, kind: type[RowWidget]) -> list[RowWidget]:
    return [widget for _, _, widget in view.live_rows() if isinstance(widget, kind)]


def buttons(view: TranscriptView) -> dict[str, QPushButton]:
    return {button.accessibleName(): button for button in view.findChildren(QPushButton) if button.isVisible()}


def top_of(view: TranscriptView, widget: QWidget) -> int:
    return widget.mapTo(view.viewport(), QPoint(0, 0)).y()


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def settle(view: TranscriptView, qtbot: QtBot) -> None:
    """Let the view make what it makes while idle."""
    qtbot.waitUntil(lambda: not view.is_preparing, timeout=MILLISECONDS)


# What is shown --------------------------------------------------------------------------------------------------------


def test_a_conversation_opens_at_its_end(view: TranscriptView) -> None:
    view.set_items(conversation(20))
    assert view.following
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum() > 0
    last = rows(view, TextBlock)[-1]
    assert 0 < top_of(view, last) < view.viewport().height()


def test_a_short_conversation_begins_at_the_top(view: TranscriptView) -> None:
    view.set_items([question("q"), answer("a", "Because.")])
    assert view.verticalScrollBar().maximum() == 0
    assert top_of(view, rows(view, Bubble)[0]) < 60


def test_a_question_stands_at_the_right_of_the_column(view: TranscriptView) -> None:
    view.set_items([question("q", "Short"), answer("a", "Because.")])
    bubble = rows(view, Bubble)[0]
    text = bubble.pane
    assert text is not None
    surface = text.surface()
    right = surface.mapTo(view.viewport(), QPoint(surface.width(), 0)).x()
    assert right == (view.viewport().width() + 744) // 2 - 16


def test_empty_conversation_and_back(view: TranscriptView) -> None:
    view.set_items(conversation(3))
    view.set_items([])
    assert view.items == ()
    assert not list(view.live_rows())
    view.set_items(conversation(2))
    assert rows(view, TextBlock)


def test_another_conversation_replaces_the_first(view: TranscriptView) -> None:
    view.set_items(conversation(10))
    view.verticalScrollBar().setValue(0)
    view.set_items([question("other", "Other"), answer("x", "Yes.")])
    assert view.following
    assert len(rows(view, Bubble)) == 1


def test_a_wait_says_what_it_waits_for(view: TranscriptView) -> None:
    view.set_items([question("q"), answer("a", status="waiting", note="Reading the prompt 40 %")])
    assert [widget.accessibleName() for _, _, widget in view.live_rows()][-1] == "Reading the prompt 40 %"


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        ("stopped", "", "You stopped this answer."),
        ("interrupted", "", "This answer was interrupted."),
        ("failed", "The engine ended.", "The engine ended. Try again."),
    ],
)
def test_an_answer_that_ended_early_says_so_and_offers_the_next_step(
    view: TranscriptView, qtbot: QtBot, status: str, error: str, words: str
) -> None:
    hint = "Try again." if error else ""
    view.set_items(
        [question("q"), answer("a", "Half an", status=status, error=error, hint=hint, actions=("continue", "copy"))]
    )
    assert words in [widget.accessibleName() for _, _, widget in view.live_rows()]
    with qtbot.waitSignal(view.action) as pressed:
        buttons(view)["Continue this answer"].click()
    assert pressed.args == ["a", "continue"]


def test_the_footer_has_one_line_where_there_is_room(view: TranscriptView) -> None:
    speed = "42 tokens/s · 1,234 tokens · 29.6 s · The answer reached its length limit."
    view.set_items(
        [
            replace(question("q"), actions=("copy", "edit")),
            answer("a", "Because.", footer=speed, actions=("copy", "regenerate")),
        ]
    )
    asked, answered = rows(view, Footer)
    assert asked.height() == answered.height() == 26
    view.resize(360, 600)
    asked, answered = rows(view, Footer)
    assert asked.height() == 26
    assert answered.height() > 40


def test_the_column_stands_in_the_middle_with_a_scroll_bar_too(view: TranscriptView) -> None:
    view.set_items([answer("a", "Because.")])
    alone = rows(view, Header)[0].mapTo(view, QPoint()).x()
    view.set_items([answer("a", "Because.\n\n" * 100)])
    view.verticalScrollBar().setValue(0)
    assert view.verticalScrollBar().maximum() > 0
    assert rows(view, Header)[0].mapTo(view, QPoint()).x() == alone


def test_continue_is_offered_below_a_finished_answer_too(view: TranscriptView) -> None:
    view.set_items([question("q"), answer("a", "Long", actions=("continue", "copy"))])
    assert "Continue this answer" in buttons(view)


def test_a_link_is_handed_on_and_its_target_shown(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([answer("a", "[here](https://example.org/x)")])
    pane = rows(view, TextBlock)[0].pane
    assert pane is not None
    with qtbot.waitSignal(view.link_activated) as followed:
        QTest.mouseClick(pane.surface(), Qt.MouseButton.LeftButton, pos=QPoint(10, 14))
    assert followed.args == ["https://example.org/x"]


# Reasoning ------------------------------------------------------------------------------------------------------------


def test_reasoning_is_folded_and_opens_with_the_keyboard(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([question("q"), answer("a", Reasoning("Let me *think*.", 9.2), "Because.")])
    switch = buttons(view)["Thought for 9 s, folded"]
    assert len(rows(view, TextBlock)) == 1
    before = top_of(view, switch)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert len(rows(view, TextBlock)) == 2
    assert top_of(view, buttons(view)["Thought for 9 s, shown"]) == before
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert len(rows(view, TextBlock)) == 1


@pytest.mark.parametrize(
    ("seconds", "label"), [(None, "Thought"), (0.2, "Thought for 1 s"), (61.0, "Thought for 1 min 1 s")]
)
def test_how_long_it_thought(view: TranscriptView, seconds: float | None, label: str) -> None:
    view.set_items([answer("a", Reasoning("Hm.", seconds), "Yes.")])
    assert f"{label}, folded" in buttons(view)


def test_thinking_is_said_while_it_lasts(view: TranscriptView) -> None:
    view.set_items([question("q"), answer("a", Reasoning("Hm"), status="streaming")])
    assert "Thinking…, folded" in buttons(view)
    view.update_item(answer("a", Reasoning("Hm"), "Yes", status="streaming"))
    view.flush()
    assert "Thought, folded" in buttons(view)


# Streaming ------------------------------------------------------------------------------------------------------------


def stream(view: TranscriptView, text: str, step: int = 7) -> Iterator[None]:
    for end in range(step, len(text) + step, step):
        view.update_item(answer("live", text[:end], status="streaming"))
        view.flush()
        yield


def test_blocks_above_the_open_one_stay_pixel_identical_while_it_streams(view: TranscriptView, qtbot: QtBot) -> None:
    """Also their widgets stay the same ones: nothing above is laid out again."""
    view.resize(900, 2_000)
    view.set_items([question("q"), answer("live", "", status="streaming")])
    known: dict[int, tuple[RowWidget, QImage]] = {}
    for _ in stream(view, ANSWER):
        section = view.sections[1]
        last = len(section.rows) - 1
        for row, widget in section.ordered():
            if row in known and row < last:
                assert widget is known[row][0]
                assert picture(widget) == known[row][1], section.rows[row]
            if row < last and _is_closed(section.rows[row], section.blocks(0)[-1].begin):
                known.setdefault(row, (widget, picture(widget)))
    assert len(known) > 5


def _is_closed(row: object, open_begin: int) -> bool:
    return not isinstance(row, BlockRow) or row.block.begin < open_begin


def test_the_view_follows_the_end_while_the_person_is_there(view: TranscriptView) -> None:
    view.set_items([*conversation(3), question("q"), answer("live", "", status="streaming")])
    for _ in stream(view, ANSWER * 2, 40):
        assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert not view.jump_button.isVisible()


def test_the_view_stays_put_when_the_person_has_scrolled_up(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([*conversation(4), question("q"), answer("live", "", status="streaming")])
    view.scroll_by(-500)
    settle(view, qtbot)
    before = picture(view.viewport())
    for _ in stream(view, ANSWER * 2, 40):
        pass
    assert picture(view.viewport()) == before
    assert view.jump_button.isVisible()
    view.jump_button.click()
    assert view.following
    assert not view.jump_button.isVisible()


def test_scrolling_back_to_the_end_follows_again(view: TranscriptView) -> None:
    view.set_items(conversation(4))
    view.scroll_by(-300)
    assert not view.following
    view.scroll_by(300)
    assert view.following


def test_an_update_for_each_token_is_shown_at_most_25_times_a_second(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([answer("live", "", status="streaming")])
    shown = []
    for count in range(200):
        view.update_item(answer("live", "word " * count, status="streaming"))
        shown.append(view.items[0].text)
    assert len(set(shown)) < 20
    qtbot.waitUntil(lambda: view.items[0].text == "word " * 199, timeout=MILLISECONDS)


def test_the_end_of_an_answer_is_shown_at_once(view: TranscriptView) -> None:
    view.set_items([answer("live", "", status="streaming")])
    view.update_item(answer("live", "a", status="streaming"))
    view.update_item(answer("live", "a b c"))
    assert view.items[0].text == "a b c"


# Only what is near -----------------------------------------------------------------------------------------------------


def test_widgets_exist_only_near_the_viewport(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(conversation(1_000))
    settle(view, qtbot)
    for value in (0, view.verticalScrollBar().maximum() // 2, view.verticalScrollBar().maximum() // 3):
        view.verticalScrollBar().setValue(value)
        settle(view, qtbot)
        assert 5 < len(list(view.live_rows())) < 120
        assert sum(section.is_open for section in view.sections) < 100
    assert len(view.viewport().findChildren(RowWidget)) < 200


def test_scrolling_up_through_estimates_never_jumps(view: TranscriptView, qtbot: QtBot) -> None:
    """Heights above are corrected while they come into view; what is in view moves by what was scrolled."""
    view.set_items(conversation(60))
    for _ in range(60):
        followed = [(widget, top_of(view, widget)) for _, _, widget in view.live_rows()]
        inside = [(widget, top) for widget, top in followed if 0 <= top < 400]
        view.scroll_by(-150)
        for widget, top in inside:
            assert top_of(view, widget) == top + 150


def test_the_top_can_be_reached(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(conversation(30))
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.verticalScrollBar().value() == 0
    assert top_of(view, rows(view, Bubble)[0]) == 32
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.following


def test_a_narrower_window_keeps_the_place(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(conversation(30))
    view.scroll_by(-2_000)
    section, row, widget = next(entry for entry in view.live_rows() if top_of(view, entry[2]) >= 0)
    view.resize(500, 600)
    assert abs(top_of(view, view.row_widget(section, row)) - top_of(view, widget)) < 2
    assert all(child.width() <= 500 for child in view.viewport().findChildren(RowWidget) if child.isVisible())


def test_a_new_theme_is_used_at_once_and_keeps_the_place(qapp: QApplication, view: TranscriptView) -> None:
    view.set_items(conversation(10))
    view.scroll_by(-900)
    before = view.verticalScrollBar().value()
    dress(qapp, DARK)
    view.set_theme(DARK)
    assert abs(view.verticalScrollBar().value() - before) < 3
    assert picture(view.viewport()).pixelColor(3, 3).name() == DARK.background.lower()


HOSTILE = {
    "word": "w" * 300_000,
    "lines of code": "```python\n" + "x = f(1)\n" * 100_000,
    "rows": "| a | b |\n|---|---|\n" + "| one | two |\n" * 5_000,
    "quotes": ">" * 20_000,
    "items": "- item\n" * 5_000,
    "one long line of code": "```\n" + "x" * 300_000 + "\n```\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_sizes_are_shown_in_pieces(view: TranscriptView, qtbot: QtBot, text: str) -> None:
    view.set_items([question("q", text), answer("a", text)])
    settle(view, qtbot)
    assert len(list(view.live_rows())) < 200
    view.verticalScrollBar().setValue(0)
    assert rows(view, Bubble)[0].height() < 6_000


# Selecting, copying, finding ------------------------------------------------------------------------------------------


@pytest.fixture
def two(view: TranscriptView) -> TranscriptView:
    view.set_items(
        [question("q", "First of all"), answer("a", "One **two** three.\n\n```py\nx = 1\n```\n\n- four\n- five\n")]
    )
    return view


def drag(view: TranscriptView, begin: tuple[QWidget, QPoint], end: tuple[QWidget, QPoint]) -> None:
    QTest.mousePress(begin[0], Qt.MouseButton.LeftButton, pos=begin[1])
    target = begin[0].mapFromGlobal(end[0].mapToGlobal(end[1]))
    QTest.mouseMove(begin[0], target)
    QTest.mouseRelease(begin[0], Qt.MouseButton.LeftButton, pos=target)


def test_the_mouse_selects_across_blocks_and_ctrl_c_copies_in_reading_order(two: TranscriptView, qtbot: QtBot) -> None:
    first, code = rows(two, TextBlock)[0].pane, rows(two, CodeBlock)[0].pane
    assert first is not None
    assert code is not None
    drag(two, (first.surface(), QPoint(0, 12)), (code.surface(), QPoint(300, 5)))
    assert two.selected_text() == "One two three.\n\nx = 1"
    QTest.keyClick(two, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "One two three.\n\nx = 1"


def test_selecting_backwards_is_the_same(two: TranscriptView) -> None:
    first, code = rows(two, TextBlock)[0].pane, rows(two, CodeBlock)[0].pane
    assert first is not None
    assert code is not None
    drag(two, (code.surface(), QPoint(300, 5)), (first.surface(), QPoint(0, 12)))
    assert two.selected_text() == "One two three.\n\nx = 1"


def test_ctrl_a_takes_everything_also_what_has_no_widget(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(conversation(40))
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    text = view.selected_text()
    assert [f"Question {n}" in text for n in range(40)] == [True] * 40
    assert text.index("Question 3\n") < text.index("Retry with back-off", text.index("Question 3\n"))
    assert "• wait 2**n seconds" in text


def test_a_double_click_selects_a_word(two: TranscriptView) -> None:
    pane = rows(two, TextBlock)[0].pane
    assert pane is not None
    QTest.mouseDClick(pane.surface(), Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    assert two.selected_text() == "One"


def test_find_counts_over_everything_and_goes_around(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([*conversation(30), question("q", "A needle here"), answer("a", "And another **NEEDLE**."), *[]])
    assert view.find("jitter") == 30
    assert view.find("needle") == 2
    assert view.find_next() == (1, 2)
    assert view.find_next() == (2, 2)
    assert view.find_next() == (1, 2)
    assert view.find_next(backwards=True) == (2, 2)
    assert view.find("") == 0
    assert view.find_next() == (0, 0)


def test_find_next_brings_the_place_into_view_and_marks_it(view: TranscriptView) -> None:
    view.set_items([question("q0", "A needle far up"), *conversation(30)])
    view.find("needle")
    before = picture(view.viewport())
    view.find_next()
    assert not view.following
    bubble = rows(view, Bubble)[0]
    assert 0 <= top_of(view, bubble) < view.viewport().height()
    colours = _colours(picture(view.viewport()))
    assert LIGHT.accent.lower() in colours
    view.find("")
    assert LIGHT.accent.lower() not in _colours(picture(bubble))
    assert before.size() == picture(view.viewport()).size()


def _colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


# Keyboard and screen readers --------------------------------------------------------------------------------------------


def test_messages_are_named_groups_in_reading_order(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(conversation(10))
    settle(view, qtbot)
    view.scroll_by(-400)
    groups = [child for child in view.viewport().children() if isinstance(child, QWidget) and child.isVisible()]
    assert {group.accessibleName() for group in groups} == {"You", "Model"}
    assert [group.y() for group in groups] == sorted(group.y() for group in groups)
    for group in groups:
        tops = [child.y() for child in group.children() if isinstance(child, QWidget) and child.isVisible()]
        assert tops == sorted(tops)


def test_tab_goes_through_buttons_in_reading_order_and_brings_them_into_view(
    view: TranscriptView, qtbot: QtBot
) -> None:
    item = answer("a", Reasoning("Hm.", 2), "```py\nx\n```\n\n[l](https://example.org)", actions=("copy", "regenerate"))
    view.set_items([question("q"), item, *conversation(2)])
    view.verticalScrollBar().setValue(0)
    settle(view, qtbot)
    view.activateWindow()
    view.setFocus()
    names = []
    for _ in range(8):
        view.focusNextPrevChild(True)  # noqa: FBT003 - Qt's own signature
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName() or type(focused).__name__)
        assert 0 <= top_of(view, focused) <= view.viewport().height() - focused.height()
    assert names == [
        "Copy message",
        "Thought for 2 s, folded",
        "Open code in the panel",
        "Save code to a file",
        "Copy code",
        "RichText",
        "Copy message",
        "Regenerate this answer",
    ]


def test_a_screen_reader_can_read_the_texts(two: TranscriptView) -> None:
    texts = []
    for _, _, widget in two.live_rows():
        if widget.pane is not None:
            editor = widget.pane.surface().parentWidget()
            assert editor is not None
            interface = QAccessible.queryAccessibleInterface(editor)
            assert interface is not None
            text = interface.textInterface()
            assert text is not None
            texts.append(text.text(0, text.characterCount()).replace("\u2029", "\n"))
    assert texts == ["First of all", "One two three.", "x = 1", "four\nfive"]


def test_every_control_has_a_name(view: TranscriptView) -> None:
    view.set_items([question("q", "x" * 5_000), answer("a", Reasoning("Hm.", 2), ANSWER, actions=("copy", "odd"))])
    for button in view.findChildren(QuietButton):
        assert button.accessibleName() or button.text()


# Code -------------------------------------------------------------------------------------------------------------------


def test_copy_takes_the_whole_code_also_what_is_not_shown(view: TranscriptView, qtbot: QtBot) -> None:
    code = "\n".join(f"line {n}" for n in range(1_000))
    view.set_items([answer("a", f"```text\n{code}\n```\n")])
    view.verticalScrollBar().setValue(0)
    buttons(view)["Copy code"].click()
    assert QGuiApplication.clipboard().text() == code
    block = rows(view, CodeBlock)[0]
    height = block.height()
    more = next(button for button in view.findChildren(QuietButton) if button.text().startswith("Show 200 of 800"))
    more.click()
    assert block.height() > height + 3_000


@pytest.mark.parametrize("scrolled", range(-6_000, -4_000, 250))
def test_an_answer_that_becomes_shorter_where_the_person_reads(view: TranscriptView, scrolled: int) -> None:
    items = conversation(12)
    view.set_items(items)
    view.scroll_by(scrolled)
    read = next(section for section, _, widget in view.live_rows() if top_of(view, widget) + widget.height() > 0)
    items[read] = question(items[read].id, "?") if items[read].kind == "question" else answer(items[read].id, "Short.")
    view.update_item(items[read])
    assert not view.following
    assert any(0 <= top_of(view, widget) < 600 for _, _, widget in view.live_rows())


def test_a_regenerated_answer_takes_the_place_of_the_old_one(view: TranscriptView, qtbot: QtBot) -> None:
    items = conversation(5)
    view.set_items(items)
    view.scroll_by(-300)
    view.set_items([*items[:-1], answer("new", "", status="waiting", note="Getting ready…")])
    for _ in range(3):
        view.update_item(answer("new", ANSWER, status="streaming"))
        view.flush()
    settle(view, qtbot)
    assert [item.id for item in view.items][-2:] == ["q4", "new"]
    assert len({id(widget) for _, _, widget in view.live_rows()}) == len(list(view.live_rows()))
