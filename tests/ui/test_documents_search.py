"""The search over all documents: as one types, by the keyboard, with filters, and why something was not found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_documents import choose, documents, page, toast, with_folder, words_of
from ui.documents.search import SearchView
from ui.widgets.buttons import Button
from workbench.documents.collection import FileStatus
from workbench.errors import StorageError


def with_folders(tmp_path: Path) -> Callable[[FakeWorkbench], None]:
    def prepare(workbench: FakeWorkbench) -> None:
        with_folder(tmp_path)(workbench)
        (tmp_path / "Notes").mkdir()
        folder = workbench.documents.add(tmp_path / "Notes")
        workbench.documents.put(folder.id, "rent.md", "Ask about the rent.", media_type="text/markdown", days=-400)

    return prepare


def open_search(make_window: MakeWindow, prepare: Callable[[FakeWorkbench], None] | None = None) -> OpenWindow:
    opened = make_window(prepare=prepare)
    opened.window.actions_["search_documents"].trigger()
    opened.until(lambda: bool(documents(opened).collections()) == (page(opened).search._folders not in (None, ())))
    opened.until(lambda: page(opened).search._folders is not None)
    return opened


def search(opened: OpenWindow) -> SearchView:
    return page(opened).search


def found(opened: OpenWindow) -> list[str]:
    return [hit.document.path for hit in search(opened).list.hits]


def test_words_are_found_while_typing_and_meaning_when_the_hand_rests(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    view = search(opened)
    assert view.field.hasFocus()
    QTest.keyClicks(view.field, "ren")
    opened.until(lambda: found(opened) == ["rent.md", "flat/lease.pdf"])
    assert documents(opened).asked[-1].as_typed
    opened.until(lambda: not documents(opened).asked[-1].as_typed)
    opened.until(lambda: "2 passages in 2 files · by words and meaning" in words_of(view))
    QTest.keyClick(view.field, Qt.Key.Key_Escape)
    opened.until(lambda: found(opened) == [])
    assert "No model is loaded" in words_of(view)
    assert page(opened).isVisible()  # the first Escape empties the field only


def test_the_keyboard_alone_opens_a_passage(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    asked: list[tuple[int, int, int]] = []
    page(opened).passage_asked.connect(lambda *place: asked.append(place))
    view = search(opened)
    QTest.keyClicks(view.field, "rent")
    opened.until(lambda: "by words and meaning" in words_of(view))
    QTest.keyClick(view.field, Qt.Key.Key_Down)
    hit = view.list.current
    assert hit is not None
    assert hit.document.path == "flat/lease.pdf"
    QTest.keyClick(view.field, Qt.Key.Key_Return)
    assert asked == [(hit.document.id, hit.chunk.start, hit.chunk.end)]
    assert documents(opened).text(hit.document.id).text[hit.chunk.start : hit.chunk.end] == hit.chunk.text


def test_only_the_newest_question_counts(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    documents(opened).wait_seconds = 0.3
    view = search(opened)
    QTest.keyClicks(view.field, "rent")
    opened.until(lambda: bool(documents(opened).asked))
    view.field.setText("notice")
    opened.until(lambda: found(opened) == ["flat/lease.pdf"])
    QTest.qWait(400)
    assert found(opened) == ["flat/lease.pdf"]
    assert [hit.chunk.page for hit in view.list.hits] == [2]


def test_filters_narrow_the_search(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    view = search(opened)
    QTest.keyClicks(view.field, "rent")
    opened.until(lambda: len(found(opened)) == 2)
    view._folder.click()
    choose(opened, "Notes")
    opened.until(lambda: found(opened) == ["rent.md"])
    assert view._folder.isChecked()
    assert "Notes" in view._folder.text()
    view._folder.click()
    choose(opened, "All folders")
    opened.until(lambda: len(found(opened)) == 2)
    view._kind.click()
    choose(opened, "PDF")
    opened.until(lambda: found(opened) == ["flat/lease.pdf"])
    view._kind.click()
    choose(opened, "All types")
    view._date.click()
    choose(opened, "Last year")
    opened.until(lambda: found(opened) == ["flat/lease.pdf"])


def test_scores_are_shown_on_demand(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    view = search(opened)
    QTest.keyClicks(view.field, "rent")
    opened.until(lambda: len(found(opened)) == 2)
    height = view.list.visualRect(view.list.currentIndex()).height()
    view.scores.click()
    opened.until(lambda: view.list.visualRect(view.list.currentIndex()).height() > height)


def test_why_not_found_explains_a_miss_and_leads_on(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    view = search(opened)
    QTest.keyClicks(view.field, "rent quorum")
    view._folder.click()
    choose(opened, "Notes")
    opened.until(lambda: found(opened) == ["rent.md"])
    view.why_button.click()
    opened.until(lambda: "What was not searched" in words_of(view.why))
    said = words_of(view.why)
    assert "Stands in no passage: quorum." in said
    assert "Papers: 1 file. It has a password." in said
    assert "Best by words" in said
    assert "Best by meaning" in said
    buttons = view.why.findChildren(Button)
    next(one for one in buttons if one.text().strip() == "Search everywhere").click()
    opened.until(lambda: found(opened) == ["rent.md", "flat/lease.pdf"])
    assert not view._folder.isChecked()


def test_nothing_found_offers_to_say_why(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    view = search(opened)
    QTest.keyClicks(view.field, "quorum")
    opened.until(lambda: view.why_step.isVisible())
    assert "Nothing was found." in words_of(view)
    view.why_step.click()
    opened.until(lambda: "Stands in no passage: quorum." in words_of(view.why))
    assert not view.why_step.isVisible()


def test_what_was_not_searched_is_listed_with_its_reason(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    opened.window.pages.explain_search("where is the password?")
    view = search(opened)
    assert view.field.text() == "where is the password?"
    opened.until(lambda: "What was not searched" in words_of(view.why))
    shown = next(one for one in view.why.findChildren(Button) if one.accessibleName().startswith("Show them: Papers"))
    shown.click()
    files = page(opened).folder.files
    opened.until(lambda: [file.path for file in files.model.files] == ["locked.pdf"])
    assert files.status is FileStatus.FAILED
    opened.window.pages.search_documents()
    opened.window.acts.stop()  # leaves the explanation, not the page
    assert page(opened).in_search
    assert view.list.isVisible()


def test_without_folders_the_search_leads_to_the_first_step(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window)
    view = search(opened)
    opened.until(lambda: "There is no folder to search in yet" in words_of(view))
    view._attach.click()
    assert page(opened).folders.isVisible()
    assert toast(opened) == ""


def test_a_search_that_fails_says_why(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    documents(opened).failure = StorageError("The index is damaged.", hint="It is made again.")
    QTest.keyClicks(search(opened).field, "rent")
    opened.until(lambda: "The index is damaged. It is made again." in words_of(search(opened)))
    documents(opened).failure = None
    QTest.keyClicks(search(opened).field, " is")
    opened.until(lambda: len(found(opened)) == 2)


def test_a_passage_opens_beside_the_page_and_the_focus_comes_back(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_search(make_window, with_folders(tmp_path))
    opened.window.resize(1400, 800)
    view = search(opened)
    QTest.keyClicks(view.field, "rent")
    opened.until(lambda: "by words and meaning" in words_of(view))
    QTest.keyClick(view.field, Qt.Key.Key_Return)
    viewer = opened.window._reading.viewer()
    opened.until(lambda: viewer.panel.isVisible() and "rent.md" in words_of(viewer.panel))
    assert page(opened).isVisible()
    viewer.panel.dismiss()
    assert view.field.hasFocus()
