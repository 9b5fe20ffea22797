"""What a backup has, and what going back to it would change."""

from __future__ import annotations

import pytest

from tests.unit.chat.keeping import Home, small_chat
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.diagnostics.backup_looking import ChatThen, Difference, chats_in, difference
from workbench.diagnostics.backup_making import Backups
from workbench.errors import UsageError
from workbench.messages import user
from workbench.paths import Paths

GO_ON = CancelToken()


@pytest.fixture
def backups(home: Home, paths: Paths) -> Backups:
    return Backups(paths, home.database, SystemClock())


def test_what_would_change_is_told_by_chat(home: Home, backups: Backups) -> None:
    stays, goes_on, binned = (small_chat(home, title) for title in ("Stays", "Goes on", "Binned"))
    made = backups.create(GO_ON)
    before = (made.path / "workbench.db").read_bytes()
    assert backups.difference(made.name) == Difference(same=3)
    small_chat(home, "New")
    home.chats.append(goes_on, home.chats.load(goes_on).nodes[-1].id, user("And?"))
    with home.database.write() as tx:
        tx.execute("UPDATE conversations SET deleted_at = 1.0 WHERE id = ?", (binned,))
    assert backups.difference(made.name[:12]) == Difference(("New",), ("Binned",), ("Goes on",), 1)
    assert stays in chats_in(made)
    assert (made.path / "workbench.db").read_bytes() == before
    assert sorted(one.name for one in made.path.iterdir()) == ["workbench.db"]


def test_a_damaged_backup_is_told_and_has_no_size(home: Home, backups: Backups) -> None:
    small_chat(home)
    whole = backups.create(GO_ON)
    broken, empty = backups.create(GO_ON), backups.create(GO_ON)
    (broken.path / "workbench.db").write_bytes(b"nothing" * 1000)
    (empty.path / "workbench.db").write_bytes(b"")
    assert backups.sizes() == {whole.name: 1, broken.name: None, empty.name: None}
    for one in (broken, empty):
        with pytest.raises(UsageError, match="cannot be read"):
            backups.difference(one.name)
    with pytest.raises(UsageError, match="no backup"):
        backups.difference("1999")


def test_the_newest_titles_come_first() -> None:
    now = {"a": ChatThen("A", 1, 1.0), "b": ChatThen("B", 1, 3.0), "c": ChatThen("C", 1, 2.0)}
    assert difference(now, {}).gone == ("B", "C", "A")
    assert difference({}, now).back == ("B", "C", "A")
