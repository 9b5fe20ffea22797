"""The Tools page: tools on and off, servers added, asked about and switched, and what was allowed taken back."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from tests.ui.conftest import MakeWindow, OpenWindow
from ui.tools.adding import ServerDialog
from ui.tools.keys import KeysDialog
from ui.tools.page import ToolsPage
from ui.tools.standing import revoked_words
from ui.tools.typed import definition_of, name_of, typed_of
from ui.tools.words import subject_words
from ui.widgets.buttons import Button, IconButton
from ui.widgets.popover import Popover
from workbench.consents.consent import ConsentKind, Question, Scope
from workbench.errors import UsageError
from workbench.tools.servers.definition import Definition
from workbench.tools.servers.offered import CHANGED, OfferedTool

PROGRAM = Definition("/bin/does-not-exist", ("--mcp", "a b"), (("LANG", "en"),))


def page(opened: OpenWindow) -> ToolsPage:
    opened.window.actions_["tools"].trigger()
    made = opened.window.pages.tools
    assert made is not None
    opened.until(lambda: made.isVisible() and any(one == "Calculate" for one in said(made)))
    return made


def toast(opened: OpenWindow) -> str:
    shown = opened.window.toasts._toast
    return "" if shown is None else shown.accessibleName()


def said(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisible()]


def button(widget: QWidget, name: str) -> Button:
    return next(one for one in widget.findChildren(Button) if one.accessibleName() == name and one.isVisible())


def press(opened: OpenWindow, widget: QWidget, name: str) -> None:
    """Rows that were made anew are there a moment later."""

    def there() -> list[Button]:
        return [one for one in widget.findChildren(Button) if one.accessibleName() == name and one.isVisible()]

    opened.until(lambda: bool(there()))
    there()[0].click()


def dialog(opened: OpenWindow) -> ServerDialog:
    def found() -> list[ServerDialog]:
        return [one for one in opened.window.findChildren(ServerDialog) if one.isVisible()]

    opened.until(lambda: len(found()) == 1)
    return found()[0]


def with_files(opened: OpenWindow, *tools: OfferedTool) -> None:
    """A server that was agreed to, and what it once offered."""
    servers = opened.workbench.tool_servers
    servers.add("files", PROGRAM)
    server = servers.get("files").server
    servers._store.save(replace(server, enabled=True, agreed=server.definition.hash))
    servers._store.save_tools(server.id, tools)


def tool(name: str, **more: object) -> OfferedTool:
    return OfferedTool(name, name.title(), f"It does {name}.", {"type": "object"}, "", "f", **more)  # type: ignore[arg-type]


def test_a_tool_is_switched_off_and_on_again(make_window: MakeWindow) -> None:
    opened = make_window()
    shown = page(opened)
    press(opened, shown.own, "Calculate")
    opened.until(lambda: opened.workbench.settings.tools.off == "calculate")
    opened.until(lambda: not button(shown.own, "Calculate").isChecked())
    press(opened, shown.own, "Calculate")
    opened.until(lambda: opened.workbench.settings.tools.off == "")


def test_tools_are_taken_out_of_all_chats(make_window: MakeWindow) -> None:
    opened = make_window()
    shown = page(opened)
    shown.own.in_chats.click()
    opened.until(lambda: opened.workbench.settings.tools.in_chats == "off" and shown.own.in_chats.text() == "Off")


def test_rows_that_are_the_same_are_not_made_anew(make_window: MakeWindow) -> None:
    """A press on a button that is made anew would be lost."""
    opened = make_window()
    with_files(opened, tool("read", enabled=True))
    shown = page(opened)
    opened.until(lambda: "files" in said(shown.servers))
    before = (button(shown.own, "Calculate"), button(shown.servers, "Switch off files"))
    assert opened.window.pages.tools_desk is not None
    opened.window.pages.tools_desk.load()
    opened.until(lambda: opened.window.pages._bridge.idle)
    assert (button(shown.own, "Calculate"), button(shown.servers, "Switch off files")) == before


def test_the_exact_command_is_shown_before_a_server_is_started_and_no_leaves_it_off(make_window: MakeWindow) -> None:
    opened = make_window()
    shown = page(opened)
    shown.servers.add.click()
    asking = dialog(opened)
    asking.where.setText("/bin/does-not-exist --mcp 'a b'")
    asking.name.setText("files")
    asking.more.setPlainText("API_KEY=sk-1234567890abcdef1234567890abcdef")
    asking.next.click()
    opened.until(lambda: asking.agree.isVisible())
    request = asking._request.text()
    assert '"/bin/does-not-exist",\n    "--mcp",\n    "a b"' in request
    assert "sk-1234567890" not in request, "a key is in the keychain, and nowhere else"
    assert asking.refuse.hasFocus(), "Enter alone starts nothing"
    asking.refuse.click()
    opened.until(lambda: any("Nobody has agreed" in one for one in said(shown.servers)))
    offer = opened.workbench.tool_servers.get("files")
    assert (offer.server.enabled, offer.server.agreed) == (False, "")
    opened.until(lambda: not opened.workbench.consents.list())


def test_a_server_that_does_not_start_is_told_in_its_place(make_window: MakeWindow) -> None:
    opened = make_window()
    shown = page(opened)
    opened.workbench.tool_servers.add("files", PROGRAM)
    opened.until(lambda: "files" in said(shown.servers))
    press(opened, shown.servers, "Start… files")
    asking = dialog(opened)
    asking.agree.click()
    opened.until(lambda: bool(asking._problem.text()))
    assert asking.cancel.hasFocus()
    asking.cancel.click()
    opened.until(lambda: not asking.isVisible())
    assert opened.workbench.tool_servers.get("files").server.is_agreed, "what was agreed to is not asked again"


@pytest.mark.parametrize("where", ["", "'unclosed", "http://example.org/mcp"])
def test_what_cannot_be_a_server_is_told_while_it_is_typed(make_window: MakeWindow, where: str) -> None:
    opened = make_window()
    page(opened).servers.add.click()
    asking = dialog(opened)
    asking.where.setText(where)
    asking.next.click()
    assert asking._problem.isVisible()
    assert asking.where.hasFocus()
    assert not opened.workbench.tool_servers.list()


def test_a_tool_that_changed_is_told_and_switched_on_again(make_window: MakeWindow) -> None:
    opened = make_window()
    with_files(opened, tool("read", enabled=True), tool("write", note=CHANGED), tool("bad", usable=False, note="No."))
    shown = page(opened)
    opened.until(lambda: "files" in said(shown.servers))
    press(opened, shown.servers, "Tools of files")
    opened.until(lambda: any(CHANGED in one for one in said(shown.servers)))
    assert not button(shown.servers, "Bad").isEnabled()
    press(opened, shown.servers, "Write")
    opened.until(lambda: not any(CHANGED in one for one in said(shown.servers)))
    assert [one.name for one in opened.workbench.tool_servers.get("files").enabled_tools] == ["read", "write"]
    press(opened, shown.servers, "Read only reads")
    opened.until(lambda: any(one.reads for one in opened.workbench.tool_servers.get("files").tools))
    press(opened, shown.servers, "Switch off files")
    opened.until(lambda: not opened.workbench.tool_servers.get("files").server.enabled)


def test_thousands_of_tools_are_not_all_shown(make_window: MakeWindow) -> None:
    opened = make_window()
    with_files(opened, *(tool(f"t{number:05}") for number in range(3_000)))
    shown = page(opened)
    opened.until(lambda: "files" in said(shown.servers))
    press(opened, shown.servers, "Tools of files")
    opened.until(lambda: any(one.startswith("2,900 more") for one in said(shown.servers)))


def test_a_server_is_removed_after_a_second_press(make_window: MakeWindow) -> None:
    opened = make_window()
    with_files(opened)
    shown = page(opened)
    opened.until(lambda: "files" in said(shown.servers))
    shown.servers.asked.emit("remove", "files")
    popover = next(one for one in opened.window.findChildren(Popover) if one.isVisible())
    assert opened.workbench.tool_servers.list()
    popover._entries[0].click()
    opened.until(lambda: not opened.workbench.tool_servers.list() and "files" not in said(shown.servers))


def test_the_list_of_another_program_is_taken_over_and_is_off(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window()
    shown = page(opened)
    file = tmp_path / "claude_desktop_config.json"
    servers = {"time": {"command": sys.executable, "args": ["-m", "x"]}, "broken": {"command": 7}}
    file.write_text(json.dumps({"mcpServers": servers}))
    assert opened.window.pages.tools_desk is not None
    opened.window.pages.tools_desk.take_over(file)
    opened.until(lambda: "time" in said(shown.servers))
    assert [one.server.enabled for one in opened.workbench.tool_servers.list()] == [False]


def test_what_was_allowed_is_taken_back(make_window: MakeWindow) -> None:
    opened = make_window()
    asked = Question(ConsentKind.TOOL, "built-in/web_search@example.org#x", "?", {}, scopes=(Scope.ONCE, Scope.ALWAYS))
    opened.workbench.consents.accept(opened.workbench.consents.ask(asked).id, Scope.ALWAYS)
    shown = page(opened)
    opened.until(lambda: "web_search at example.org" in said(shown.standing))
    press(opened, shown.standing, "Ask again before web_search at example.org")
    opened.until(lambda: not opened.workbench.consents.standing())
    opened.until(lambda: "web_search at example.org" not in said(shown.standing))
    opened.until(lambda: "You are asked again before it is called." in toast(opened))


@pytest.mark.parametrize(
    ("kind", "recalled", "words"),
    [
        (ConsentKind.TOOL, 0, "before it is called"),
        (ConsentKind.TOOL, 1, "1 call was allowed"),
        (ConsentKind.TOOL, 12, "12 calls were allowed"),
        (ConsentKind.SERVER, 0, "before it is started"),
    ],
)
def test_what_is_taken_back_tells_what_waits_again(kind: ConsentKind, recalled: int, words: str) -> None:
    assert words in revoked_words(kind, recalled)


def test_the_page_is_closed_with_escape(make_window: MakeWindow) -> None:
    opened = make_window()
    page(opened)
    assert opened.window.pages.step_back()
    assert opened.page.isVisible()


# Pure -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("uvx mcp-server-time", "time"),
        ("npx -y @modelcontextprotocol/server-filesystem /home", "filesystem"),
        ("https://tools.example.org/mcp", "tools-example-org"),
        ("/opt/my-server", "my-server"),
    ],
)
def test_a_server_without_a_name_is_named_by_what_it_is(where: str, name: str) -> None:
    assert name_of(definition_of(where, windows=False)) == name


def test_a_command_is_split_as_its_system_does() -> None:
    assert definition_of(r'"C:\Program Files\x.exe" --a', windows=True).command == r"C:\Program Files\x.exe"
    assert definition_of("a 'b c'", windows=False).arguments == ("b c",)


def test_lines_that_are_no_pairs_are_told() -> None:
    with pytest.raises(UsageError):
        definition_of("x", "no pair")
    assert definition_of("https://a.example/mcp", "Authorization: Bearer x=y").headers == (
        ("Authorization", "Bearer x=y"),
    )


def test_what_was_allowed_is_told_without_its_signs() -> None:
    assert subject_words("files/files_write@h:1#run:abc") == "files_write of files at h:1"


def test_keys_that_a_server_needs_are_asked_for_before_it_is_started(make_window: MakeWindow) -> None:
    opened = make_window()
    servers = opened.workbench.tool_servers
    servers.add("mail", replace(PROGRAM, environment=(("TOKEN", "${secret:TOKEN}"),)))
    shown = page(opened)
    opened.until(lambda: "mail" in said(shown))
    press(opened, shown.servers, "Start… mail")

    def found() -> list[KeysDialog]:
        return [one for one in opened.window.findChildren(KeysDialog) if one.isVisible()]

    opened.until(lambda: len(found()) == 1)
    asked = found()[0]
    assert not asked.keep.isEnabled()
    field = asked.fields["TOKEN"]
    assert (field.echoMode(), field.accessibleName()) == (QLineEdit.EchoMode.Password, "TOKEN")
    field.setText(" canary ")
    asked.keep.click()
    question = dialog(opened)
    assert not found()
    assert servers.missing_keys("mail") == ()
    words = "\n".join(said(question))
    assert "does-not-exist" in words
    assert "canary" not in words


def test_a_server_is_changed_and_asked_about_again(make_window: MakeWindow) -> None:
    opened = make_window()
    servers = opened.workbench.tool_servers
    servers.add("own", replace(PROGRAM, folder="/tmp"))
    consent = servers.asked("own")
    assert consent is not None
    opened.workbench.consents.accept(consent.id)
    made = page(opened)
    opened.until(lambda: made.findChild(IconButton, "change:own") is not None)
    pencil = made.findChild(IconButton, "change:own")
    assert isinstance(pencil, IconButton)
    pencil.click()
    asked = dialog(opened)
    assert asked.where.text() == "/bin/does-not-exist --mcp 'a b'"
    assert asked.more.toPlainText() == "LANG=en"
    assert not asked.name.isVisible()
    asked.where.setText("/bin/does-not-exist --more")
    asked.more.setPlainText("LANG=cy")
    asked.next.click()
    opened.until(asked.agree.isVisible)
    assert any("--more" in words for words in said(asked))
    asked.refuse.click()
    now = servers.get("own").server
    assert now.definition == Definition("/bin/does-not-exist", ("--more",), (("LANG", "cy"),), "/tmp")
    assert not now.is_agreed


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize(
    "definition",
    [
        PROGRAM,
        Definition("uvx"),
        Definition("/opt/my server/run", ("--name", 'a "b" c', "$HOME", "")),
        Definition(url="https://notes.example.org/mcp", headers=(("Authorization", "${secret:Authorization}"),)),
    ],
)
def test_what_a_server_is_can_be_typed_again(definition: Definition, windows: bool) -> None:
    if windows and any('"' in one for one in definition.arguments):
        pytest.skip("no word of a command line of Windows has a quotation mark")
    assert definition_of(*typed_of(definition, windows=windows), windows=windows) == definition
