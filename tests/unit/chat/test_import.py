"""Chats of other programs come in whole, once, with a report of what did not."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.chat import foreign_chats as foreign
from tests.unit.chat.keeping import Home, new_home, small_chat
from workbench.chat.asking.of_chat import ChatChoice
from workbench.chat.exporting.service import ExportFormat
from workbench.chat.exporting.values import KeptChat, branch_of
from workbench.chat.importing.service import ImportReport
from workbench.chat.importing.values import time_of
from workbench.errors import UsageError
from workbench.messages import Effort, Finish, Reasoning, Role, ToolCall, ToolResult, user


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with new_home(tmp_path / "home") as made:
        yield made


def _bring(home: Home, value: Any, name: str = "export.json") -> ImportReport:
    file = home.folder.parent / name
    file.write_text(json.dumps(value), encoding="utf-8")
    return home.bring_in(file)


def _only(home: Home) -> KeptChat:
    [chat] = home.ids
    return home.read(chat)


def _tree(chat: KeptChat) -> list[tuple[str, str, int | None]]:
    """Role and text of each message, and the place of its parent."""
    places = {message.id: place for place, message in enumerate(chat.messages)}
    return [(one.message.role.value, one.message.text, places.get(one.parent_id or "")) for one in chat.messages]


def test_chatgpt_with_every_branch_and_its_files(home: Home, tmp_path: Path) -> None:
    report = home.bring_in(foreign.chatgpt_zip(tmp_path / "export.zip"))
    assert (report.format, report.imported, report.messages) == ("chatgpt", 1, 6)
    assert [(one.what, one.why) for one in report.skipped] == [("A picture", "a recording")]
    chat = _only(home)
    assert _tree(chat) == [
        ("user", "What is this?", None),
        ("assistant", "It shows 42 .", 0),
        ("user", "Sure?", 1),
        ("assistant", "Yes.", 2),
        ("assistant", "Certainly.", 2),
        ("user", "Thank you", 4),
    ]
    assert [one.message.text for one in branch_of(chat)][-2:] == ["Certainly.", "Thank you"]
    assert (chat.origin, chat.created_at, chat.updated_at) == ("chatgpt:6710-abc", 1_700_000_000.0, 1_700_000_030.0)
    answer = chat.messages[1]
    assert [type(part) for part in answer.message.parts][:3] == [Reasoning, ToolCall, ToolResult]
    assert answer.message.parts[1:3] == (
        ToolCall("c1", "python", "print(6*7)"),
        ToolResult("", "python", "42", untrusted=True),
    )
    assert [one.model for one in chat.messages] == ["", "gpt-5", "", "gpt-5", "o3", ""]
    assert chat.messages[4].turns[0]["finish"] == Finish.LENGTH
    picture, notes = chat.messages[0].message.attachments
    assert (picture.media_type, notes.name, notes.text) == ("image/png", "notes.txt", "hello notes")
    assert (home.attachments / picture.sha256).read_bytes() == foreign.PNG


def test_what_the_zip_does_not_have_is_told(home: Home, tmp_path: Path) -> None:
    report = home.bring_in(foreign.chatgpt_zip(tmp_path / "export.zip", with_files=False))
    assert sorted(one.why for one in report.skipped) == [
        "a recording",
        "the file 'Picture' is not in the export",
        "the file 'notes.txt' is not in the export",
    ]


def test_claude_with_thoughts_tools_texts_and_branches(home: Home) -> None:
    report = _bring(home, foreign.claude())
    assert (report.format, report.imported, report.messages) == ("claude", 2, 5)
    assert sorted((one.what, one.why) for one in report.skipped) == [
        ("Gardening", "content of the unknown kind 'hologram'"),
        ("Gardening", "the file 'bed.jpg' is not in the export"),
        ("Nothing", "it has no messages"),
    ]
    branched, garden = (home.read(chat) for chat in home.ids)
    assert [type(part) for part in garden.messages[1].message.parts][:3] == [Reasoning, ToolCall, ToolResult]
    assert garden.messages[0].message.attachments[0].text == "Bed 1: up"
    assert garden.created_at == 1_761_991_200.0
    assert _tree(branched)[1:] == [("assistant", "Left.", 0), ("assistant", "Right.", 0)]
    assert (branched.title, branch_of(branched)[-1].message.text) == ("Left or right?", "Left.")


@pytest.mark.parametrize("form", ["array", "single", "bare"])
def test_open_webui_with_thoughts_pictures_and_branches(home: Home, form: str) -> None:
    exported = foreign.open_webui()
    report = _bring(home, exported if form == "array" else exported[0] if form == "single" else exported[0]["chat"])
    assert (report.format, report.imported, report.messages, report.skipped) == ("openwebui", 1, 4, ())
    chat = _only(home)
    assert _tree(chat)[1:] == [("assistant", "Lima.", 0), ("assistant", "It is **Lima**.", 0), ("user", "Thanks", 1)]
    assert chat.messages[2].message.parts[0] == Reasoning("Peru & Lima\nsure", 7.0)
    assert [one.media_type for one in chat.messages[0].message.attachments] == ["image/png", "text/plain"]
    assert chat.messages[1].model == "qwen3:30b"
    assert branch_of(chat)[-1].message.text == "Thanks"
    assert bool(chat.pinned_at) is (form != "bare")


def test_lm_studio_keeps_earlier_versions_as_branches(home: Home) -> None:
    report = _bring(home, foreign.lm_studio(), "1740000000000.conversation.json")
    assert (report.format, report.imported) == ("lmstudio", 1)
    chat = _only(home)
    assert _tree(chat) == [
        ("system", "Be brief.", None),
        ("user", "A prime?", 0),
        ("assistant", "2", 1),
        ("assistant", "3", 1),
        ("user", "Another?", 3),
    ]
    assert chat.messages[3].message.reasoning == "Small ones."


@pytest.mark.parametrize("form", ["object", "list", "lines"])
def test_openai_messages(home: Home, form: str) -> None:
    value = foreign.openai()
    file = home.folder.parent / "messages.jsonl"
    written = json.dumps(value["messages"] if form == "list" else value)
    file.write_text(written + ("\n" + written if form == "lines" else ""), encoding="utf-8")
    report = home.bring_in(file)
    assert (report.format, report.imported) == ("openai", 1)
    chat = _only(home)
    assert [message.message.role for message in chat.messages] == [Role.SYSTEM, Role.USER, Role.ASSISTANT]
    assert [type(part) for part in chat.messages[2].message.parts[:3]] == [ToolCall, ToolResult, Reasoning]
    assert [one.why for one in report.skipped] == ["a part of the kind 'image_url'"]


@pytest.mark.parametrize("program", ["chatgpt", "claude", "open_webui", "lm_studio", "openai"])
def test_importing_again_adds_nothing(home: Home, program: str) -> None:
    value = getattr(foreign, program)()
    _bring(home, value)
    before = [home.read(chat) for chat in home.ids]
    again = _bring(home, value)
    assert (again.imported, again.updated, again.messages) == (0, 0, 0)
    assert [home.read(chat) for chat in home.ids] == before


def test_a_newer_export_adds_what_is_new_and_moves_the_view(home: Home) -> None:
    exported = foreign.open_webui()
    messages = exported[0]["chat"]["history"]["messages"]
    last = messages.pop("u2")
    messages["a1"]["childrenIds"] = []
    exported[0]["chat"]["history"]["currentId"] = "a1"
    _bring(home, exported)
    assert home.chats.load(home.ids[0]).imported  # by who knows whom
    with home.database.write() as tx:
        tx.execute("UPDATE conversations SET imported = 0")
    messages["u2"] = last
    exported[0]["chat"]["history"]["currentId"] = "u2"
    report = _bring(home, exported)
    assert (report.imported, report.updated, report.messages) == (0, 1, 1)
    assert branch_of(_only(home))[-1].message.text == "Thanks"
    assert home.chats.load(home.ids[0]).imported


def test_a_newer_export_leaves_the_view_where_a_person_went_on(home: Home) -> None:
    exported = foreign.open_webui()
    messages = exported[0]["chat"]["history"]["messages"]
    last = messages.pop("u2")
    exported[0]["chat"]["history"]["currentId"] = "a1"
    _bring(home, exported)
    chat = _only(home)
    home.chats.append(chat.id, chat.tip_id, user("My own words"))
    messages["u2"] = last
    report = _bring(home, exported)
    assert report.messages == 1
    assert branch_of(_only(home))[-1].message.text == "My own words"


def test_a_chat_in_the_bin_stays_there(home: Home) -> None:
    _bring(home, foreign.open_webui())
    home.chats.delete(home.ids[0])
    report = _bring(home, foreign.open_webui())
    assert (report.imported, home.ids) == (0, ())
    assert [one.why for one in report.skipped] == ["it is in the bin: restore it there"]


def test_ids_that_another_chat_has_are_not_taken_from_it(home: Home, tmp_path: Path) -> None:
    chat = small_chat(home)
    before = home.read(chat)
    stolen = json.loads(home.exports.text(chat, ExportFormat.JSON))
    stolen["id"] = "0" * 32
    stolen["messages"][0]["parts"][0]["text"] = "Other words"
    report = _bring(home, stolen)
    assert (report.imported, report.messages) == (1, 2)
    assert home.read(chat) == before
    assert home.read("0" * 32).messages[0].message.text == "Other words"


def test_a_file_cut_short_gives_what_is_whole(home: Home) -> None:
    file = home.folder.parent / "cut.json"
    whole = json.dumps([*foreign.claude()[:1], *foreign.open_webui()])
    file.write_text(whole[:-200], encoding="utf-8")
    report = home.bring_in(file)
    assert (report.imported, report.skipped[-1].why) == (1, "it ends in the middle: what stands behind is missing")


def test_a_broken_chat_does_not_keep_the_others_out(home: Home) -> None:
    ours = {"format": "workbench-chat", "version": 1, "id": "x", "title": 5, "messages": [{"id": 1}]}
    newer = {"format": "workbench-chat", "version": 2}
    report = _bring(home, [ours, newer, *foreign.open_webui()])
    assert report.imported == 1
    whys = [one.why for one in report.skipped]
    assert whys[0].startswith("it is broken: ")
    assert whys[1] == "This chat was exported by a newer Workbench."


@pytest.mark.parametrize("broken", [b'{"mapping": nul}', b'{"mapping": {}, "n": ' + b"9" * 5000 + b"}"])
def test_what_is_no_json_does_not_keep_out_what_stands_behind_it(home: Home, broken: bytes) -> None:
    first, second = (json.dumps(chat).encode() for chat in (foreign.claude()[0], *foreign.open_webui()[:1]))
    file = home.folder.parent / "given"
    file.write_bytes(b"[" + b",".join([first, broken, second]) + b"]")
    report = home.bring_in(file)
    assert report.imported == 2
    assert report.skipped[-1].why.startswith("One of its chats is no valid JSON, and left out: ")


def test_a_byte_of_another_encoding_does_not_keep_a_chat_out(home: Home) -> None:
    file = home.folder.parent / "given"
    file.write_bytes(b'[{"role": "user", "content": "caf\xe9"}, {"role": "assistant", "content": "Yes."}]')
    home.bring_in(file)
    assert _only(home).messages[0].message.text == "caf\ufffd"


@pytest.mark.parametrize("told", ["9999-12-31T00:00:00+00:00", "0001-01-01", "0000-00-00", -1, 0, 1e300, math.nan])
def test_a_time_that_cannot_be_is_none(told: object) -> None:
    assert time_of(told) is None


def test_texts_with_what_no_database_takes_come_in_too(home: Home) -> None:
    _bring(
        home, [{"role": "user", "content": "half \ud83d a pair, nothing \0, \u202e"}, {"role": "user", "content": "x"}]
    )
    assert _only(home).messages[0].message.text == "half ? a pair, nothing \ufffd, \u202e"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "No chats were found"),
        (b"hello", "no chats in a format"),
        (b"[1, 2, 3]", "no chats in a format"),
        (b"{}", "No chats were found"),
        (b"[" * 100_000, "nested too deeply"),
        (b'[{"mapping": ' + b"[" * 100_000, "nested too deeply"),
        (b'[{"mapping": {}, "x": tru}]', "no valid JSON"),
        (b'[{"mapping": {"a": ' + b"9" * 10_000 + b"}}]", "no valid JSON"),
        (b'[{"title": "cut', "ends in the middle"),
        (b"\xff\xfe[\0{\0", "no chats in a format"),
        (foreign.zip_bytes({"readme.txt": b"hello"}), "no chats in this zip"),
        (foreign.zip_bytes({"conversations.json": b" " * (40 << 20)}), "would grow to"),
        (foreign.zip_bytes({"conversations.json": b"[]"})[:60], "no chats in a format"),
    ],
)
def test_what_is_no_export_is_refused_in_words(home: Home, content: bytes, words: str) -> None:
    file = home.folder.parent / "given"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=words):
        home.bring_in(file)
    assert home.ids == ()


def test_a_missing_file_is_told(home: Home, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        home.bring_in(tmp_path / "nothing.json")


def test_a_folder_of_files(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "conversations"
    folder.mkdir()
    (folder / "1.json").write_text(json.dumps(foreign.lm_studio()))
    (folder / "2.json").write_text(json.dumps(foreign.openai()))
    assert home.bring_in(folder).imported == 2


@pytest.mark.parametrize("model", ["/tmp/other.gguf", "C:\\models\\other.gguf", "qwen@studio", "x" * 2000])
def test_a_file_chooses_no_other_file_and_no_other_machine_for_its_chat(home: Home, model: str) -> None:
    chat = small_chat(home)
    told = json.loads(home.exports.text(chat, ExportFormat.JSON))
    told |= {"id": "ab" * 16, "model": model, "effort": "low", "messages": []}
    _bring(home, told)
    assert home.read("ab" * 16).choice == ChatChoice("", Effort.LOW)
