"""The bin of the chats, as people use it: look, take out, remove for good before the 30 days are over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from workbench.chat.keeping.store import BinnedChat, BinStore
from workbench.events import Bus, Topic
from workbench.messages import Id

_SHA256 = re.compile(r"[0-9a-f]{64}")


class ChatBin:
    """Any thread."""

    def __init__(self, store: BinStore, attachments: Path, bus: Bus) -> None:
        self._store = store
        self._attachments = attachments
        self._bus = bus

    def list(self) -> tuple[BinnedChat, ...]:
        """The last deleted first."""
        return self._store.all()

    def restore(self, ids: Sequence[Id]) -> None:
        self._store.restore(ids)
        self._bus.publish(Topic.CHATS)

    def forget(self, ids: Sequence[Id]) -> None:
        """Remove for good, with the files that nothing else names. Chats that are not in the bin stay."""
        for sha256 in self._store.forget(ids):
            if _SHA256.fullmatch(sha256):  # never a path
                with suppress(OSError):
                    (self._attachments / sha256).unlink(missing_ok=True)
        self._bus.publish(Topic.CHATS, Topic.FEEDBACK)
