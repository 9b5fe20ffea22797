"""Folders and files that a chat asks: chips, the list behind "@", the button, what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.mentions import Place, chips, mention_in, offered
from ui.widgets.popover import Popover
from workbench.chat.projects.projects import Project
from workbench.documents.collection import Collection, CollectionState, Document, FileStatus

SMILE = "\N{GRINNING FACE}"


def state(name: str, *, private: bool = False, problem: str = "") -> CollectionState:
    return CollectionState(Collection(f"id-{name}", name, Path("/home/ada") / name, private), problem=problem)


def document(path: str, status: FileStatus = FileStatus.INDEXED) -> Document:
    return Document(1, "id-Papers", path, 10, 0, status)


# Pure --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "query"),
    [
        ("@", ""),
        ("What does @lea", "lea"),
        ("(@x", "x"),
        ("ada@example.com", None),
        ("@one two", None),
        ("no sign", None),
        ("@@", None),
        ("line @", ""),
    ],
)
def test_where_a_mention_is_being_written(before: str, query: str | None) -> None:
    assert mention_in(before) == query


def test_folders_come_first_then_the_files_whose_names_begin_so() -> None:
    papers, letters = state("Papers"), state("Letters", private=True)
    files = [(papers, document("old/the lease.pdf")), (papers, document("lease.pdf")), (papers, document("le/x.txt"))]
    found = offered((papers, letters), files, "le")
    assert [one.name for one in found] == ["Letters", "lease.pdf", "the lease.pdf", "x.txt"]
    assert found[0].private
    assert [one.word for one in found][1] == "id-Papers/lease.pdf"
    assert offered((papers,), [(papers, document("lease.pdf", FileStatus.FAILED))], "lease") == []


def test_chips_say_what_is_wrong_and_where_they_come_from() -> None:
    papers = state("Papers", problem="Its drive is not there.")
    project = Project("p", "Thesis", folders=("/home/ada/Papers", "/elsewhere/Data"))
    made = chips(("id-Gone", "id-Papers/sub/a.txt"), (papers,), project)
    assert [(one.place.name, one.project) for one in made] == [
        ("A folder", ""),
        ("a.txt", ""),
        ("Papers", "Thesis"),
        ("Data", "Thesis"),
    ]
    assert "not attached any more" in made[0].tip
    assert "drive" in made[2].tip
    assert "does not answer" in made[3].tip
    assert len(chips(("id-Papers",), (papers,), project)) == 2  # not twice


# In the window ------------------------------------------------------------------------------------------------------------


def with_papers(tmp_path: Path):  # type: ignore[no-untyped-def]
    def prepare(workbench: FakeWorkbench) -> None:
        for name, private in (("Papers", False), ("Letters", True)):
            (tmp_path / name).mkdir()
            made = workbench.documents.add(tmp_path / name, private=private)
            workbench.documents.put(made.id, f"{name.lower()} lease.txt", "The lease ends in May.")

    return prepare


def names(opened: OpenWindow) -> list[str]:
    return [one.place.name for one in opened.composer.folder_row.chips]


def write(opened: OpenWindow, text: str) -> None:
    opened.composer.draft.setFocus()
    QTest.keyClicks(opened.composer.draft, text)


def test_a_file_is_picked_with_the_keyboard(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(ScriptedBackend("In May [1]."), with_papers(tmp_path))
    desk, draft = opened.window.desk, opened.composer.draft
    assert desk is not None
    draft.setPlainText(f"{SMILE} When does ")
    draft.moveCursor(draft.textCursor().MoveOperation.End)
    write(opened, "@lea")
    mentions = desk.folders.mentions
    opened.until(lambda: len(mentions.places) == 2)
    assert mentions._frame is not None
    assert mentions._frame.isVisible()
    assert [one.name for one in mentions.places] == ["papers lease.txt", "letters lease.txt"]
    QTest.keyClick(draft, Qt.Key.Key_Down)
    QTest.keyClick(draft, Qt.Key.Key_Return)
    assert draft.toPlainText() == f"{SMILE} When does "
    assert not mentions.is_open
    opened.until(lambda: names(opened) == ["letters lease.txt"])
    assert desk.chat.state.folders[0].endswith("/letters lease.txt")
    (chip,) = opened.composer.folder_row.chips
    assert "Private" in chip.tip
    write(opened, "it end?")
    QTest.keyClick(draft, Qt.Key.Key_Return)
    opened.until(lambda: opened.idle() and len(desk.chat.state.nodes) == 2)
    conversation = opened.workbench.chat.open(desk.chat.state.conversation_id or "")
    assert conversation.folders == desk.chat.state.folders
    assert [one.name for one in desk.chat.state.nodes[-1].message.sources.passages] == ["letters lease.txt"]


def test_escape_leaves_the_sign_as_text_and_stops_nothing_else(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=with_papers(tmp_path))
    desk, draft = opened.window.desk, opened.composer.draft
    assert desk is not None
    write(opened, "@pa")
    opened.until(lambda: desk.folders.mentions.is_open)
    QTest.keyClick(draft, Qt.Key.Key_Escape)
    assert not desk.folders.mentions.is_open
    write(opened, "p")
    assert draft.toPlainText() == "@pap"
    assert not desk.folders.mentions.is_open
    write(opened, " @le")
    opened.until(lambda: desk.folders.mentions.is_open)


def test_nothing_of_that_name_is_said_and_enter_sends(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=with_papers(tmp_path))
    desk = opened.window.desk
    assert desk is not None
    write(opened, "Hello @zzz")
    opened.until(lambda: desk.folders.mentions.is_open)
    assert desk.folders.mentions.places == ()
    QTest.keyClick(opened.composer.draft, Qt.Key.Key_Return)
    opened.until(lambda: opened.texts[:1] == ["Hello @zzz"] and opened.idle())


def test_the_button_offers_folders_and_takes_them_out(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=with_papers(tmp_path))
    desk = opened.window.desk
    assert desk is not None

    def entries() -> dict[str, QAbstractButton]:
        opened.composer.folders_button.click()
        opened.until(lambda: any(one.isVisible() for one in opened.window.findChildren(Popover)))
        (popover,) = (one for one in opened.window.findChildren(Popover) if one.isVisible())
        return {one.accessibleName(): one for one in popover.findChildren(QAbstractButton)}

    found = entries()
    assert list(found) == ["Letters", "Papers", "A single file…", "Add a folder…"]
    found["Papers"].click()
    opened.until(lambda: names(opened) == ["Papers"])
    again = entries()
    assert again["Papers"].isChecked()
    again["Papers"].click()
    opened.until(lambda: names(opened) == [])
    with opened.bot.waitSignal(desk.folders.page_asked):
        entries()["Add a folder…"].click()
    assert opened.window.pages.documents is not None
    assert opened.window.pages.documents.isVisible()
    desk.asked_for.emit()
    entries()["A single file…"].click()
    assert opened.composer.draft.toPlainText() == "@"


def test_chips_are_of_their_chat_and_come_back_with_it(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=with_papers(tmp_path))
    desk = opened.window.desk
    assert desk is not None
    papers = next(one for one in opened.workbench.documents.collections() if one.collection.name == "Papers")
    desk.folders.add(Place(papers.collection.id, "Papers"))
    opened.send("When?")
    opened.until(lambda: opened.idle() and len(desk.chat.state.nodes) == 2)
    first = desk.chat.state.conversation_id or ""
    desk.new_chat()
    assert names(opened) == []
    desk.open_chat(first)
    opened.until(lambda: names(opened) == ["Papers"])
    row = opened.composer.folder_row
    (remove,) = (
        one
        for one in row.findChildren(QAbstractButton)
        if one.accessibleName() == "Stop asking Papers" and one.isVisible()
    )
    QTest.keyClick(remove, Qt.Key.Key_Delete)
    opened.until(lambda: opened.workbench.chat.open(first).folders == ())
    opened.until(lambda: names(opened) == [])
    assert row.isHidden()


def test_a_refused_change_goes_back(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=with_papers(tmp_path))
    desk = opened.window.desk
    assert desk is not None
    opened.send("Hello")
    opened.until(lambda: opened.idle() and len(desk.chat.state.nodes) == 2)
    opened.until(lambda: not desk._reload_soon.isActive() and desk._bridge.idle)  # nothing else reads the chat again
    desk.folders.add(Place("no-such-folder", "Nowhere"))
    opened.until(lambda: desk.chat.state.folders == ())
    opened.until(lambda: any("no-such-folder" in one.text() for one in toasts(opened)))


def toasts(opened: OpenWindow):  # type: ignore[no-untyped-def]
    from PySide6.QtWidgets import QLabel

    return [one for one in opened.window.findChildren(QLabel) if one.isVisible()]


def test_folders_of_the_project_are_shown_and_stay(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=with_papers(tmp_path))
    desk = opened.window.desk
    assert desk is not None
    project = opened.workbench.projects.create("Thesis")
    opened.workbench.projects.change(project.id, {"folders": [str(tmp_path / "Papers")]})
    opened.until(lambda: (found := desk.projects.known(project.id)) is not None and bool(found.folders))
    desk.new_chat(project.id)
    opened.until(lambda: names(opened) == ["Papers"])
    (chip,) = opened.composer.folder_row.chips
    assert chip.project == "Thesis"
    assert not opened.composer.folder_row.findChildren(QAbstractButton)
