"""Projects in the window: the list at the side, the page, moving a chat, chats begun in one. Real chats and projects on a
real database, a scripted model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from tests.fakes.backend import ScriptedBackend
from tests.fakes.models import model
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.command_list import CommandList
from ui.projects.dialogs import Moving, NewProject
from ui.projects.list import MOST
from ui.projects.page import ProjectPage
from ui.widgets.buttons import Button, IconButton
from ui.widgets.popover import Popover
from workbench.chat.asking.options import Options
from workbench.chat.projects.projects import Project
from workbench.errors import StorageError
from workbench.jobs import quiet_job
from workbench.messages import Effort, system, user
from workbench.prompts.prompt import Prompt


def with_project(**changes: object) -> Callable[[FakeWorkbench], None]:
    def prepare(workbench: FakeWorkbench) -> None:
        workbench.projects.create("Thesis", {"instructions": "Be brief.", **changes})

    return prepare


def thesis(opened: OpenWindow) -> Project:
    return opened.workbench.projects.find("Thesis")


def page(opened: OpenWindow) -> ProjectPage:
    found = opened.window.pages.project
    assert found is not None
    return found


def open_page(opened: OpenWindow) -> ProjectPage:
    opened.until(lambda: bool(opened.window.sidebar.projects.buttons))
    opened.window.sidebar.projects.buttons[0].click()
    opened.until(lambda: page(opened).project is not None)
    return page(opened)


def choose(opened: OpenWindow, words: str) -> None:
    """Choose an entry of the list that is open."""
    opened.until(lambda: bool(opened.window.findChildren(Popover)))
    entry = next(one for one in opened.window.findChildren(Popover)[-1]._entries if one.accessibleName() == words)
    entry.click()


def words_of(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel))


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_says_what_projects_are_until_there_is_one(make_window: MakeWindow) -> None:
    opened = make_window()
    listed = opened.window.sidebar.projects
    opened.until(lambda: "Chats that belong together" in words_of(listed))
    assert listed.buttons == ()


def test_many_projects_are_behind_one_entry(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        for number in range(MOST + 2):
            workbench.projects.create(f"Project {number}", {"private": number == MOST + 1})

    opened = make_window(prepare=prepare)
    listed = opened.window.sidebar.projects
    opened.until(lambda: len(listed.buttons) == MOST + 1)
    latest = f"Project Project {MOST + 1}, private, 0 chats"
    assert listed.buttons[MOST - 1].accessibleName() == latest
    listed.buttons[-1].click()
    choose(opened, "Project 0")
    opened.until(lambda: page(opened).project is not None)
    assert page(opened).title.text() == "Project 0"
    opened.until(lambda: any(one.isChecked() and "Project 0" in one.accessibleName() for one in listed.buttons))


def test_a_new_project_is_named_and_shown(make_window: MakeWindow) -> None:
    opened = make_window(prepare=with_project())
    opened.window.sidebar.projects.new.click()
    (dialog,) = opened.window.findChildren(NewProject)
    assert dialog.field.hasFocus()
    assert not dialog.create_button.isEnabled()
    QTest.keyClicks(dialog.field, "thesis")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    opened.until(lambda: "Another project" in words_of(dialog))
    dialog.field.clear()
    QTest.keyClicks(dialog.field, "Letters")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    opened.until(lambda: opened.window.pages.project is not None and page(opened).project is not None)
    assert page(opened).title.text() == "Letters"
    assert [one.name for one in opened.workbench.projects.list()] == ["Letters", "Thesis"]


# The page -------------------------------------------------------------------------------------------------------------


def test_what_is_changed_on_the_page_is_kept(make_window: MakeWindow, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("x")
    opened = make_window(prepare=with_project())
    shown = open_page(opened)
    assert shown.instructions.toPlainText() == "Be brief."
    shown.instructions.selectAll()
    QTest.keyClicks(shown.instructions, "Be kind.")
    opened.until(lambda: thesis(opened).instructions == "Be kind.")
    shown.private.click()
    opened.until(lambda: thesis(opened).private)
    opened.until(lambda: shown.badge.isVisible())
    outline = opened.workbench.prompts.save(Prompt("Outline", "outline", "Make one.", "You think in outlines.")).prompt
    shown.pin_prompt.click()
    opened.until(lambda: bool(opened.window.findChildren(CommandList)))
    (listed,) = opened.window.findChildren(CommandList)
    QTest.keyClicks(listed.field, "outl")
    QTest.keyClick(listed.field, Qt.Key.Key_Return)
    opened.until(lambda: thesis(opened).prompts == (outline.id,))
    opened.until(lambda: "Outline" in words_of(shown.prompts))
    assert "Its system part is told in every chat" in words_of(shown.prompts)
    desk = opened.window.pages.project_desk
    assert desk is not None
    opened.until(lambda: page(opened).project == thesis(opened))
    desk.add_paths("files", [str(file)])
    opened.until(lambda: thesis(opened).files == (str(file),))
    file.unlink()
    shown.name.setFocus()
    shown.name.selectAll()
    QTest.keyClicks(shown.name, "My thesis")
    shown.close_button.click()  # what was typed just now is kept too
    opened.until(lambda: opened.workbench.projects.list()[0].name == "My thesis")
    opened.window.pages.open_project(opened.workbench.projects.find("My thesis").id)
    opened.until(lambda: "Not there any more" in words_of(shown.files))
    opened.until(lambda: any(one.isVisible() for one in shown.files.findChildren(IconButton)))
    next(one for one in shown.files.findChildren(IconButton) if one.isVisible()).click()
    opened.until(lambda: opened.workbench.projects.find("My thesis").files == ())


def test_a_folder_that_is_not_in_documents_can_be_added_to_them(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=with_project(folders=[str(tmp_path)]))
    shown = open_page(opened)
    offer = next(one for one in shown.folders.findChildren(Button) if "Add to Documents" in one.text())
    assert offer.accessibleName() == f"Add to Documents: {tmp_path}"
    assert "Not searched" in words_of(shown.folders)
    offer.click()
    opened.until(lambda: opened.workbench.documents.holds(tmp_path))
    opened.until(lambda: "Not searched" not in words_of(shown.folders))


def test_model_and_effort_are_chosen_from_lists(make_window: MakeWindow) -> None:
    opened = make_window(prepare=with_project())
    shown = open_page(opened)
    shown.model.click()
    choose(opened, "Fake 1B")
    opened.until(lambda: thesis(opened).model == "Fake 1B")
    opened.until(lambda: shown.model.accessibleName() == "Model: Fake 1B")
    shown.effort.click()
    choose(opened, "High effort")
    opened.until(lambda: thesis(opened).effort is Effort.HIGH)
    opened.until(lambda: shown.effort.accessibleName() == "Effort: High effort")
    shown.effort.click()
    choose(opened, "As everywhere")
    opened.until(lambda: thesis(opened).effort is None)


def choose_tool(opened: OpenWindow, words: str) -> None:
    """Open the list of tools and choose this one."""

    def offered() -> dict[str, Button]:
        open_now = [one for one in opened.window.findChildren(Popover) if one.isVisible()]
        return {entry.accessibleName(): entry for one in open_now for entry in one._entries}

    page(opened).tools.click()
    opened.until(lambda: words in offered())
    offered()[words].click()
    opened.until(lambda: not offered())


def test_tools_are_chosen_for_all_chats_of_the_project(make_window: MakeWindow) -> None:
    opened = make_window(prepare=with_project())
    shown = open_page(opened)
    assert shown.tools.accessibleName() == "Tools: As the settings say"
    for words, kept, told in (
        ("Calculate", ("calculate",), "1 chosen"),
        ("Date and time", ("calculate", "now"), "2 chosen"),
        ("Calculate", ("now",), "1 chosen"),
        ("None", (), "None"),
        ("As the settings say", None, "As the settings say"),
    ):
        choose_tool(opened, words)
        opened.until(partial(_is, opened, kept, told))


def _is(opened: OpenWindow, kept: tuple[str, ...] | None, told: str) -> bool:
    return thesis(opened).tools == kept and page(opened).tools.accessibleName() == f"Tools: {told}"


def test_an_empty_name_is_not_kept(make_window: MakeWindow) -> None:
    opened = make_window(prepare=with_project())
    shown = open_page(opened)
    shown.name.setFocus()
    shown.name.selectAll()
    QTest.keyClick(shown.name, Qt.Key.Key_Delete)
    shown.close_button.setFocus()
    assert shown.name.text() == "Thesis"
    assert thesis(opened).name == "Thesis"


def test_a_deleted_project_comes_back(make_window: MakeWindow) -> None:
    opened = make_window(prepare=with_project())
    open_page(opened).remove.click()
    opened.until(lambda: opened.workbench.projects.list() == ())
    assert opened.window.pages.currentWidget() is opened.window.page
    opened.until(lambda: opened.window.toasts._toast is not None)
    toast = opened.window.toasts._toast
    assert toast is not None
    assert "Deleted “Thesis”. It can be restored for 30 days." in toast.accessibleName()
    next(one for one in toast.findChildren(Button) if one.text() == "Undo").click()
    opened.until(lambda: [one.name for one in opened.workbench.projects.list()] == ["Thesis"])
    opened.until(lambda: len(opened.window.sidebar.projects.buttons) == 1)


def test_a_project_that_cannot_be_read_says_so(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = make_window(prepare=with_project())
    opened.until(lambda: bool(opened.window.sidebar.projects.buttons))
    problem = StorageError("The disk is gone.", hint="Plug it in.")
    get, broken = opened.workbench.projects.get, [True]

    def reading(project_id: str) -> Project:
        if broken[0]:
            raise problem
        return get(project_id)

    monkeypatch.setattr(opened.workbench.projects, "get", reading)
    opened.window.sidebar.projects.buttons[0].click()
    shown = page(opened)
    assert "Reading…" in words_of(shown)
    opened.until(lambda: "The disk is gone." in words_of(shown))
    assert not shown.new_chat.isEnabled()
    broken[0] = False
    next(one for one in shown.findChildren(Button) if one.text() == "Try again").click()
    opened.until(lambda: shown.project is not None)
    assert shown.new_chat.isEnabled()


def test_a_project_is_exported_from_its_page(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=with_project(folders=[str(tmp_path)]))
    open_page(opened)
    desk, out = opened.window.pages.project_desk, tmp_path / "out"
    assert desk is not None
    out.mkdir()
    desk.export_into(str(out))
    opened.until(lambda: any(out.glob("Thesis */project.json")))
    toasts = opened.window.toasts
    opened.until(lambda: toasts._toast is not None and "Exported to" in toasts._toast.accessibleName())
    assert toasts._toast is not None
    assert "of folders only the path is kept" in toasts._toast.accessibleName()
    desk.export_into(str(out))
    opened.until(lambda: toasts._toast is not None and "is there already" in toasts._toast.accessibleName())


def test_escape_leaves_the_page(make_window: MakeWindow) -> None:
    opened = make_window(prepare=with_project())
    open_page(opened)
    opened.window.acts.stop()
    assert opened.window.pages.currentWidget() is opened.window.page


# Chats ----------------------------------------------------------------------------------------------------------------


def test_a_chat_begun_on_the_page_belongs_to_the_project(make_window: MakeWindow) -> None:
    opened = make_window(prepare=with_project())
    open_page(opened).new_chat.click()
    assert opened.window.pages.currentWidget() is opened.window.page
    assert opened.page.project.isVisible()
    assert opened.page.project.accessibleName() == "Project Thesis"
    opened.send("Hello?")
    opened.until(lambda: opened.idle() and len(opened.workbench.chat.list()) == 1)
    assert opened.workbench.backend.requests[-1].messages[0] == system("Be brief.")
    assert [chat.title for chat in opened.workbench.projects.chats(thesis(opened).id)] == ["Hello?"]
    opened.page.project.click()
    opened.until(lambda: "Hello?" in words_of(page(opened).chats))
    next(iter(page(opened).chats.findChildren(Button))).click()
    assert opened.window.pages.currentWidget() is opened.window.page
    opened.window.acts.new_chat()
    opened.until(lambda: not opened.page.project.isVisible())


def test_moving_a_chat_says_what_changes_and_can_be_undone(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        with_project(private=True)(workbench)
        workbench.chat.send(None, "Hello?", quiet_job())

    opened = make_window(prepare=prepare)
    desk = opened.window._desk
    assert desk is not None
    (chat,) = opened.workbench.chat.list()
    desk.open_chat(chat.id)
    opened.until(lambda: bool(desk.chat.state.nodes))
    desk.commands.show_actions(opened.page.more)
    choose(opened, "Move to a project…")
    opened.until(
        lambda: any("Move to a project" in one.accessibleName() for one in opened.window.findChildren(Popover))
    )
    choose(opened, "Thesis")
    opened.until(lambda: bool(opened.window.findChildren(Moving)))
    (dialog,) = opened.window.findChildren(Moving)
    assert "Move “Hello?” to “Thesis”?" in words_of(dialog)
    assert "It becomes private" in words_of(dialog)
    assert dialog.move_button.hasFocus()
    assert opened.workbench.projects.of(chat.id) is None
    dialog.move_button.click()
    opened.until(lambda: opened.workbench.projects.of(chat.id) == thesis(opened).id)
    opened.until(
        lambda: opened.page.project.accessibleName() == "Project Thesis, private" and opened.page.project.isVisible()
    )
    toast = opened.window.toasts._toast
    assert toast is not None
    next(one for one in toast.findChildren(Button) if one.text() == "Undo").click()
    opened.until(lambda: opened.workbench.projects.of(chat.id) is None)
    opened.until(lambda: not opened.page.project.isVisible())


def test_the_chips_show_and_change_what_holds_in_the_project(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        workbench.models.installed = (model("Fake 1B"), model("Other 2B"))
        with_project(model="Other 2B")(workbench)
        workbench.chat.send(None, "Hello?", quiet_job(), Options(project_id=workbench.projects.list()[0].id))

    opened = make_window(prepare=prepare)
    desk = opened.window._desk
    assert desk is not None
    assert "Fake 1B" in opened.composer.model_chip.text()
    desk.open_chat(opened.workbench.chat.list()[0].id)
    opened.until(lambda: "Other 2B" in opened.composer.model_chip.text())
    desk.models.use("Fake 1B")
    opened.until(lambda: thesis(opened).model == "Fake 1B")
    assert opened.workbench.settings.chat.model == ""
    opened.until(lambda: "Fake 1B" in opened.composer.model_chip.text())
    opened.workbench.projects.change(thesis(opened).id, {"model": "Other 2B"})
    opened.until(lambda: "Other 2B" in opened.composer.model_chip.text())
    opened.window.acts.new_chat()
    opened.until(lambda: "Fake 1B" in opened.composer.model_chip.text())


def test_pinned_prompts_come_first_and_are_told_in_a_chat_of_the_project(make_window: MakeWindow) -> None:
    backend = ScriptedBackend("Yes.")
    opened = make_window(backend, with_project())
    prompts = opened.workbench.prompts
    for name in ("alpha", "beta", "gamma"):
        prompts.save(Prompt(name.title(), name, "Do it.", f"You are {name}."))
    opened.workbench.projects.change(thesis(opened).id, {"prompts": ["gamma"]})
    desk = opened.window.desk
    assert desk is not None
    desk.new_chat(thesis(opened).id)
    opened.until(lambda: desk.projects.current is not None and desk.projects.current.prompts == ("gamma",))
    QTest.keyClicks(opened.composer.draft, "/")
    opened.until(lambda: [one.name for one in desk.prompts.list.places][:1] == ["Gamma"])
    QTest.keyClick(opened.composer.draft, Qt.Key.Key_Escape)
    opened.send("Hello")
    opened.until(lambda: len(backend.requests) == 1)
    assert backend.requests[0].messages == (system("Be brief.\n\nYou are gamma."), user("Hello"))


def test_a_pinned_prompt_that_is_gone_is_told(make_window: MakeWindow) -> None:
    opened = make_window(prepare=with_project())
    asks = opened.workbench.prompts.save(Prompt("Asks", "asks", "x", "You speak {{ tongue }}.")).prompt
    opened.workbench.projects.change(thesis(opened).id, {"prompts": ["never there", asks.id]})
    shown = open_page(opened)
    opened.until(lambda: "Asks" in words_of(shown.prompts))
    assert "Not there any more" in words_of(shown.prompts)
    assert "wants to be filled in" in words_of(shown.prompts)
