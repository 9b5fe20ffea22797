"""Chats as files: everything goes out and comes back; for reading; whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.chat.keeping import Home, full_chat, new_home, small_chat
from workbench.cancel import CancelToken
from workbench.chat.exporting.files import file_name, write_file
from workbench.chat.exporting.html import POLICY
from workbench.chat.exporting.service import ExportFormat
from workbench.chat.exporting.values import KeptMessage
from workbench.errors import Cancelled, StorageError, UsageError
from workbench.messages import Message, Role, Text, UsedPrompt, assistant, user

GO_ON = CancelToken()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with new_home(tmp_path / "home") as made:
        yield made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Home]:
    with new_home(tmp_path / "other") as made:
        yield made


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_everything_of_our_own_format_comes_back_exactly(home: Home, other: Home, tmp_path: Path) -> None:
    chat, small = full_chat(home), small_chat(home)
    home.exports.write(home.ids, ExportFormat.JSON, tmp_path / "all.json", GO_ON)
    report = other.bring_in(tmp_path / "all.json")
    assert (report.format, report.imported, report.messages, report.skipped) == ("workbench", 2, 7, ())
    assert other.read(chat) == home.read(chat)
    assert other.read(small) == home.read(small)
    assert other.chats.load(chat) == replace(home.chats.load(chat), imported=True)
    kept = home.read(chat).attachments[0].sha256
    assert (other.attachments / kept).read_bytes() == b"Tides: 12 h 25 min"


def test_a_second_export_is_the_same(home: Home, other: Home, tmp_path: Path) -> None:
    chat = full_chat(home)
    first = home.exports.text(chat, ExportFormat.JSON)
    (tmp_path / "one.json").write_text(first, encoding="utf-8")
    other.bring_in(tmp_path / "one.json")
    assert other.exports.text(chat, ExportFormat.JSON) == first


def test_chatgpts_shape_keeps_every_branch(home: Home, other: Home, tmp_path: Path) -> None:
    chat = full_chat(home)
    home.exports.write(home.ids, ExportFormat.CHATGPT, tmp_path / "conversations.json", GO_ON)
    report = other.bring_in(tmp_path / "conversations.json")
    assert (report.format, report.imported) == ("chatgpt", 1)
    assert [skipped.why for skipped in report.skipped] == ["the file 'tides.txt' is not in the export"]
    before, after = home.read(chat), other.read(other.ids[0])
    assert _shape(after.messages) == _shape(before.messages)
    assert after.title == before.title
    assert (after.created_at, after.updated_at) == (before.created_at, before.updated_at)
    assert [message.created_at for message in after.messages] == [message.created_at for message in before.messages]


def _shape(messages: Sequence[KeptMessage]) -> list[tuple[object, ...]]:
    """Texts, thoughts and models, each with the place of its parent."""
    places = {message.id: place for place, message in enumerate(messages)}
    return [
        (places.get(one.parent_id or ""), one.message.role, one.message.text, one.message.reasoning, one.model)
        for one in messages
    ]


def test_a_deleted_message_is_not_exported_and_what_follows_hangs_above_it(home: Home) -> None:
    chat = small_chat(home)
    question, answer = home.read(chat).messages
    later = home.chats.append(chat, answer.id, user("Really?"))
    with home.database.write() as tx:
        tx.execute("UPDATE messages SET deleted_at = 1 WHERE id = ?", (answer.id,))
    left = home.read(chat)
    assert [(one.id, one.parent_id) for one in left.messages] == [(question.id, None), (later.id, question.id)]
    assert "Yes." not in home.exports.text(chat, ExportFormat.JSON)


def test_markdown_has_front_matter_and_the_branch_in_view(home: Home) -> None:
    text = home.exports.text(full_chat(home), ExportFormat.MARKDOWN)
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    values = {line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in head.splitlines()}
    assert values["title"] == "The sea & <b>the</b> land"
    assert values["models"] == ["Qwen3 30B"]
    assert (values["messages"], values["other_messages"]) == (3, 2)
    assert "> Attached: tides.txt (18 bytes)" in body
    assert "## You\n\nThanks" in body
    assert "And the sun?" not in body


def test_a_question_tells_the_prompt_that_it_was_written_with(home: Home) -> None:
    chat = small_chat(home)
    used = UsedPrompt("p", "summarise", "Sum\n*up*", 3, values={"words": "the sea"})
    home.chats.append(chat, home.read(chat).messages[-1].id, Message(Role.USER, (used, Text("Sum up: the sea"))))
    assert "> Prompt: Sum *up* · v3\n\nSum up: the sea" in home.exports.text(chat, ExportFormat.MARKDOWN)
    assert '<p class="file">Prompt: Sum *up* · v3</p>' in home.exports.text(chat, ExportFormat.HTML)
    kept = json.loads(home.exports.text(chat, ExportFormat.JSON))
    assert kept["messages"][-1]["parts"][0]["values"] == {"words": "the sea"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/p.png)",
    "[go](javascript:alert(1))",
    "<style>@import url(//evil.example)</style>",
    "</div></article></main><iframe src=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "```html\n</pre><script>alert(1)</script>\n```",
    "<base href=//evil.example><form action=//evil.example><input>",
)


@pytest.mark.parametrize("said", HOSTILE)
def test_html_has_nothing_that_runs_or_loads(home: Home, said: str) -> None:
    chat = home.chats.create(said)
    asked = home.chats.append(chat, None, user(said))
    home.chats.append(chat, asked.id, assistant(said))
    html = home.exports.text(chat, ExportFormat.HTML)
    tags = _Tags()
    tags.feed(html)
    names = {tag for tag, _attributes in tags.found}
    assert not names & {"script", "img", "iframe", "link", "base", "form", "object", "embed", "svg", "video", "input"}
    assert [tag for tag, _attributes in tags.found].count("style") == 1
    metas = [attributes for tag, attributes in tags.found if tag == "meta"]
    assert {"http-equiv": "Content-Security-Policy", "content": POLICY} in metas
    assert not any(attributes.get("http-equiv") == "refresh" for attributes in metas)
    for _tag, attributes in tags.found:
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes)
        assert (attributes.get("href") or "https:").startswith(("https:", "http:", "mailto:"))


def test_the_policy_is_closed_and_names_the_one_style(home: Home) -> None:
    html = home.exports.text(full_chat(home), ExportFormat.HTML)
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert len(re.findall("<style>", html)) == 1
    assert "Attached: tides.txt (18 bytes)" in html


def test_nothing_is_overwritten_but_by_force(home: Home, tmp_path: Path) -> None:
    chat = small_chat(home)
    target = tmp_path / "chat.md"
    target.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        home.exports.write((chat,), ExportFormat.MARKDOWN, target, GO_ON, single=True)
    assert target.read_text() == "mine"
    home.exports.write((chat,), ExportFormat.MARKDOWN, target, GO_ON, single=True, force=True)
    assert target.read_text(encoding="utf-8").startswith("---\ntitle: ")
    assert target.stat().st_mode & 0o077 == 0
    assert _names(tmp_path).count("chat.md") == 1
    assert not [name for name in _names(tmp_path) if name.endswith(".part")]


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "chat.md"

    def pieces() -> Iterator[str]:
        target.write_text("mine")
        yield "theirs"

    with pytest.raises(UsageError, match="is there already"):
        write_file(target, pieces(), force=False)
    assert target.read_text() == "mine"
    assert _names(tmp_path) == ["chat.md"]


def test_a_cancelled_or_failed_export_leaves_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_chat(home)
    out = tmp_path / "out"
    out.mkdir()
    cancelled = CancelToken()
    cancelled.cancel()
    with pytest.raises(Cancelled):
        home.exports.write(home.ids, ExportFormat.JSON, out / "a.json", cancelled)
    with pytest.raises(Cancelled):
        home.exports.write(home.ids, ExportFormat.HTML, out / "folder", cancelled)
    with pytest.raises(UsageError, match="There is no folder"):
        home.exports.write(home.ids, ExportFormat.JSON, out / "missing" / "a.json", GO_ON)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        home.exports.write(home.ids, ExportFormat.JSON, out / "a.json", GO_ON)
    assert _names(out) == []


def test_for_reading_each_chat_is_a_file_of_its_own(home: Home, tmp_path: Path) -> None:
    for _ in range(3):
        small_chat(home, "../../etc/passwd: same \x00 title?")
    assert home.exports.write(home.ids, ExportFormat.HTML, tmp_path / "chats", GO_ON) == 3
    names = _names(tmp_path / "chats")
    assert len(names) == 3
    assert all(re.fullmatch(r"[\w. -]+ [0-9a-f]{8}\.html", name) for name in names), names


@pytest.mark.parametrize("title", ["", "CON", "a/b\\c", "...", "x" * 500, "日本語 " * 100, "\u202egnp.exe", "nul.txt"])
def test_names_suit_every_system(title: str) -> None:
    name = file_name(title, "0123456789abcdef", ".md")
    assert name.endswith(" 01234567.md")
    assert len(name.encode()) < 160
    assert not set(name) & set('<>:"/\\|?*\x00\u202e')
    assert not name.startswith((".", " "))
    assert name.split(".")[0].split(" ")[0].lower() not in ("con", "nul")
