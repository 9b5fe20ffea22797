"""Numbers of an answer: marks in the text, what they say, the passages behind them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.document_folders import FakeDocuments
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.citations import cited, doubt_line, place_words, spoken, summary, target_of
from ui.chat.mentions import Place
from ui.chat.sources_list import SourcesPanel
from ui.chat.sources_row import BESIDE, WHY_NOT, SourcesList
from ui.chat.transcript_items import SOURCES, BlockRow, ItemRows, SourcesRow, TranscriptItem
from ui.chat.transcript_rows import TextBlock
from ui.widgets.quiet_button import QuietButton
from workbench.messages import Citation, Part, Passage, Sources, Text, TextDelta, Verdict

LEASE = "The lease ends in May, and the notice period is three months."


def passage(number: int, name: str = "lease.pdf", page: int | None = 3, text: str = LEASE) -> Passage:
    label = f"Page {page}" if page else ""
    return Passage(number, f"/home/ada/Papers/{name}", "papers", "0" * 64, 0, len(text), text, page, label, 0.9)


def sources(*citations: Citation, count: int = 2, note: str = "") -> Sources:
    return Sources(tuple(passage(number) for number in range(1, count + 1)), citations, note)


def rows(text: str, stands_on: Sources, status: str = "done") -> list[object]:
    parts: tuple[Part, ...] = (stands_on, Text(text))
    return list(ItemRows(TranscriptItem("a", "answer", parts, author="M", status=status)).rows())  # type: ignore[arg-type]


def targets(shown: list[object]) -> list[str]:
    blocks = (row for row in shown if isinstance(row, BlockRow))
    return [link.target for row in blocks for mark in row.marks for link in mark.links]


# Where numbers stand ----------------------------------------------------------------------------------------------------


def test_while_an_answer_comes_only_numbers_of_given_passages_are_marks() -> None:
    text = "It ends in May [1], see [7] and [1, 2] and `a[1]`"
    assert targets(rows(text, sources(), "streaming")) == ["1:15", "1:32", "2:32"]
    assert targets(rows("It ends in May [1", sources(), "streaming")) == []
    assert targets(rows(text, Sources(), "streaming")) == []


def test_a_checked_answer_has_marks_where_the_check_found_them() -> None:
    text = "In May [1]. In June [2]."
    found = sources(
        Citation(7, 10, 1, Verdict.SUPPORTED), Citation(20, 23, 2, Verdict.CHANGED, "The passage says May.")
    )
    shown = rows(text, found)
    (block,) = (row for row in shown if isinstance(row, BlockRow))
    assert [(one.begin, one.end) for one in block.marks] == [(7, 10), (20, 23)]
    assert [one.links[0].doubted for one in block.marks] == [False, True]
    assert block.marks[1].links[0].text == "[2\N{NO-BREAK SPACE}≠]"


def test_marks_belong_to_the_block_they_stand_in() -> None:
    text = "First [1].\n\n- second [2]\n\n```\nrows[1]\n```"
    assert [len(row.marks) for row in rows(text, sources()) if isinstance(row, BlockRow)] == [1, 1, 0]


def test_an_address_is_a_number_and_its_place_or_nothing() -> None:
    assert target_of("cite:2:140") == (2, 140)
    assert target_of("https://example.com") is None
    assert target_of("cite:x:1") is None


# In words ----------------------------------------------------------------------------------------------------------------


def test_each_doubt_is_told_in_words() -> None:
    found = sources(
        Citation(0, 3, 1, Verdict.CHANGED, "The passage says 3,400."),
        Citation(4, 7, 2, Verdict.UNSUPPORTED),
        Citation(8, 11, 9, Verdict.MISSING),
    )
    told = summary("[1] [2] [9]", found)
    assert told.label == "2 sources"
    assert [numbers for numbers, _words in told.doubts] == [(1,), (2,), (9,)]
    assert told.doubts[0][1] == "The passage says 3,400."
    assert all(words for _numbers, words in told.doubts)
    twice = sources(Citation(0, 3, 1, Verdict.UNSUPPORTED), Citation(4, 7, 2, Verdict.UNSUPPORTED))
    ((numbers, words),) = summary("[1] [2]", twice).doubts
    assert doubt_line(numbers, words) == "[1] [2] The passage does not seem to say this."
    assert "3,400" in spoken(found, 1, 0)
    assert spoken(found, 9, 8) == "There is no passage of this number."


def test_what_was_given_and_is_not_cited_is_told_apart() -> None:
    told = summary("Only the first [1].", sources(count=3))
    assert [one.number for one in told.cited] == [1]
    assert [one.number for one in told.others] == [2, 3]
    assert summary("Nothing.", sources(count=3)).label == "3 passages were given, the answer cites none"
    assert cited("Nothing.", sources()) == ()


def test_a_name_that_is_no_text_can_be_shown() -> None:
    broken = passage(1, "caf\udce9.txt", None)
    place_words(broken).encode("utf-8")


def test_an_answer_without_documents_has_no_row_and_one_with_a_note_has() -> None:
    assert not [row for row in rows("Hello.", Sources()) if isinstance(row, SourcesRow)]
    (row,) = (one for one in rows("None.", Sources(note="Nothing was found.")) if isinstance(one, SourcesRow))
    assert row.note == "Nothing was found."
    assert not [one for one in rows("No", Sources(note="x"), "streaming") if isinstance(one, SourcesRow)]


# In the window ------------------------------------------------------------------------------------------------------------


def with_papers(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A folder with a lease whose second page has the passage."""

    def prepare(workbench: FakeWorkbench) -> None:
        folder = tmp_path / "Papers"
        folder.mkdir()
        papers = workbench.documents.add(folder)
        workbench.documents.put(papers.id, "lease.pdf", f"Nothing here.\f{LEASE}", media_type="application/pdf")

    return prepare


def ask(opened: OpenWindow, text: str = "When does the lease end?") -> None:
    desk = opened.window.desk
    assert desk is not None
    documents: FakeDocuments = opened.workbench.documents
    (state,) = documents.collections()
    desk.folders.add(Place(state.collection.id, state.collection.name))
    opened.send(text)
    opened.until(lambda: opened.idle() and len(desk.chat.state.nodes) == 2)
    view = opened.page.transcript
    opened.until(lambda: not view.is_preparing)


def text_blocks(opened: OpenWindow) -> list[TextBlock]:
    return [widget for _s, _r, widget in opened.page.transcript.live_rows() if isinstance(widget, TextBlock)]


def source_row(opened: OpenWindow) -> SourcesList:
    (row,) = (widget for _s, _r, widget in opened.page.transcript.live_rows() if isinstance(widget, SourcesList))
    return row


def viewer_text(opened: OpenWindow) -> str:
    reading = opened.window._reading
    shown = reading.viewer().viewer
    return shown.pages.text.marked


def test_enter_on_a_number_opens_its_passage(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(ScriptedBackend("It ends in May [1]."), with_papers(tmp_path))
    ask(opened)
    (block,) = text_blocks(opened)
    pane = block.pane
    assert pane is not None
    browser = block._text
    assert browser.toPlainText() == "It ends in May [1]."
    browser.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(browser, Qt.Key.Key_Tab) if not browser.textCursor().hasSelection() else None
    assert "lease.pdf · Page 2" in browser.accessibleDescription()
    QTest.keyClick(browser, Qt.Key.Key_Return)
    opened.until(lambda: viewer_text(opened) == LEASE)
    panel = opened.window._reading.viewer().panel
    assert panel.isVisible()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.isHidden()


def test_a_tooltip_is_text_whatever_a_file_says(make_window: MakeWindow, tmp_path: Path) -> None:
    hostile = "<img src='file:///etc/passwd'> The lease ends in May."

    def prepare(workbench: FakeWorkbench) -> None:
        (tmp_path / "P").mkdir()
        papers = workbench.documents.add(tmp_path / "P")
        workbench.documents.put(papers.id, "lease.txt", hostile)

    opened = make_window(ScriptedBackend("In May [1]."), prepare)
    ask(opened)
    (block,) = text_blocks(opened)
    block._text._on_hover(QUrl("cite:1:7"))
    tip = block._text.viewport().toolTip()
    assert "&lt;img" in tip
    assert "<img" not in tip


def test_numbers_are_marks_while_the_answer_comes(make_window: MakeWindow, tmp_path: Path) -> None:
    pause = gate()
    opened = make_window(ScriptedBackend([TextDelta("In May [1] "), pause, TextDelta("[2].")]), with_papers(tmp_path))
    documents = opened.workbench.documents
    desk = opened.window.desk
    assert desk is not None
    (state,) = documents.collections()
    desk.folders.add(Place(state.collection.id, "Papers"))
    opened.send("When does the lease end?")
    opened.until(pause.reached.is_set)
    opened.until(lambda: any("cite:1" in block._text.toHtml() for block in text_blocks(opened)))
    assert not [widget for _s, _r, widget in opened.page.transcript.live_rows() if isinstance(widget, SourcesList)]
    pause.opened.set()
    opened.until(lambda: opened.idle())
    opened.until(lambda: any("[2 ×]" in block._text.toPlainText() for block in text_blocks(opened)))
    assert "There is no passage" in source_row(opened).accessibleName()


def test_the_row_unfolds_and_its_sources_open(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(ScriptedBackend("It ends in May [1]."), with_papers(tmp_path))
    ask(opened)
    row = source_row(opened)
    fold = next(one for one in row.findChildren(QuietButton) if one.accessibleName() == "1 source, folded")
    fold.click()
    opened.until(
        lambda: any("lease.pdf · Page 2" in one.text() for one in source_row(opened).findChildren(QuietButton))
    )
    source = next(one for one in source_row(opened).findChildren(QuietButton) if "lease.pdf" in one.text())
    assert source.accessibleName() == "Open source [1]  lease.pdf · Page 2"
    source.click()
    opened.until(lambda: viewer_text(opened) == LEASE)


def test_sources_beside_the_chat(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(ScriptedBackend("It ends in May [1]."), with_papers(tmp_path))
    ask(opened)
    desk = opened.window.desk
    assert desk is not None
    desk.act_on(desk.chat.state.nodes[-1].id, BESIDE)
    shown = opened.window._reading.sources._list
    assert isinstance(shown, SourcesPanel)
    assert shown.isVisible()
    buttons = {one.accessibleName(): one for one in shown.findChildren(QAbstractButton)}
    buttons["Copy as a quotation"].click()
    assert QGuiApplication.clipboard().text() == f"“{LEASE}” (lease.pdf · Page 2)"
    buttons["Open lease.pdf"].click()
    opened.until(lambda: viewer_text(opened) == LEASE)
    viewer = opened.window._reading.viewer().viewer
    viewer.back.click()
    assert shown.isVisible()


def test_nothing_found_is_told_and_leads_to_why(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> None:
    opened = make_window(ScriptedBackend("I found nothing of it."), with_papers(tmp_path))
    ask(opened, "Atlantis?")
    row = source_row(opened)
    assert row._row.note
    why = next(one for one in row.findChildren(QuietButton) if one.text() == "Why not found")
    assert why.isVisible()
    with qtbot.waitSignal(opened.window._reading.sources.why_not_asked) as asked:
        why.click()
    assert asked.args is not None
    assert asked.args[0] == "Atlantis?"
    assert asked.args[1] == opened.window.desk.chat.state.folders  # type: ignore[union-attr]
    assert WHY_NOT != BESIDE


@pytest.mark.parametrize("width", [560, 1280])
def test_a_narrow_window_is_left_to_the_document(make_window: MakeWindow, tmp_path: Path, width: int) -> None:
    opened = make_window(ScriptedBackend("It ends in May [1]."), with_papers(tmp_path))
    opened.window.resize(width, 700)
    ask(opened)
    desk = opened.window.desk
    assert desk is not None
    opened.window._reading.sources.open_passage(desk.chat.state.nodes[-1].id, 1, -1)
    panel = opened.window._reading.viewer().panel
    assert panel.isVisible()
    assert opened.page.isVisible() is (width > 1000)
    panel.dismiss()
    assert opened.page.isVisible()


def test_the_fold_is_of_the_sources_alone() -> None:
    item = ItemRows(TranscriptItem("a", "answer", (sources(), Text("In May [1]."))), unfolded={SOURCES})
    (row,) = (one for one in item.rows() if isinstance(one, SourcesRow))
    assert row.expanded


def test_a_link_of_a_document_that_lies_is_asked_about(make_window: MakeWindow, tmp_path: Path) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        (tmp_path / "P").mkdir()
        papers = workbench.documents.add(tmp_path / "P")
        lying = "[https://bank.example](https://evil.example/x)"
        workbench.documents.put(papers.id, "notes.md", lying, media_type="text/markdown")

    opened = make_window(prepare=prepare)
    viewer = opened.window._reading.viewer()
    viewer.open_passage(1)
    opened.until(lambda: viewer.viewer.opened is not None)
    viewer.viewer.markdown.follow_link("https://evil.example/x")
    labels = [one.text() for one in opened.page.findChildren(QLabel) if one.isVisible()]
    assert any("leads to another place" in words for words in labels)
