"""The hits of a search as a list: title, day, and the piece of text that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.appearance import Appearance
from ui.search.hit_painter import HitPainter, spoken
from ui.translation import tr
from ui.widgets.found_list import FoundList, FoundModel

if TYPE_CHECKING:
    from workbench.chat.searching.search import Hit  # only its type: the window is painted first

LINES = 2


class HitList(FoundList):
    """``chosen`` carries a `Hit`. The field above keeps the focus."""

    def __init__(self, appearance: Appearance) -> None:
        model = FoundModel(lambda hit: hit.title or tr("New chat"), spoken)
        super().__init__(appearance, HitPainter(appearance, LINES), model)
        self.setAccessibleName(tr("Found in chats"))
        self.setAccessibleDescription(tr("Enter goes to the message."))

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self.found.hits

    @property
    def current(self) -> Hit | None:
        """The one that Enter chooses."""
        return self.hits[self.current_row] if self.current_row >= 0 else None

    def show_hits(self, hits: tuple[Hit, ...]) -> None:
        """Show these; the first one is chosen by Enter."""
        self.found.show_hits(hits)
        self.go_to(0)
        self.scrollToTop()
