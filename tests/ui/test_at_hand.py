"""At hand: long answers are told, the quick entry asks in a new chat, the tray keeps the program, keys are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow
from ui.appearance import Appearance
from ui.at_hand import DONE, AnswerClock, AtHand, worth_telling
from ui.chat.slash import PromptOffer
from ui.global_keys import macos, windows, x11
from ui.settings.at_hand import AtHandRows, wait_words
from ui.tray import TrayIcon
from workbench.settings import AtHand as Chosen
from workbench.settings import Settings, with_value


class FakeNotifier:
    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.press: Callable[[], None] = lambda: None

    def notify(self, title: str, text: str, act: Callable[[], None]) -> None:
        self.told.append((title, text))
        self.press = act

    def close(self) -> None:
        self.told.append(("", "taken back"))


class FakeKeys:
    """Refuses ``taken``."""

    def __init__(self, pressed: Callable[[], None], taken: str = "Ctrl+Alt+T") -> None:
        self.pressed = pressed
        self.taken = taken
        self.now = ""

    def take(self, keys: str) -> str:
        self.now = "" if keys == self.taken else keys
        return "Another program has these keys." if keys == self.taken else ""

    def close(self) -> None:
        self.now = ""


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Made:
    def __init__(self, appearance: Appearance, application: QApplication) -> None:
        self.notifier = FakeNotifier()
        self.clock = Clock()
        self.keys: list[FakeKeys] = []
        self.at_hand = AtHand(appearance, application, notifier=self.notifier, keys=self._open_keys, clock=self.clock)

    def _open_keys(self, pressed: Callable[[], None]) -> FakeKeys:
        self.keys.append(FakeKeys(pressed))
        return self.keys[-1]


@pytest.fixture
def made(qapp: QApplication, appearance: Appearance) -> Iterator[Made]:
    one = Made(appearance, qapp)
    yield one
    one.at_hand.close()
    one.at_hand.deleteLater()


@pytest.mark.parametrize(
    ("seconds", "wait", "in_front", "told"),
    [(10, 10, False, True), (9.9, 10, False, False), (600, 10, True, False), (600, 0, False, False)],
)
def test_what_is_worth_telling(seconds: float, wait: int, in_front: bool, told: bool) -> None:
    assert worth_telling(seconds, wait, in_front=in_front) is told


def test_each_answer_has_its_own_seconds() -> None:
    clock = Clock()
    answers = AnswerClock(clock)
    assert answers.ended({"a"}) == {}
    clock.now += 5
    assert answers.ended({"a", "b"}) == {}
    clock.now += 7
    assert answers.ended({"b"}) == {"a": 12}
    assert answers.ended(set()) == {"b": 7}
    assert answers.ended(set()) == {}


def test_a_long_answer_is_told_and_a_press_opens_its_chat(made: Made, qtbot: QtBot) -> None:
    made.at_hand.follow_answers({"c1"}, lambda _chat: "Rome", in_front=False)
    made.clock.now += 30
    made.at_hand.follow_answers((), lambda _chat: "Rome", in_front=False)
    assert made.notifier.told == [("Rome", DONE)]
    with qtbot.waitSignal(made.at_hand.chat_asked) as asked:
        made.notifier.press()
    assert asked.args == ["c1"]


def test_a_short_answer_and_one_in_view_are_not_told(made: Made) -> None:
    for seconds, in_front in ((3, False), (300, True)):
        made.at_hand.follow_answers({"c1"}, lambda _chat: "Rome", in_front=in_front)
        made.clock.now += seconds
        made.at_hand.follow_answers((), lambda _chat: "Rome", in_front=in_front)
    assert made.notifier.told == []


def test_keys_of_the_desktop_open_the_quick_entry_and_are_given_back(made: Made) -> None:
    refused: list[str] = []
    made.at_hand.keys_refused.connect(refused.append)
    made.at_hand.use(Chosen())
    assert made.keys == []  # off until somebody wants it
    made.at_hand.use(Chosen(quick_entry="Ctrl+Alt+T"))
    made.at_hand.use(Chosen(quick_entry="Ctrl+Alt+Space"))
    assert refused == ["Another program has these keys.", ""]
    (keys,) = made.keys
    keys.pressed()
    assert made.at_hand.quick.isVisible()
    made.at_hand.close()
    assert keys.now == ""


def test_the_quick_entry_sends_once_and_keeps_what_was_not_sent(made: Made, qtbot: QtBot) -> None:
    asked: list[str] = []
    made.at_hand.question_asked.connect(asked.append)
    quick = made.at_hand.quick
    quick.open()
    assert not quick.send_button.isEnabled()
    QTest.keyClick(quick.draft, Qt.Key.Key_Return)  # nothing is there to send
    QTest.keyClicks(quick.draft, "half a thought")
    QTest.keyClick(quick.draft, Qt.Key.Key_Escape)
    assert not quick.isVisible()
    quick.open()
    assert quick.draft.toPlainText() == "half a thought"
    QTest.keyClicks(quick.draft, ", done")
    QTest.keyClick(quick.draft, Qt.Key.Key_Return)
    assert (asked, quick.isVisible(), quick.draft.toPlainText()) == (["half a thought, done"], False, "")


def test_what_was_written_there_is_asked_in_a_new_chat(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("First.", "Second."))
    opened.send("An older question")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    opened.window.ask_in_new_chat("Quick question")
    opened.until(lambda: opened.idle() and opened.texts == ["Quick question", "Second."])
    opened.until(lambda: len(opened.window.sidebar.model.chats) == 2)


def test_the_tray_tells_the_state_and_asks(qapp: QApplication, qtbot: QtBot) -> None:
    tray = TrayIcon(qapp)
    tray.show_state(answering=True, hidden=True)
    assert tray._icon.toolTip() == "Workbench: an answer is being written (the window is closed)"
    tray.show_state(answering=True, hidden=False, waits="Groq waits for your yes")
    assert tray._icon.toolTip() == "Workbench: Groq waits for your yes"
    for action, asked in (
        (tray.show_action, tray.window_asked),
        (tray.quick_action, tray.quick_asked),
        (tray.quit_action, tray.quit_asked),
    ):
        with qtbot.waitSignal(asked):
            action.trigger()
    tray.close()
    tray.deleteLater()


@pytest.mark.parametrize("stays", [False, True])
def test_closing_the_window_ends_the_program_unless_it_stays_in_the_tray(make_window: MakeWindow, stays: bool) -> None:
    opened = make_window()
    ended: list[bool] = []
    opened.window.closed.connect(lambda: ended.append(True))
    opened.window.stays_when_closed = lambda: stays
    opened.window.close()
    assert (ended == []) is stays
    assert not opened.window.isVisible()
    opened.window.come_to_front()
    assert opened.window.isVisible()
    opened.window.finish()
    assert ended


def test_quitting_works_while_the_window_is_closed(make_window: MakeWindow) -> None:
    opened = make_window()
    ended: list[bool] = []
    opened.window.closed.connect(lambda: ended.append(True))
    opened.window.stays_when_closed = lambda: True
    opened.window.close()
    opened.window.finish()
    assert ended == [True]


def test_the_settings_of_being_at_hand(appearance: Appearance, qtbot: QtBot) -> None:
    rows = AtHandRows(appearance, tray=True, global_keys=True)
    qtbot.addWidget(rows)
    saved: list[tuple[str, object]] = []
    rows.saved.connect(lambda key, value: saved.append((key, value)))
    rows.show_settings(Settings())
    rows.tray.click()
    rows.login.click()
    rows.quick.click()
    QTest.keyClick(rows.quick, Qt.Key.Key_A)
    assert "needed for writing" in rows.refused.text()
    rows.quick.click()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    QTest.keyClick(rows.quick, Qt.Key.Key_Space, modifiers)
    assert saved == [
        ("at_hand.tray", True),
        ("at_hand.open_at_login", True),
        ("at_hand.quick_entry", "Ctrl+Alt+Space"),
    ]
    for key, value in saved:
        with_value(Settings(), key, value)
    rows.show_settings(Settings(at_hand=Chosen(notify_after_seconds=0, quick_entry="Ctrl+Alt+Space")))
    assert rows.wait.accessibleName() == "Notification: Never"
    assert "Ctrl+Alt+Space" in rows.quick.accessibleName() or "⌥" in rows.quick.accessibleName()
    assert (wait_words(10), wait_words(60)) == ("After 10 s", "After 1 min")


def test_a_desktop_without_tray_and_keys_says_so(appearance: Appearance, qtbot: QtBot) -> None:
    rows = AtHandRows(appearance, tray=False, global_keys=False)
    qtbot.addWidget(rows)
    rows.show()
    assert not rows.tray.isEnabled()
    assert not rows.quick.isVisible()


@pytest.mark.parametrize(
    ("keys", "x", "win", "mac"),
    [
        ("Ctrl+Alt+Space", (12, 0x20), (3, 0x20), (0x0900, 49)),
        ("Meta+Shift+N", (65, ord("n")), (12, ord("N")), (0x1200, 45)),
        ("F9", (0, 0xFFC6), (0, 0x78), (0, 101)),
        ("Ctrl+5", (4, ord("5")), (2, ord("5")), (0x0100, 23)),
    ],
)
def test_keys_have_the_numbers_of_each_system(
    keys: str, x: tuple[int, int], win: tuple[int, int], mac: tuple[int, int]
) -> None:
    assert (x11.parts(keys), windows.parts(keys), macos.parts(keys)) == (x, win, mac)


def test_keys_that_a_system_does_not_have_are_refused() -> None:
    assert x11.parts("Ctrl+Media Play")[1] == 0
    assert windows.parts("Ctrl+Ä")[1] == 0
    assert macos.parts("Ctrl+F19")[1] is None
    assert x11.parts("Ctrl++") == (4, ord("+"))


class FakeUser32:
    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.free = True

    def RegisterHotKey(self, *arguments: object) -> int:  # noqa: N802 - Windows calls it so
        self.calls.append(("take", *arguments))
        return int(self.free)

    def UnregisterHotKey(self, *arguments: object) -> int:  # noqa: N802
        self.calls.append(("give back", *arguments))
        return 1


def test_windows_keys_are_taken_once_and_given_back(qapp: QApplication) -> None:
    user32 = FakeUser32()
    keys = windows.WindowsKeys(lambda: None, user32)
    assert keys.take("Ctrl+Alt+Space") == ""
    user32.free = False
    assert keys.take("Ctrl+Alt+T") == "Another program has these keys."
    keys.close()
    assert [call[0] for call in user32.calls] == ["take", "give back", "take"]
    assert user32.calls[0][3:] == (0x4003, 0x20)


def test_a_slash_in_the_quick_entry_offers_prompts_and_the_window_goes_on(made: Made, qtbot: QtBot) -> None:
    wanted: list[str] = []
    chosen: list[tuple[str, str]] = []
    made.at_hand.prompts_asked.connect(wanted.append)
    made.at_hand.prompt_chosen.connect(lambda prompt, text: chosen.append((prompt, text)))
    quick = made.at_hand.quick

    def is_open() -> bool:
        return quick.prompts.is_open

    quick.open()
    low = quick.height()
    QTest.keyClicks(quick.draft, "For Ada /su")
    assert wanted[-1] == "su"
    quick.show_prompts("s", (PromptOffer("old", "Old", ""),))  # too late
    assert not is_open()
    quick.show_prompts("su", (PromptOffer("p1", "Sum up", "/sum-up"), PromptOffer("p2", "Survey", "/survey")))
    assert is_open()
    assert quick.height() > low
    QTest.keyClick(quick.draft, Qt.Key.Key_Escape)
    assert quick.isVisible()
    assert not is_open()
    QTest.keyClicks(quick.draft, " /su")
    quick.show_prompts("su", (PromptOffer("p1", "Sum up", "/sum-up"), PromptOffer("p2", "Survey", "/survey")))
    QTest.keyClick(quick.draft, Qt.Key.Key_Down)
    QTest.keyClick(quick.draft, Qt.Key.Key_Return)
    assert chosen == [("p2", "For Ada /su")]
    assert not quick.isVisible()
    assert quick.draft.toPlainText() == ""


def test_what_waits_is_told_at_once_and_by_name(made: Made, qtbot: QtBot) -> None:
    made.at_hand.tell_waiting("c1", "Rome", "Groq waits for your yes", in_front=False)
    assert made.notifier.told == [("Rome", "Groq waits for your yes")]
    with qtbot.waitSignal(made.at_hand.chat_asked) as asked:
        made.notifier.press()
    assert asked.args == ["c1"]
    made.at_hand.tell_waiting("c1", "Rome", "Groq waits for your yes", in_front=True)
    made.at_hand.use(with_value(Settings(), "at_hand.notify_after_seconds", 0).at_hand)
    made.at_hand.tell_waiting("c1", "Rome", "Groq waits for your yes", in_front=False)
    assert len(made.notifier.told) == 1, "who looks sees it, and who wants no news gets none"


def test_a_long_answer_that_waits_says_so_instead_of_being_ready(made: Made) -> None:
    def title(_chat: str) -> str:
        return "Rome"

    made.at_hand.follow_answers({"c1"}, title, in_front=False)
    made.clock.now += 30
    made.at_hand.follow_answers((), title, in_front=False, waits=lambda _chat: "A tool waits for your yes")
    assert made.notifier.told == [("Rome", "A tool waits for your yes")]
