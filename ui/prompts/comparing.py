"""Versions are read and compared beside the main thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from ui.notify import Toasts
from ui.prompts.page import PromptsPage
from workbench.prompts.prompt import Prompt, SavedPrompt, Version
from workbench.prompts.word_diff import Piece, changes

if TYPE_CHECKING:
    from workbench.app import Workbench


class Comparing(QObject):
    """Only the comparison that was asked for last is shown."""

    def __init__(self, bridge: Bridge, workbench: Workbench, page: PromptsPage, toasts: Toasts) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._view = page.history
        self._toasts = toasts
        self._asked = 0
        self._view.compared.connect(self._compare)

    def load(self, one: SavedPrompt) -> None:
        """The versions of a prompt."""
        self._bridge.run(
            lambda _job: self._workbench.prompts.history(one.id),
            on_done=lambda versions: self._view.show_versions(one, versions),
            on_failed=self._toasts.tell,
        )

    def _compare(self, older: Version, newer: Version) -> None:
        self._asked += 1
        number = self._asked
        self._bridge.run(
            lambda _job: compared(older.prompt, newer.prompt), on_done=lambda pieces: self._show(number, pieces)
        )

    def _show(self, number: int, pieces: tuple[Piece, ...]) -> None:
        if number == self._asked:
            self._view.show_changes(pieces)


def compared(older: Prompt, newer: Prompt) -> tuple[Piece, ...]:
    """Two versions word by word, as they stand in files: with all that a prompt has."""
    from workbench.prompts.files.markdown import write_markdown  # only here: it brings the reader of front matter

    return changes(write_markdown(older), write_markdown(newer))
