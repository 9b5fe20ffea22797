from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester

from ui.chat.items import BUSY_ROLE, CHAT_ROLE, PAGE, ChatListModel
from workbench.chat.tree import ConversationSummary

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def chat(chat_id: str, title: str = "", hours_ago: float = 1) -> ConversationSummary:
    return ConversationSummary(chat_id, title or chat_id, NOW.timestamp() - 3600 * hours_ago, 2)


@pytest.fixture
def model(qapp: QApplication, qtmodeltester: ModelTester) -> ChatListModel:
    """Checked by pytest-qt's model tester after every change of the test."""
    made = ChatListModel()
    qtmodeltester.check(made, force_py=True)  # type: ignore[no-untyped-call]
    return made


def titles(model: ChatListModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def test_headers_and_chats(model: ChatListModel) -> None:
    model.show_chats((chat("a", "A", 1), chat("b", "B", 30), chat("c", "C", 2)), NOW)
    assert titles(model) == ["Today", "A", "C", "Yesterday", "B"]
    assert [one.id for one in model.chats] == ["a", "c", "b"]
    assert model.row_of("b") == 4
    assert model.row_of("missing") == -1
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable
    assert model.flags(model.index(1)) & Qt.ItemFlag.ItemIsSelectable


def test_a_new_title_repaints_and_a_new_chat_rearranges(model: ChatListModel) -> None:
    changed: list[int] = []
    resets: list[bool] = []
    model.dataChanged.connect(lambda first, last: changed.append(last.row()))
    model.modelReset.connect(lambda: resets.append(True))
    model.show_chats((chat("a"),), NOW)
    assert (changed, len(resets)) == ([], 1)
    model.show_chats((chat("a", "Better"),), NOW)
    assert (changed, len(resets)) == ([1], 1)
    model.show_chats((chat("a", "Better"),), NOW)
    assert (changed, len(resets)) == ([1], 1)
    model.show_chats((chat("a", "Better"), chat("b", hours_ago=0.5)), NOW)
    assert len(resets) == 2


def test_activity(model: ChatListModel) -> None:
    model.show_chats((chat("a", "Letter"), chat("b", "Loop")), NOW)
    assert [one.id for one in model.all_chats] == ["a", "b"]
    model.show_busy({"b"})
    index = model.index(2)
    assert index.data(BUSY_ROLE) is True
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Loop, answering"
    assert index.data(CHAT_ROLE).id == "b"
    model.show_busy(())
    assert index.data(BUSY_ROLE) is False


def test_pinned_chats_stand_on_top_last_pinned_first(model: ChatListModel) -> None:
    chats = (chat("a", hours_ago=1), chat("b", hours_ago=2), chat("c", hours_ago=3))
    model.show_chats((chats[0], chats[1]._replace(pinned_at=1.0), chats[2]._replace(pinned_at=2.0)), NOW)
    assert titles(model) == ["Pinned", "c", "b", "Today", "a"]
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "c, pinned"
    assert [one.id for one in model.all_chats] == ["a", "b", "c"]


def test_a_long_list_is_shown_page_by_page(qapp: QApplication) -> None:
    model = ChatListModel()  # the model tester would ask for all pages itself
    model.show_chats([chat(str(number), hours_ago=number / 1000) for number in range(900)], NOW)
    assert model.rowCount() == PAGE
    assert model.canFetchMore()
    model.fetchMore()
    assert model.rowCount() == 2 * PAGE
    assert model.reach("700") == 701
    assert model.rowCount() == 702
    assert model.reach("3") == 4
    assert model.rowCount() == 702
    model.fetchMore()
    model.fetchMore()
    assert model.rowCount() == 901
    assert not model.canFetchMore()
    assert len(model.chats) == 900
