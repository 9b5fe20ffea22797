"""All branches of a chat at a glance: a list with the lines of a tree, in which Enter brings a message into view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.answer_source import author_of
from ui.chat.tree_guides import GUIDE_ROLE, GuideDelegate, Place, guides
from ui.chat.words import shortened
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.floating import Floating
from ui.widgets.labels import label
from workbench.chat.steering.branches import outline
from workbench.chat.tree import Conversation, Node, branch
from workbench.messages import Id, Role

LINE_CHARACTERS = 64
WIDTH, MOST_LINES = 520, 14
IN_VIEW = marked("in view")


@dataclass(frozen=True, slots=True)
class Line:
    """A message as one line of the tree. ``in_view``: it is on the branch in view. ``parent``: the message above it."""

    id: Id
    depth: int
    who: str
    text: str
    in_view: bool
    parent: Id | None = None
    own: bool = False

    @property
    def spoken(self) -> str:
        """As a screen reader says it."""
        places = [tr("level {depth}").format(depth=self.depth)] if self.depth else []
        return ", ".join((f"{self.who}: {self.text}", *places, *([tr(IN_VIEW)] if self.in_view else [])))


def lines(conversation: Conversation) -> Iterator[Line]:
    """The tree in reading order; a level is deeper where there are alternatives."""
    shown = {node.id for node in branch(conversation)}
    for depth, node in outline(conversation):
        own = node.message.role is Role.USER
        yield Line(node.id, depth, _who(node), _text(node), node.id in shown, node.parent_id, own)


def places(tree: Sequence[Line]) -> tuple[Place, ...]:
    """Where each line stands among the others."""
    rows = {line.id: row for row, line in enumerate(tree)}
    return tuple(
        Place(line.depth, None if line.parent is None else rows.get(line.parent), own=line.own, in_view=line.in_view)
        for line in tree
    )


def _who(node: Node) -> str:
    if node.message.role is Role.USER:
        return tr("You")
    return author_of(node.turn) if node.turn is not None else tr("Answer")


def _text(node: Node) -> str:
    text = " ".join(node.message.text[: 4 * LINE_CHARACTERS].split())
    return shortened(text, LINE_CHARACTERS) if text else tr("(no text)")


class TreeList(Floating):
    """``chosen``: a message that is to come into view."""

    chosen = Signal(str)

    def __init__(self, tree: tuple[Line, ...], appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr("Branches of this chat"), window)
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Branches"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setProperty("look", "commands")
        height = self._list.fontMetrics().height() + 12
        self._list.setItemDelegate(GuideDelegate(appearance, self._list))
        for line, guide in zip(tree, guides(places(tree)), strict=True):
            item = QListWidgetItem(f"{line.who}: {line.text}")
            item.setData(GUIDE_ROLE, guide)
            item.setData(Qt.ItemDataRole.UserRole, line.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, line.spoken)
            item.setSizeHint(QSize(0, height))
            self._list.addItem(item)
        last = max((row for row, line in enumerate(tree) if line.in_view), default=0)
        self._list.setCurrentRow(last)
        self._list.itemActivated.connect(self._choose)
        self._list.itemClicked.connect(self._choose)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.setSpacing(6)
        go = Button(tr("Go there"), appearance, look="quiet", name=tr("Show the chosen message"))
        go.clicked.connect(self._choose_current)
        above = QHBoxLayout()
        above.addWidget(label(tr("Branches: what is in view is bold. Enter goes there."), "caption"), 1)
        above.addWidget(go)
        inside.addLayout(above)
        inside.addWidget(self._list)
        self.setFixedWidth(min(WIDTH, window.width() - 32))
        self._list.setFixedHeight(height * min(MOST_LINES, max(2, len(tree))) + 4)

    def open_below(self, anchor: QWidget) -> None:
        self.adjustSize()
        corner = anchor.mapTo(self.host, QPoint(anchor.width(), anchor.height() + 6))
        self.move(max(6, corner.x() - self.width()), corner.y())
        self.appear()
        self._list.setFocus(Qt.FocusReason.PopupFocusReason)
        self._list.scrollToItem(self._list.currentItem())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_current()
        else:
            super().keyPressEvent(event)

    def _choose_current(self) -> None:
        chosen = [*self._list.selectedItems(), self._list.currentItem()]  # assistive technology selects alone
        if chosen[0] is not None:
            self._choose(chosen[0])

    def _choose(self, item: QListWidgetItem) -> None:
        self.dismiss()
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def open_tree(conversation: Conversation, appearance: Appearance, anchor: QWidget, go: Callable[[Id], None]) -> None:
    """Show the branches below ``anchor``."""
    tree = TreeList(tuple(lines(conversation)), appearance, anchor.window())
    tree.chosen.connect(go)
    tree.open_below(anchor)
