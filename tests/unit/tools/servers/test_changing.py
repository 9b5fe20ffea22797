"""A definition that a person changes: what stays, what goes, and what is asked again."""

from __future__ import annotations

import pytest

from tests.unit.tools.servers.conftest import Desk, fake
from workbench.cancel import CancelToken
from workbench.errors import ToolError, UsageError
from workbench.tools.servers.agreeing import NotAgreedError
from workbench.tools.servers.changing import Change, changed
from workbench.tools.servers.definition import Definition

CLOCK = Definition("uvx", ("mcp-server-time",), (("LANG", "en"), ("TZ", "UTC")), "/tmp")
NOTES = Definition(url="https://notes.example.org/mcp", headers=(("Authorization", "${secret:Authorization}"),))


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (CLOCK, Change(("npx", "clock")), Definition("npx", ("clock",), CLOCK.environment, "/tmp")),
        (
            CLOCK,
            Change(environment=(("TZ", "CET"), ("NEW", "1")), without=("LANG",)),
            Definition("uvx", ("mcp-server-time",), (("TZ", "CET"), ("NEW", "1")), "/tmp"),
        ),
        (CLOCK, Change(folder=""), Definition("uvx", ("mcp-server-time",), CLOCK.environment)),
        (CLOCK, Change(url="https://clock.example.org"), Definition(url="https://clock.example.org")),
        (NOTES, Change(("notes",)), Definition("notes")),
        (NOTES, Change(url="https://o.example.org"), Definition(url="https://o.example.org", headers=NOTES.headers)),
        (
            CLOCK,
            Change(environment=(("TZ", "CET"),), without=("TZ",)),
            Definition("uvx", ("mcp-server-time",), (("LANG", "en"), ("TZ", "CET")), "/tmp"),
        ),
    ],
)
def test_only_what_is_named_is_another(before: Definition, change: Change, after: Definition) -> None:
    assert changed(before, change) == after


@pytest.mark.parametrize("change", [Change(), Change(("a",), "https://b.example"), Change(without=("NONE",))])
def test_what_is_no_change_is_refused(change: Change) -> None:
    with pytest.raises(UsageError):
        changed(CLOCK, change)


def test_a_changed_server_ends_and_waits_for_a_new_yes(desk: Desk) -> None:
    desk.start("fake", fake())
    assert desk.call("fake_echo", text="Hi").text
    waiting = desk.servers.change("fake", fake("good", "--more"))
    assert not waiting.server.is_agreed
    with pytest.raises(ToolError, match="nobody has agreed"):
        desk.call("fake_echo", text="Hi")
    with pytest.raises(NotAgreedError):
        desk.servers.start("fake", CancelToken())
    desk.agree("fake")
    desk.servers.start("fake", CancelToken())
    assert desk.call("fake_echo", text="Hi").text


def test_that_a_tool_only_reads_was_said_of_this_program_and_address(desk: Desk) -> None:
    server = desk.start("fake", fake()).server
    desk.servers.switch_tool("fake", "echo", enabled=True, reads=True)
    desk.servers.change("fake", fake("good", "--more"))
    assert [(tool.enabled, tool.reads) for tool in desk.store.tools(server.id)] == [(True, True)]
    desk.servers.change("fake", Definition("another-program"))
    assert [(tool.enabled, tool.reads) for tool in desk.store.tools(server.id)] == [(True, False)]


def test_a_question_about_the_definition_before_needs_no_answer_any_more(desk: Desk) -> None:
    desk.servers.add("fake", fake())
    before = desk.servers.asked("fake")
    assert before is not None
    desk.servers.change("fake", fake("junk"))
    assert before.id not in {one.id for one in desk.consents.list()}
    now = desk.servers.asked("fake")
    assert now is not None
    assert now.id != before.id


def test_keys_stay_with_the_address_that_they_were_given_for(desk: Desk) -> None:
    headers = (("Authorization", "Bearer abcdefgh12345"),)
    desk.servers.add("notes", Definition(url="https://notes.example.org/mcp", headers=headers))
    server = desk.servers.get("notes").server
    same_host = Definition(url="https://notes.example.org/v2", headers=server.definition.headers)
    desk.servers.change("notes", same_host)
    assert not desk.servers.missing_keys("notes")
    desk.servers.change("notes", Definition(url="https://other.example.org/mcp", headers=server.definition.headers))
    assert desk.servers.missing_keys("notes") == ("Authorization",)
    desk.servers.change("notes", same_host)
    assert desk.servers.missing_keys("notes") == ("Authorization",), "it was forgotten when no address needed it"
