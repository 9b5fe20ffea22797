"""The Documents page by keyboard and screen reader, and in a narrow window with large text in a longer language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.fakes.pseudo_locale import PseudoLocale
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_access import named, stops, walk
from tests.ui.test_documents import documents, page
from tests.ui.test_documents_search import with_folders
from tests.ui.test_translation import NARROW, cut, sideways
from tests.ui.test_window import spoken
from workbench.documents.collection import FileStatus

VIEWS = ["folders", "files", "rules", "search", "why"]


def everything(tmp_path: Path, *, large: bool = False) -> Callable[[FakeWorkbench], None]:
    """Folders in all kinds of trouble."""

    def prepare(workbench: FakeWorkbench) -> None:
        with_folders(tmp_path)(workbench)
        notes, papers = (state.collection for state in workbench.documents.collections())
        workbench.documents.put(papers.id, "far.pdf", status=FileStatus.IN_CLOUD, size=310_000_000)
        workbench.documents.change(papers.id, private=True)
        workbench.documents.show(notes.id, problem="Gone.", problem_kind="missing")
        if large:
            workbench.change_setting("appearance.text_scale", 2.0)

    return prepare


def open_view(opened: OpenWindow, view: str) -> None:
    opened.window.actions_["documents"].trigger()
    opened.until(lambda: len(page(opened).folders.cards) == 2)
    folder = documents(opened).state("Papers").collection.id
    desk = opened.window.pages.documents_desk
    assert desk is not None
    if view in ("files", "rules"):
        desk.open_folder(folder, rules=view == "rules")
        opened.until(lambda: page(opened).folder.files.model.rowCount() == 3)
        page(opened).folder.files.list.setCurrentIndex(page(opened).folder.files.model.index(1))
    elif view == "search":
        page(opened).show_search()
        page(opened).search.field.setText("rent")
        opened.until(lambda: len(page(opened).search.list.hits) == 2)
    elif view == "why":
        desk.explain("rent quorum", (folder,))
        opened.until(lambda: bool(page(opened).search.why.findChildren(type(page(opened).search.why_step))))
    opened.window.activateWindow()
    opened.until(opened.idle)
    QTest.qWait(50)


@pytest.fixture
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.deleteLater()


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_is_reached_and_has_a_name_and_a_role(make_window: MakeWindow, tmp_path: Path, view: str) -> None:
    opened = make_window(prepare=everything(tmp_path))
    opened.window.resize(1200, 2400)
    open_view(opened, view)
    controls = stops(opened.window)
    for control in controls:
        assert spoken(control), named([control])
        assert QAccessible.queryAccessibleInterface(control).role() != QAccessible.Role.NoRole, named([control])
    reached = walk(opened)
    assert named([one for one in controls if one not in reached]) == []


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_cut_in_a_narrow_window_with_large_text(
    pseudo_locale: None, make_window: MakeWindow, tmp_path: Path, view: str
) -> None:
    opened = make_window(prepare=everything(tmp_path, large=True))
    opened.window.resize(NARROW, 900)
    open_view(opened, view)
    opened.window.grab().save(str(tmp_path / f"{view}.png"))
    assert cut(page(opened)) == []
    assert sideways(page(opened)) == []
