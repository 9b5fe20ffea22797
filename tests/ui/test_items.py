from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester

from ui.chat.items import BUSY_ROLE, CHAT_ROLE, ChatListModel
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


def test_filter_and_activity(model: ChatListModel) -> None:
    model.show_chats((chat("a", "Letter"), chat("b", "Loop")), NOW)
    model.show_matching("loop", NOW)
    assert titles(model) == ["Today", "Loop"]
    assert [one.id for one in model.all_chats] == ["a", "b"]
    model.show_busy({"b"})
    index = model.index(1)
    assert index.data(BUSY_ROLE) is True
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Loop, answering"
    assert index.data(CHAT_ROLE).id == "b"
    model.show_busy(())
    assert index.data(BUSY_ROLE) is False
