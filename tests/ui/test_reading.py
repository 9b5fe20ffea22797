"""The panel, the details of an answer, and copies of a message, in the real window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from tests.fakes.backend import ScriptedBackend
from tests.patience import MILLISECONDS
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat import copying
from ui.chat.answer_details import as_text, details
from ui.chat.answer_details_card import DetailsCard
from ui.panel.documents import Change, Document, difference
from ui.panel.side_panel import SidePanel
from ui.widgets.file_names import file_name
from ui.widgets.formulas import formulas
from ui.widgets.rich_text import RichText
from workbench.chat.tree import Node, Turn, TurnState
from workbench.messages import Attachment, Finish, Message, Passage, Role, Sources, Text, Timings, Usage, user

CODE = "Here it is:\n\n```python\nprint(1)\n```\n\nDone: $x^9$."


@pytest.fixture
def opened(make_window: MakeWindow) -> OpenWindow:
    made = make_window(ScriptedBackend(CODE))
    made.send("Show me")
    made.until(
        lambda: made.idle() and len(made.texts) >= 2 and made.page.transcript.button(last(made), "copy") is not None
    )
    return made


def last(opened: OpenWindow) -> str:
    return str(opened.page.transcript.items[-1].id)


def act(opened: OpenWindow, action: str) -> None:
    opened.page.transcript.act(last(opened), action)


def press(parent: QWidget, name: str) -> None:
    for kind in (QPushButton, QToolButton):
        for one in parent.findChildren(kind):
            if one.accessibleName() == name and one.isVisible():
                one.click()
                return
    pytest.fail(f"no visible button {name!r}")


def panel_of(opened: OpenWindow) -> SidePanel:
    found = opened.window.findChild(SidePanel)
    assert isinstance(found, SidePanel)
    return found


# The window -----------------------------------------------------------------------------------------------------------


def test_a_code_block_opens_in_the_panel_is_edited_and_comes_back_with_its_versions(opened: OpenWindow) -> None:
    panel = panel_of(opened)
    assert panel.isHidden()
    press(opened.window, "Open code in the panel")
    assert panel.isVisible()
    assert panel.editor.toPlainText() == "print(1)"
    assert QApplication.focusWidget() is panel.editor
    QTest.keyClick(panel.editor, Qt.Key.Key_End)
    QTest.keyClicks(panel.editor, "  # one")
    QTest.keyClick(panel.editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert panel.document is not None
    assert panel.document.versions == ("print(1)", "print(1)  # one")
    press(panel, "Compare with the version before")
    assert panel.editor.toPlainText() == "- print(1)\n+ print(1)  # one"
    assert panel.editor.isReadOnly()
    assert len(panel.editor.extraSelections()) == 2
    QTest.keyClick(panel.editor, Qt.Key.Key_Escape)
    assert panel.isHidden()
    press(opened.window, "Open code in the panel")
    assert panel.document.versions == ("print(1)", "print(1)  # one")


def test_what_is_typed_is_kept_when_the_panel_closes(opened: OpenWindow) -> None:
    panel = panel_of(opened)
    act(opened, "open_in_panel")
    assert panel.editor.toPlainText() == CODE
    QTest.keyClicks(panel.editor, "New. ")
    press(panel, "Close the panel")
    act(opened, "open_in_panel")
    assert panel.editor.toPlainText() == "New. " + CODE


def test_the_panel_is_widened_with_the_keys_and_leaves_room_for_the_chat(opened: OpenWindow) -> None:
    panel = panel_of(opened)
    opened.window.resize(1400, 700)
    act(opened, "open_in_panel")
    edge = next(child for child in panel.findChildren(QWidget) if child.accessibleName().startswith("Width of"))
    before = panel.width()
    QTest.keyClick(edge, Qt.Key.Key_Left)
    assert panel.width() == before + 40
    for _ in range(40):
        QTest.keyClick(edge, Qt.Key.Key_Left)
    assert panel.width() <= 1400 - 360


def test_in_a_narrow_window_the_panel_has_all_the_room_and_gives_it_back(opened: OpenWindow) -> None:
    panel = panel_of(opened)
    opened.window.resize(600, 700)
    act(opened, "open_in_panel")
    assert panel.width() == opened.window.width()
    assert opened.window.pages.isHidden()
    QTest.keyClick(panel.editor, Qt.Key.Key_Escape)
    assert opened.window.pages.isVisible()
    act(opened, "open_in_panel")
    opened.window.actions_["settings"].trigger()
    assert panel.isHidden()
    assert opened.window.pages.isVisible()
    opened.window.pages.show_chats()
    act(opened, "open_in_panel")
    opened.window.actions_["new_chat"].trigger()
    opened.until(lambda: panel.isHidden() and opened.window.pages.isVisible())


def test_the_panel_saves_to_a_file_and_tells_when_it_cannot(opened: OpenWindow, tmp_path: Path) -> None:
    panel = panel_of(opened)
    act(opened, "open_in_panel")
    panel.write(tmp_path / "answer.md")
    assert (tmp_path / "answer.md").read_text(encoding="utf-8") == CODE
    told: list[str] = []
    panel.not_saved.connect(told.append)
    panel.write(tmp_path / "missing" / "answer.md")
    assert "could not be written" in told[0]


def test_html_is_shown_as_its_source(opened: OpenWindow) -> None:
    panel = panel_of(opened)
    panel.show_document("k", "page", "html", "<script>alert(1)</script><b>x</b>")
    assert panel.editor.toPlainText() == "<script>alert(1)</script><b>x</b>"
    assert "nothing in it is run" in panel.note.text()


def test_details_of_an_answer(opened: OpenWindow) -> None:
    act(opened, "answer_details")
    (card,) = opened.window.findChildren(DetailsCard)
    QTest.keyClick(card.copy_button, Qt.Key.Key_Space)
    words = QGuiApplication.clipboard().text()
    for piece in (
        "Model: Fake 1B",
        "Where: On this computer",
        "Writing: 100.0 tokens/s",
        "1 question and 0 answers",
    ):
        assert piece in words
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert card.isHidden()


def test_a_message_is_copied_in_three_forms(opened: OpenWindow) -> None:
    clipboard = QGuiApplication.clipboard()
    for words, expected in (("As Markdown", CODE), ("As plain text", copying.plain(CODE))):
        act(opened, "copy_as")
        press(opened.window, words)
        assert clipboard.text() == expected
    act(opened, "copy_as")
    press(opened.window, "With its formatting")
    data = clipboard.mimeData()
    assert "<pre>print(1)</pre>" in data.html()
    assert bytes(data.data("text/markdown").data()).decode() == CODE
    assert data.text() == copying.plain(CODE)


def test_formulas_are_drawn_beside_the_main_thread(opened: OpenWindow) -> None:
    opened.bot.waitUntil(lambda: formulas().idle, timeout=MILLISECONDS)
    shown = [text.toPlainText() for text in opened.window.findChildren(RichText)]
    assert "Done: \ufffc." in shown


# Pure -----------------------------------------------------------------------------------------------------------------


def test_what_is_known_of_an_answer() -> None:
    file = Attachment("notes.pdf", "application/pdf", 900, "0" * 64, text="x", tokens=120)
    turn = Turn(
        "t",
        "Qwen",
        "xllamacpp",
        TurnState.ENDED,
        0.0,
        Finish.LENGTH,
        Usage(500, 100, 40),
        Timings(0.5, 900.0, 21.0, 2.5),
    )
    old = Node("a", None, user("old"), 0.0)
    asked = Node("b", "a", Message(Role.USER, (file, Text("new"))), 0.0)
    answer = Node("c", "b", Message(Role.ASSISTANT, (Text("yes"),)), 0.0, turn)
    words = as_text(details(answer, (old, asked, answer), instructions="Be brief."))
    passages = tuple(Passage(n, f"/papers/{n // 2}.pdf", "c", "0" * 64, 0, 1, "x") for n in range(3))
    grounded = replace(answer, message=Message(Role.ASSISTANT, (Sources(passages), Text("Yes."))))
    assert "Passages: 3 of 2 documents" in as_text(details(grounded, (old, asked, grounded)))
    for piece in (
        "Engine: xllamacpp", "Ended: It reached its length limit", "Read: 500 tokens, 100 of them known from before",
        "2 questions and 0 answers", "Document: notes.pdf, 120 tokens", "Instructions: 9 characters", "Written: 40 tokens",
    ):  # fmt: skip
        assert piece in words
    remote = replace(answer, turn=replace(turn, backend="server:studio"))
    assert "Where: studio" in as_text(details(remote, (answer,)))
    assert "Cost" not in as_text(details(remote, (answer,)))


@pytest.mark.parametrize(
    ("title", "language", "text", "name"),
    [
        ("python", "python", "x", "python.py"),
        ("Text", "", "x", "text.txt"),
        ("c", "dockerfile", "x", "Dockerfile"),
        ("c", "js", "// app/../../etc/x.js\n", "c.js"),
        ("c", "js", "// app.config.js\nlet a", "app.config.js"),
        ("../../x y", "rust", "", "x-y.rs"),
    ],
)
def test_names_of_files(title: str, language: str, text: str, name: str) -> None:
    assert file_name(title, language, text) == name


def test_versions_and_their_difference() -> None:
    document = Document("t", "", ("a\nb",))
    assert document.with_version("a\nb") is document
    newer = document.with_version("a\nc")
    assert (newer.versions, newer.shown) == (("a\nb", "a\nc"), 1)
    lines = difference(*newer.versions)
    assert lines is not None
    assert [(line.change, line.text) for line in lines] == [
        (Change.SAME, "a"), (Change.REMOVED, "b"), (Change.ADDED, "c")
    ]  # fmt: skip
    assert difference("\n" * 9_000, "x") is None


def test_formatted_copies_load_nothing_and_tables_stay_whole() -> None:
    table = "| a | b |\n|--|--|\n" + "| one | two |\n" * 200
    html = copying.formatted(f"<img src=x onerror=y> ![x](https://h.example/x.png) $a<b$\n\n{table}")
    assert "<img" not in html
    assert "<code>a&lt;b</code>" in html
    assert html.count("<table") == html.count("</table>") == 1
    assert html.count("<tr>") == 201
