"""The Documents page in the window: folders are attached, followed, changed and forgotten; their files and the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.fakes.document_folders import PAGE_BREAK, FakeDocuments
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.documents import desk as desks
from ui.documents import files_desk
from ui.documents.page import DocumentsPage
from ui.documents.removing import Removing
from ui.widgets.buttons import Button
from ui.widgets.popover import Popover
from workbench.documents.collection import Collection, FileStatus, Phase, Progress, Rules
from workbench.errors import StorageError

LEASE = f"# Lease\n\nThe rent is 900 euro a month.{PAGE_BREAK}Notice: three months before the end."


def page(opened: OpenWindow) -> DocumentsPage:
    found = opened.window.pages.documents
    assert found is not None
    return found


def documents(opened: OpenWindow) -> FakeDocuments:
    return opened.workbench.documents


def words_of(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def with_folder(
    tmp_path: Path, more: Callable[[FakeDocuments, Collection], object] = lambda _documents, _folder: None
) -> Callable[[FakeWorkbench], None]:
    def prepare(workbench: FakeWorkbench) -> None:
        (tmp_path / "Papers").mkdir()
        folder = workbench.documents.add(tmp_path / "Papers")
        workbench.documents.put(folder.id, "flat/lease.pdf", LEASE, media_type="application/pdf")
        workbench.documents.put(folder.id, "locked.pdf", status=FileStatus.FAILED, reason="It has a password.")
        more(workbench.documents, folder)

    return prepare


def open_page(make_window: MakeWindow, prepare: Callable[[FakeWorkbench], None] | None = None) -> OpenWindow:
    opened = make_window(prepare=prepare)
    opened.window.sidebar.documents_button.click()
    opened.until(lambda: page(opened).folders.add.isVisible())
    return opened


def open_files(opened: OpenWindow) -> None:
    next(iter(page(opened).folders.cards.values())).open.click()
    opened.until(lambda: page(opened).in_folder and page(opened).folder.files.model.rowCount() > 0)


def shown_files(opened: OpenWindow) -> list[str]:
    return [file.path for file in page(opened).folder.files.model.files]


def toast(opened: OpenWindow) -> str:
    found = opened.window.toasts._toast
    return found.accessibleName() if found is not None else ""


def choose(opened: OpenWindow, words: str) -> None:
    opened.until(lambda: bool(opened.window.findChildren(Popover)))
    next(one for one in opened.window.findChildren(Popover)[-1]._entries if one.accessibleName() == words).click()


def step(opened: OpenWindow, words: str) -> Button:
    (card,) = page(opened).folders.cards.values()
    return next(one for one in card.steps if one.accessibleName().startswith(words))


# Folders --------------------------------------------------------------------------------------------------------------


def test_an_empty_page_says_what_it_is_for_and_takes_a_path(make_window: MakeWindow, tmp_path: Path) -> None:
    (tmp_path / "Papers").mkdir()
    opened = open_page(make_window)
    shown = page(opened).folders
    assert "Answers from your own files" in words_of(shown)
    assert shown.add.choose.hasFocus()
    shown.add.field.setText(str(tmp_path / "nowhere"))
    QTest.keyClick(shown.add.field, Qt.Key.Key_Return)
    opened.until(lambda: "is not a folder" in words_of(shown.add))
    shown.add.field.setText(f'"{tmp_path / "Papers"}"')
    QTest.keyClick(shown.add.field, Qt.Key.Key_Return)
    opened.until(lambda: len(shown.cards) == 1)
    assert "Answers from your own files" not in words_of(shown)
    opened.until(lambda: shown.add.field.text() == "" and "Papers is being read" in toast(opened))


def test_folders_are_dropped_onto_the_page(make_window: MakeWindow, tmp_path: Path) -> None:
    for name in ("Letters", "Mail"):
        (tmp_path / name).mkdir()
    (tmp_path / "file.txt").write_text("x")
    opened = open_page(make_window)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("Letters", "file.txt", "Mail")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page(opened), enter)
    assert page(opened).drop.isVisible()
    drop = QDropEvent(QPointF(QPoint(300, 300)), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page(opened), drop)
    opened.until(lambda: len(page(opened).folders.cards) == 2)
    assert [one.collection.name for one in documents(opened).collections()] == ["Letters", "Mail"]
    assert not page(opened).drop.isVisible()


def test_a_card_follows_the_reading(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_page(make_window, with_folder(tmp_path))
    (state,) = documents(opened).collections()
    (card,) = page(opened).folders.cards.values()
    opened.until(lambda: "1 indexed · 1 failed" in words_of(card))
    documents(opened).show(state.collection.id, progress=Progress(Phase.READING, 10, 5000, 120.0, 41.6))
    opened.until(lambda: "Reading 10 of 5,000 files · 120 a second · 42 s left" in words_of(card))
    assert "Reading 10 of 5,000 files" in card.accessibleName()
    card.pause.click()
    opened.until(
        lambda: documents(opened).collections()[0].paused and card.pause.accessibleName() == "Go on reading Papers"
    )
    card.pause.click()
    opened.until(lambda: not documents(opened).collections()[0].paused)
    assert next(iter(page(opened).folders.cards.values())) is card  # not made again


def test_each_trouble_offers_its_way_out(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_urls: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened_urls.append(url.toString()))
    monkeypatch.setattr(desks, "choose_folder", lambda _window, _title, chosen: chosen(str(tmp_path / "Elsewhere")))
    monkeypatch.setattr("ui.documents.desk.on_this_mac", lambda: True)
    (tmp_path / "Elsewhere").mkdir()
    opened = open_page(make_window, with_folder(tmp_path))
    (state,) = documents(opened).collections()
    folder = state.collection.id
    (card,) = page(opened).folders.cards.values()
    documents(opened).show(folder, problem="The drive is gone.", problem_kind="offline")
    opened.until(lambda: "Offline: its drive is not there" in words_of(card))
    step(opened, "Look again").click()
    opened.until(lambda: documents(opened).looked_at == [folder])
    documents(opened).show(folder, problem="No.", problem_kind="no_permission")
    opened.until(lambda: "No permission" in words_of(card))
    step(opened, "Open the privacy settings").click()
    assert opened_urls == ["x-apple.systempreferences:com.apple.preference.security?Privacy_FilesAndFolders"]
    documents(opened).show(folder, problem="Gone.", problem_kind="missing")
    opened.until(lambda: "not where it was" in words_of(card))
    step(opened, "Say where it is").click()
    opened.until(lambda: documents(opened).collections()[0].collection.path == tmp_path / "Elsewhere")
    opened.until(lambda: "not where it was" not in words_of(card))


def test_what_a_cloud_keeps_is_downloaded_only_when_asked_for(make_window: MakeWindow, tmp_path: Path) -> None:
    def more(fake: FakeDocuments, folder: Collection) -> None:
        for number in range(3):
            fake.put(folder.id, f"c{number}.pdf", status=FileStatus.IN_CLOUD, size=500_000_000)

    opened = open_page(make_window, with_folder(tmp_path, more))
    assert documents(opened).retried == []
    (card,) = page(opened).folders.cards.values()
    assert "3 files, 1.5\u00a0GB" in words_of(card)
    step(opened, "Download and index 1.5 GB").click()
    opened.until(lambda: documents(opened).retried == [3, 4, 5])
    step(opened, "Read again").click()
    opened.until(lambda: documents(opened).retried == [3, 4, 5, 2])


def test_a_folder_is_forgotten_only_after_a_question(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_page(make_window, with_folder(tmp_path))
    (card,) = page(opened).folders.cards.values()
    for keep in (True, False):
        card.more.click()
        choose(opened, "Remove…")
        opened.until(lambda: bool(opened.window.findChildren(Removing)))
        dialog = opened.window.findChildren(Removing)[-1]
        assert dialog.cancel_button.hasFocus()
        assert "3 passages of 2 files" in words_of(dialog)
        (dialog.cancel_button if keep else dialog.remove_button).click()
        opened.until(lambda shown=dialog: not opened.window.findChildren(Removing))  # type: ignore[misc]
        if keep:
            assert len(documents(opened).collections()) == 1
    opened.until(lambda: documents(opened).collections() == () and page(opened).folders.cards == {})
    opened.until(lambda: "Papers is forgotten" in toast(opened))
    assert page(opened).folders.add.choose.hasFocus()


def test_folders_that_cannot_be_read_say_so(make_window: MakeWindow, tmp_path: Path) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        with_folder(tmp_path)(workbench)
        workbench.documents.failure = StorageError("The index is locked.", hint="Close the other window.")

    opened = make_window(prepare=prepare)
    opened.window.actions_["documents"].trigger()
    opened.until(lambda: "The index is locked." in words_of(page(opened).folders))
    documents(opened).failure = None
    next(one for one in page(opened).folders.findChildren(Button) if one.text() == "Try again").click()
    opened.until(lambda: len(page(opened).folders.cards) == 1)


# The files of a folder ------------------------------------------------------------------------------------------------


def test_files_are_filtered_by_status_and_by_path(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_page(make_window, with_folder(tmp_path))
    step(opened, "Show why").click()
    files = page(opened).folder.files
    opened.until(lambda: shown_files(opened) == ["locked.pdf"])
    assert files.chips[FileStatus.FAILED].isChecked()
    assert not files.chips[FileStatus.OFFLINE].isVisible()
    files.chips[None].click()
    opened.until(lambda: shown_files(opened) == ["flat/lease.pdf", "locked.pdf"])
    QTest.keyClicks(files.field, "FLAT")
    opened.until(lambda: shown_files(opened) == ["flat/lease.pdf"])
    QTest.keyClicks(files.field, "x")
    opened.until(lambda: "No file has this in its path." in words_of(files))


def test_a_file_is_read_again_opened_and_shown_in_its_folder(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revealed: list[Path] = []
    asked: list[tuple[int, int, int]] = []
    monkeypatch.setattr(files_desk, "reveal", revealed.append)
    opened = open_page(make_window, with_folder(tmp_path))
    opened.window.resize(1400, 800)  # what is opened stands beside the page
    page(opened).passage_asked.connect(lambda *place: asked.append(place))
    open_files(opened)
    files = page(opened).folder.files
    assert not files.retry.isEnabled()
    files.field.setFocus()
    QTest.keyClick(files.field, Qt.Key.Key_Down)
    assert files.list.hasFocus()
    QTest.keyClick(files.list, Qt.Key.Key_Return)
    assert asked == [(1, 0, 0)]
    QTest.keyClick(files.list, Qt.Key.Key_Down)
    assert [file.path for file in files.list.selected] == ["locked.pdf"]
    assert not files.open.isEnabled()  # nothing was read of it
    QTest.keyClick(files.list, Qt.Key.Key_Menu)
    choose(opened, "Show in its folder")
    assert revealed == [tmp_path / "Papers" / "locked.pdf"]
    files.retry.click()
    opened.until(lambda: documents(opened).retried == [2])
    opened.until(lambda: files.model.files[1].status is FileStatus.WAITING)
    assert [file.path for file in files.list.selected] == ["locked.pdf"]  # kept through the news


def test_a_hundred_thousand_files_come_a_page_at_a_time(make_window: MakeWindow, tmp_path: Path) -> None:
    def more(fake: FakeDocuments, folder: Collection) -> None:
        first = fake.put(folder.id, "f000000.txt", status=FileStatus.SKIPPED)
        for number in range(1, files_desk.FIRST + files_desk.NEXT):  # without counting all of them again for each
            fake.files[first.id + number] = replace(first, id=first.id + number, path=f"f{number:06}.txt")

    opened = open_page(make_window, with_folder(tmp_path, more))
    open_files(opened)
    model = page(opened).folder.files.model
    assert len(model.files) == files_desk.FIRST
    page(opened).folder.files.list.scrollToBottom()
    opened.until(lambda: len(model.files) == files_desk.FIRST + files_desk.NEXT)
    page(opened).folder.files.list.scrollToBottom()
    opened.until(lambda: model.whole)
    assert len({file.id for file in model.files}) == len(model.files) == len(documents(opened).files)


def test_rules_hold_only_when_they_are_saved(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_page(make_window, with_folder(tmp_path))
    open_files(opened)
    page(opened).folder.show_rules.click()
    rules = page(opened).folder.rules
    assert not rules.save.isEnabled()
    rules.exclude.setPlainText("drafts/\n\n*.tmp")
    rules.formats["mail"].click()
    rules.private.click()
    assert documents(opened).collections()[0].collection.rules == Rules()
    documents(opened).show(documents(opened).collections()[0].collection.id, chunks=99)  # news do not take them away
    opened.until(lambda: getattr(page(opened).folder.state, "chunks", 0) == 99)
    assert rules.exclude.toPlainText() == "drafts/\n\n*.tmp"
    rules.save.click()
    wanted = Rules(exclude=("drafts/", "*.tmp"), formats_off=frozenset({"mail"}))
    opened.until(lambda: documents(opened).collections()[0].collection.rules == wanted)
    opened.until(lambda: documents(opened).collections()[0].collection.private and not rules.save.isEnabled())
    rules.include.setPlainText("*.md")
    rules.undo.click()
    assert rules.include.toPlainText() == ""


def test_a_taken_name_is_told_beside_the_button(make_window: MakeWindow, tmp_path: Path) -> None:
    def more(fake: FakeDocuments, _folder: Collection) -> None:
        (tmp_path / "Other").mkdir()
        fake.add(tmp_path / "Other")

    opened = open_page(make_window, with_folder(tmp_path, more))
    folder = next(one for one, card in page(opened).folders.cards.items() if "Papers" in card.accessibleName())
    page(opened).folders.cards[folder].more.click()
    choose(opened, "Rules: what is read")
    rules = page(opened).folder.rules
    rules.name.selectAll()
    QTest.keyClicks(rules.name, "Other")
    rules.save.click()
    opened.until(lambda: "Another folder is called “Other”" in words_of(rules))
    assert rules.dirty


def test_escape_goes_back_step_by_step(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = open_page(make_window, with_folder(tmp_path))
    open_files(opened)
    assert page(opened).folder.back.hasFocus()
    opened.window.acts.stop()
    assert opened.window.pages.currentWidget() is page(opened)
    assert not page(opened).in_folder
    opened.window.acts.stop()
    assert opened.window.pages.currentWidget() is opened.window.page
