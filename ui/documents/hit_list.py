"""The passages that were found, painted: file and page, the piece of text with the words marked, scores on demand."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from ui.appearance import Appearance
from ui.documents.hit_words import day_words, path_words, place_words, score_words, spoken_hit, title_of
from ui.documents.snippet import piece
from ui.theme import TypeScale
from ui.translation import tr
from ui.widgets.focus_ring import FocusRing
from ui.widgets.found_list import FoundList, FoundModel
from ui.widgets.marked_text import MarkedText
from workbench.documents.retrieval.hit import Hit

LINES, SIDE, PADDING, GAP = 3, 12, 9, 3
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class HitPainter:
    """``scores``: whether the score of each method is shown."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance
        self._marked = MarkedText(appearance)
        self.scores = False

    def height(self, font: QFont, hit: Hit, width: int) -> int:
        strong, small, body = self._fonts(font)
        text, _marks = piece(hit)
        lines = self._marked.lines(body, text, max(80, width - 2 * SIDE), LINES)
        tall = QFontMetrics(strong).height() + QFontMetrics(small).height() * (2 if self.scores else 1)
        return 2 * PADDING + tall + GAP + lines * QFontMetrics(body).height()

    def paint(self, painter: QPainter, font: QFont, box: QRect, hit: Hit, *, selected: bool) -> None:
        """In ``box``; its ground is painted already."""
        area = box.adjusted(SIDE, PADDING, -SIDE, -PADDING)
        strong, small, body = self._fonts(font)
        quiet = self._appearance.colour("text" if selected else "muted")  # muted is too pale on a selection
        head = QRect(area.left(), area.top(), area.width(), QFontMetrics(strong).height())
        painter.setFont(small)
        painter.setPen(quiet)
        right = " · ".join(piece for piece in (place_words(hit), day_words(hit)) if piece)
        right = painter.fontMetrics().elidedText(right, Qt.TextElideMode.ElideMiddle, area.width() // 2)
        painter.drawText(head, RIGHT, right)
        taken = painter.fontMetrics().horizontalAdvance(right) + SIDE
        second = QRect(area.left(), head.bottom() + 1, area.width(), QFontMetrics(small).height())
        path = painter.fontMetrics().elidedText(path_words(hit), Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(second, LEFT, path)
        painter.setPen(self._appearance.colour("text"))
        painter.setFont(strong)
        room = head.width() - taken
        painter.drawText(
            head, LEFT, painter.fontMetrics().elidedText(title_of(hit), Qt.TextElideMode.ElideMiddle, room)
        )
        text, marks = piece(hit)
        below = area.adjusted(0, head.height() + second.height() + GAP, 0, 0)
        self._marked.paint(painter, body, text, marks, below, LINES)
        if self.scores:
            painter.setFont(small)
            painter.setPen(quiet)
            last = QRect(area.left(), area.bottom() - second.height() + 1, area.width(), second.height())
            painter.drawText(last, LEFT, score_words(hit.methods))

    def _fonts(self, font: QFont) -> tuple[QFont, QFont, QFont]:
        """Of the title, of what stands beside it, of the text."""
        strong, small = QFont(font), QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        small.setPixelSize(self._appearance.pixels(TypeScale().caption))
        return strong, small, QFont(font)


class HitList(FoundList):
    """``chosen`` carries a `Hit`. The field above may keep the focus."""

    def __init__(self, appearance: Appearance) -> None:
        self._painter = HitPainter(appearance)
        super().__init__(appearance, self._painter, FoundModel(title_of, spoken_hit))
        self.setAccessibleName(tr("Passages"))
        self.setAccessibleDescription(tr("Enter opens the passage."))
        FocusRing(self, appearance)

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self.found.hits

    @property
    def current(self) -> Hit | None:
        """The one that Enter chooses."""
        return self.hits[self.current_row] if self.current_row >= 0 else None

    def show_hits(self, hits: tuple[Hit, ...]) -> None:
        """Show these; one that the person has walked to stays current, else the first one is."""
        before = self.current if self.current_row > 0 else None
        self.found.show_hits(hits)
        ids = [hit.chunk_id for hit in hits]
        row = ids.index(before.chunk_id) if before is not None and before.chunk_id in ids else 0
        self.go_to(row)
        if not row:
            self.scrollToTop()

    def show_scores(self, shown: bool) -> None:
        self._painter.scores = shown
        self.doItemsLayout()
