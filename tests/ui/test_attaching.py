"""Files in the composer: chosen, dropped and pasted, read in the background, shown, sent, and kept with the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.fakes import documents
from tests.fakes.backend import ScriptedBackend
from tests.patience import MILLISECONDS
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.attach import Chip, ChipState, caption, chips_text, size_caption
from ui.chat.attach_painted import Files, Given
from ui.chat.attach_row import ChipFrame
from ui.chat.attaching import DropHere
from ui.chat.transcript_items import BubbleRow, FilesRow, GivenRow, ItemRows
from ui.widgets.html_words import words_of_html
from workbench.messages import Attachment


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("Pears cost seven crowns.")
    return path


def states(opened: OpenWindow) -> list[tuple[str, ChipState]]:
    return [(chip.name, chip.state) for chip in opened.composer.chips]


def ready(opened: OpenWindow, count: int = 1) -> bool:
    return len(opened.composer.attached()) == count


def wait(opened: OpenWindow, count: int = 1) -> None:
    opened.bot.waitUntil(lambda: ready(opened, count), timeout=MILLISECONDS)


def frames(opened: OpenWindow) -> list[ChipFrame]:
    return [frame for frame in opened.composer.findChildren(ChipFrame) if not frame.isHidden()]


def mime(files: Sequence[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def test_a_chosen_file_is_read_shown_and_sent(make_window: MakeWindow, note: Path) -> None:
    opened = make_window(ScriptedBackend("Seven."))
    opened.window.actions_["attach"].trigger()
    dialog = opened.window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([str(note)])
    dialog.close()
    assert states(opened) == [("note.txt", ChipState.READING)]
    wait(opened)
    assert frames(opened)[0].accessibleName() == "note.txt, 9 tokens"
    opened.send("What do pears cost?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    assert opened.workbench.backend.requests[-1].messages[-1].text == (
        '<document name="note.txt">\nPears cost seven crowns.\n</document>\n\nWhat do pears cost?'
    )
    assert not opened.composer.chips


def test_what_is_sent_while_a_file_is_read_waits_for_it(make_window: MakeWindow, note: Path) -> None:
    opened = make_window(ScriptedBackend("Seven."))
    opened.composer.show_text("What?")
    opened.composer.attach(note, "note.txt")
    opened.composer.send_button.click()
    assert not opened.workbench.backend.requests
    opened.bot.waitUntil(lambda: bool(opened.workbench.backend.requests), timeout=MILLISECONDS)
    opened.until(opened.idle)
    assert "seven crowns" in opened.workbench.backend.requests[-1].messages[-1].text


def test_a_file_that_cannot_be_read_says_why_and_holds_the_message_back(
    make_window: MakeWindow, tmp_path: Path
) -> None:
    opened = make_window(ScriptedBackend("One"))
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    opened.composer.attach(broken, "broken.pdf")
    opened.bot.waitUntil(lambda: states(opened) == [("broken.pdf", ChipState.FAILED)], timeout=MILLISECONDS)
    frame = frames(opened)[0]
    assert frame.accessibleName().startswith("broken.pdf, Is broken, or no PDF.")
    opened.composer.show_text("What is in it?")
    opened.composer.send_button.click()
    assert not opened.workbench.backend.requests
    assert opened.window.focusWidget() is frame.remove
    QTest.keyClick(frame.remove, Qt.Key.Key_Delete)
    assert not opened.composer.chips
    assert opened.window.focusWidget() is opened.composer.draft
    opened.composer.send_button.click()
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)


def test_removing_goes_on_to_the_next_chip_and_cancels_the_reading(make_window: MakeWindow, note: Path) -> None:
    opened = make_window()
    for name in ("one.txt", "two.txt", "three.txt"):
        opened.composer.attach(note, name)
    middle = frames(opened)[1]
    middle.remove.setFocus()
    QTest.keyClick(middle.remove, Qt.Key.Key_Backspace)
    assert [name for name, _state in states(opened)] == ["one.txt", "three.txt"]
    assert opened.window.focusWidget() is frames(opened)[1].remove
    wait(opened, 2)


def test_files_are_dropped_on_the_page(make_window: MakeWindow, note: Path, tmp_path: Path) -> None:
    opened = make_window()
    page, data = opened.page, mime([note, tmp_path / "gone.txt"])
    over = QDragEnterEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    )
    QApplication.sendEvent(page, over)
    assert over.isAccepted()
    assert not page.findChild(DropHere).isHidden()
    drop = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    )
    QApplication.sendEvent(page, drop)
    assert page.findChild(DropHere).isHidden()
    opened.bot.waitUntil(
        lambda: {state for _name, state in states(opened)} == {ChipState.READY, ChipState.FAILED}, timeout=MILLISECONDS
    )
    assert opened.composer.chips[1].reason.startswith("Is not there.")


def test_addresses_of_the_web_are_not_dropped(make_window: MakeWindow) -> None:
    opened = make_window()
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.txt")])
    over = QDragEnterEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    )
    over.ignore()
    QApplication.sendEvent(opened.page, over)
    assert opened.page.findChild(DropHere).isHidden()


def test_a_screenshot_and_files_are_pasted(make_window: MakeWindow, note: Path) -> None:
    opened = make_window()
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(picture)
    opened.composer.draft.paste()
    wait(opened)
    pasted = opened.composer.attached()[0]
    assert (pasted.name, pasted.media_type) == ("Pasted picture.png", "image/png")
    QGuiApplication.clipboard().setMimeData(mime([note]))
    opened.composer.draft.paste()
    wait(opened, 2)
    assert opened.composer.attached()[1].name == "note.txt"
    assert opened.composer.text() == ""
    QGuiApplication.clipboard().setText("short words")
    opened.composer.draft.paste()
    assert opened.composer.text() == "short words"


def test_words_that_are_html_alone_are_pasted_as_words(make_window: MakeWindow) -> None:
    opened = make_window()
    told = QMimeData()
    told.setHtml("<p>The <b>bold</b> one</p><p>and another</p>")
    QGuiApplication.clipboard().setMimeData(told)
    opened.composer.draft.paste()
    assert opened.composer.text() == "The bold one\nand another"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<!--StartFragment--><p>One &amp; two</p><p>three</p><!--EndFragment-->", "One & two\nthree"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"),
        ("<head><title>No</title><style>p {}</style></head>Yes<script>if (a < b) no()</script> it is", "Yes it is"),
        ("some\n   words<br>and <img src='file:///etc/passwd'> more", "some words\nand more"),
        ("<style>never closed", ""),
        ("2 < 3", "2"),
        ("", ""),
    ],
)
def test_words_of_html(html: str, words: str) -> None:
    assert words_of_html(html) == words


def test_a_megabyte_of_nested_tables_is_read_at_once() -> None:
    assert words_of_html("<table><tr><td>x" * 60_000).count("x") == 60_000


def test_enter_while_letters_are_composed_sends_nothing(make_window: MakeWindow) -> None:
    opened = make_window()
    draft = opened.composer.draft
    draft.setPlainText("half ")
    draft.moveCursor(QTextCursor.MoveOperation.End)
    QApplication.sendEvent(draft, QInputMethodEvent("にほ", []))
    QTest.keyClick(draft, Qt.Key.Key_Return)
    done = QInputMethodEvent("", [])
    done.setCommitString("日本")
    QApplication.sendEvent(draft, done)
    assert (opened.composer.text(), opened.texts) == ("half 日本", [])
    QTest.keyClick(draft, Qt.Key.Key_Return)
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    assert opened.texts[0] == "half 日本"


def test_attachments_stay_with_their_draft(make_window: MakeWindow, note: Path) -> None:
    opened = make_window(ScriptedBackend("One"))
    opened.send("First chat")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    opened.composer.attach(note, "note.txt")
    opened.composer.draft.setPlainText("half a thought")
    opened.window.actions_["new_chat"].trigger()
    assert not opened.composer.chips
    opened.until(lambda: len(opened.window.sidebar.model.chats) == 1)
    opened.window.actions_["chat_1"].trigger()
    opened.until(lambda: opened.composer.text() == "half a thought")
    wait(opened)


def test_editing_a_question_shows_what_was_attached(make_window: MakeWindow, note: Path) -> None:
    opened = make_window(ScriptedBackend("One", "Two"))
    opened.composer.attach(note, "note.txt")
    wait(opened)
    opened.send("What?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    opened.composer.show_text("something else")
    opened.page.transcript.action.emit(opened.page.transcript.items[0].id, "edit")
    assert [one.name for one in opened.composer.attached()] == ["note.txt"]
    opened.composer.send_button.click()
    opened.until(lambda: opened.idle() and opened.texts[-1] == "Two")
    assert opened.workbench.backend.requests[-1].messages[-1].text.startswith("<document")
    assert (opened.composer.text(), opened.composer.chips) == ("something else", ())


def test_what_could_not_be_sent_returns_with_its_attachments(make_window: MakeWindow, note: Path) -> None:
    opened = make_window(ScriptedBackend("One"))
    opened.composer.attach(note, "note.txt")
    wait(opened)
    opened.workbench.models.installed = ()
    opened.send("What?")
    opened.until(lambda: opened.idle() and opened.composer.text() == "What?")
    assert [one.name for one in opened.composer.attached()] == ["note.txt"]


def test_what_does_not_fit_whole_is_told_before_and_after(make_window: MakeWindow, tmp_path: Path) -> None:
    pages = ["\n".join([f"The weather was mild. Chapter {number}."] * 6) for number in range(1, 31)]
    report = tmp_path / "report.pdf"
    report.write_bytes(documents.pdf(pages))
    opened = make_window(ScriptedBackend("Mild.", context_tokens=700))
    assert opened.composer.attach_note.isHidden()
    opened.composer.attach(report, "report.pdf")
    wait(opened)
    opened.bot.waitUntil(lambda: not opened.composer.attach_note.isHidden(), timeout=MILLISECONDS)
    opened.send("How was the weather in chapter 12?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    assert opened.composer.attach_note.isHidden()
    question, answer = opened.page.transcript.items
    rows = ItemRows(question).rows()
    assert isinstance(rows[0], FilesRow)
    assert [file.name for file in rows[0].files] == ["report.pdf"]
    assert isinstance(rows[1], BubbleRow)
    given = next(row for row in ItemRows(answer).rows() if isinstance(row, GivenRow))
    assert "of 30 pages of report.pdf were given" in given.text
    shown = opened.page.transcript.findChildren(Files)
    opened.until(lambda: any(one.accessibleName().startswith("Attached: report.pdf (") for one in shown))
    assert any("of 30 pages" in one.accessibleName() for one in opened.page.transcript.findChildren(Given))


def test_a_model_that_cannot_see_offers_the_list_of_models(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(ScriptedBackend("Red."))
    opened.workbench.models.seeing = ("Gemma 4 E4B",)
    (tmp_path / "red.png").write_bytes(documents.png())
    opened.composer.attach(tmp_path / "red.png", "red.png")
    wait(opened)
    opened.send("What colour?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    answer = opened.page.transcript.items[-1]
    assert (answer.error, answer.hint) == ("fake-model cannot see pictures.", "Choose one that sees: Gemma 4 E4B.")
    assert answer.actions[:2] == ("models", "retry")
    opened.workbench.backend.info = replace(opened.workbench.backend.info, vision=True)
    opened.page.transcript.action.emit(answer.id, "retry")
    opened.until(lambda: opened.idle() and opened.texts[-1] == "Red.")


def test_what_is_attached_to_a_temporary_chat_is_not_written(make_window: MakeWindow, note: Path) -> None:
    opened = make_window(ScriptedBackend("Seven."))
    opened.window.actions_["temporary_chat"].trigger()
    opened.composer.attach(note, "note.txt")
    wait(opened)
    opened.send("What?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    assert "seven crowns" in opened.workbench.backend.requests[-1].messages[-1].text
    assert not opened.workbench.paths.attachments.exists()


def test_words_of_chips() -> None:
    text = Attachment("a.txt", "text/plain", 5, "0", "x" * 400, "Cut.", 1204)
    assert size_caption(text) == "1,204 tokens"
    assert size_caption(Attachment("a.txt", "text/plain", 5, "0", "x" * 400)) == "about 100 tokens"
    assert size_caption(Attachment("a.png", "image/png", 12_000, "0")) == "12 kB"
    assert caption(Chip("a.txt", None, ChipState.READY, text)) == "1,204 tokens · Cut."
    assert caption(Chip("a.txt")) == "Reading…"
    assert chips_text((text,)) == "a.txt (1,204 tokens)"
