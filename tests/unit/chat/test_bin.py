"""The bin: nothing is gone before it is removed for good, and then all of it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.chat.keeping import Home, full_chat, new_home, small_chat
from workbench.chat.keeping.bin import ChatBin
from workbench.chat.keeping.store import BinStore
from workbench.errors import UsageError
from workbench.events import Bus


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with new_home(tmp_path / "home") as made:
        yield made


@pytest.fixture
def chat_bin(home: Home) -> ChatBin:
    return ChatBin(BinStore(home.database), home.attachments, Bus())


def test_what_is_in_the_bin_is_listed_and_comes_back(home: Home, chat_bin: ChatBin) -> None:
    chat, other = full_chat(home), small_chat(home)
    before = home.read(chat)
    home.chats.delete(chat)
    [binned] = chat_bin.list()
    assert (binned.id, binned.title, binned.messages) == (chat, before.title, 5)
    assert binned.forgotten_at == binned.deleted_at + 30 * 86400
    assert home.ids == (other,)
    chat_bin.restore([chat])
    assert chat_bin.list() == ()
    assert home.read(chat) == before


def test_removed_for_good_takes_the_files_that_nothing_else_names(home: Home, chat_bin: ChatBin) -> None:
    chat = full_chat(home)
    kept = home.attachments / home.read(chat).attachments[0].sha256
    second = full_chat(home)
    for each in (chat, second):
        home.chats.delete(each)
    chat_bin.forget([chat])
    assert [binned.id for binned in chat_bin.list()] == [second]
    assert kept.exists()
    chat_bin.forget([second])
    assert not kept.exists()
    with pytest.raises(UsageError):
        home.read(chat)
    for table in ("messages", "parts", "turns", "feedback", "preferences"):
        assert home.database.row(f"SELECT count(*) FROM {table}")[0] == 0  # type: ignore[index]


def test_a_chat_outside_the_bin_cannot_be_removed_for_good(home: Home, chat_bin: ChatBin) -> None:
    chat = full_chat(home)
    chat_bin.forget([chat])
    assert home.ids == (chat,)
    assert list(home.attachments.iterdir())
