"""The sidebar: product, New chat, the search over all chats, the chats by day, and the pages at the bottom."""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.appearance import Appearance
from ui.chat.items import BUSY_ROLE, CHAT_ROLE, WAITING_ROLE, ChatListModel, untitled
from ui.chat.rename import TitleEdit
from ui.icons import icon, pixmap
from ui.projects.list import ProjectList
from ui.search.panel import SearchPanel
from ui.theme import RADIUS_SMALL, TypeScale
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.focus_ring import FocusRing
from ui.widgets.labels import label
from workbench.chat.tree import ConversationSummary
from workbench.messages import Id

Index = QModelIndex | QPersistentModelIndex
WIDTH, MAX_WIDTH = 268, 380
WIDEST_SHARE = 0.45  # of the window
ROW_HEIGHT, HEADER_HEIGHT = 32, 40
# Backspace is what the key is called on a Mac's keyboard; elsewhere it is pressed by mistake.
DELETE_KEYS = {Qt.Key.Key_Delete} | ({Qt.Key.Key_Backspace} if sys.platform == "darwin" else set())


class ChatDelegate(QStyledItemDelegate):
    """Paints day headers and chats. A chat that is answering carries a dot, one that waits for the person a hand; the row
    under the pointer a … button."""

    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(view)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        scale = self._appearance.scale
        height = ROW_HEIGHT if index.data(CHAT_ROLE) else HEADER_HEIGHT
        return QSize(120, round(height * max(1.0, scale)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(CHAT_ROLE):
            self._paint_chat(painter, option, index)
        else:
            self._paint_header(painter, option, index)
        painter.restore()

    def _paint_header(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        font = QFont(option.font)
        font.setPixelSize(self._appearance.pixels(TypeScale().caption - 1))
        font.setWeight(QFont.Weight.DemiBold)
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        painter.setFont(font)
        painter.setPen(self._appearance.colour("muted"))
        box = option.rect.adjusted(12, 0, -8, -7)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), str(index.data()))

    def _paint_chat(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state: QStyle.StateFlag = option.state
        box: QRect = option.rect.adjusted(0, 1, 0, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("active" if selected else "hover"))
            painter.drawRoundedRect(box, RADIUS_SMALL + 2, RADIUS_SMALL + 2)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            self._paint_ring(painter, box)
        text_box = box.adjusted(12, 0, -12, 0)
        if hovered:
            place = more_place(box)
            tokens = self._appearance.tokens
            painter.drawPixmap(
                place.topLeft(), pixmap("ellipsis", tokens.text, 16, painter.device().devicePixelRatio())
            )
            text_box.setRight(place.left() - 6)
        elif index.data(BUSY_ROLE):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("accent"))
            painter.drawEllipse(QPoint(box.right() - 16, box.center().y() + 1), 4, 4)
            text_box.setRight(box.right() - 28)
        elif index.data(WAITING_ROLE):
            sign = pixmap("hand", self._appearance.tokens.text, 14, painter.device().devicePixelRatio())
            painter.drawPixmap(box.right() - 22, box.center().y() - 6, sign)
            text_box.setRight(box.right() - 28)
        self._paint_title(painter, option, index, text_box)

    def _paint_ring(self, painter: QPainter, box: QRect) -> None:
        pen = painter.pen()
        pen.setColor(self._appearance.colour("accent"))
        pen.setStyle(Qt.PenStyle.SolidLine)
        pen.setWidth(2)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS_SMALL + 1, RADIUS_SMALL + 1)

    def _paint_title(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, box: QRect) -> None:
        painter.setFont(option.font)
        painter.setPen(self._appearance.colour("text"))
        title = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), title)


def more_place(box: QRect) -> QRect:
    """Where the … of a row stands."""
    return QRect(box.right() - 25, box.center().y() - 7, 16, 16)


class ChatList(QListView):
    """The chats. ``asked`` carries a chat and where its actions should open."""

    asked = Signal(object, QPoint)
    deleted = Signal(object)
    rename_asked = Signal(str)

    def __init__(self, appearance: Appearance, model: ChatListModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setItemDelegate(ChatDelegate(appearance, self))
        self.setAccessibleName(tr("Chats"))
        self.setAccessibleDescription(tr("Enter opens, F2 renames, Delete deletes, the menu key lists the actions."))
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(False)
        appearance.changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chat = self._model.chat_at(self.currentIndex())
        if chat and event.key() in DELETE_KEYS and not event.modifiers():
            self.deleted.emit(chat)
        elif chat and event.key() == Qt.Key.Key_F2:
            self.rename_asked.emit(chat.id)
        elif chat and event.key() == Qt.Key.Key_Menu:
            self.asked.emit(chat, self.mapTo(self.window(), self.visualRect(self.currentIndex()).bottomLeft()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where = event.position().toPoint()
        index = self.indexAt(where)
        chat = self._model.chat_at(index)
        place = more_place(self.visualRect(index).adjusted(0, 1, 0, -1)).adjusted(-6, -6, 6, 6)
        if chat and (event.button() == Qt.MouseButton.RightButton or place.contains(where)):
            self.asked.emit(chat, self.mapTo(self.window(), where))
            return
        super().mousePressEvent(event)


class Sidebar(QFrame):
    """``opened`` carries the id of the chat chosen; ``searched`` what is in the search field."""

    opened = Signal(str)
    searched = Signal(str)
    new_asked = Signal()
    hide_asked = Signal()
    models_asked = Signal()
    documents_asked = Signal()
    prompts_asked = Signal()
    tools_asked = Signal()
    memory_asked = Signal()
    settings_asked = Signal()
    renamed = Signal(str, str)
    delete_asked = Signal(object)
    actions_asked = Signal(object, QPoint)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._marking = False
        self._far: Id | None = None
        self._window_width = 0
        self.setProperty("look", "sidebar")
        self.setAccessibleName(tr("Sidebar"))
        self._logo = QLabel()
        self.new_button = Button(tr("New chat"), appearance, look="new-chat", icon_name="plus")
        self.filter = QLineEdit()
        self.model = ChatListModel(self)
        self.projects = ProjectList(appearance)
        self.list = ChatList(appearance, self.model)
        FocusRing(self.list, appearance)
        self.search = SearchPanel(appearance, self.filter)
        self.search.hide()
        self.empty = label(tr("Your chats will be listed here."), "muted", wrap=True)
        self.empty.hide()  # until it is known
        self.models_button = Button(tr("Models"), appearance, look="entry", icon_name="hard-drive")
        self.documents_button = Button(tr("Documents"), appearance, look="entry", icon_name="files")
        self.prompts_button = Button(tr("Prompts"), appearance, look="entry", icon_name="book-open")
        self.tools_button = Button(tr("Tools"), appearance, look="entry", icon_name="wrench")
        self.memory_button = Button(tr("Memory"), appearance, look="entry", icon_name="bookmark")
        self.settings_button = Button(tr("Settings"), appearance, look="entry", icon_name="settings")
        self._collapse = IconButton("panel-left", tr("Hide sidebar"), appearance)
        self._lay_out()
        self._connect()
        appearance.follow(self._recolour)

    @property
    def all_chats(self) -> tuple[ConversationSummary, ...]:
        """Newest first."""
        return self.model.all_chats

    def fit(self, window_width: int) -> None:
        """Leave room for the page in a window of this width, whatever the text size."""
        self._window_width = window_width
        widest = min(MAX_WIDTH, max(round(window_width * WIDEST_SHARE), WIDTH - 28)) if window_width else MAX_WIDTH
        self.setFixedWidth(min(widest, self._appearance.pixels(WIDTH)))

    def show_chats(self, chats: tuple[ConversationSummary, ...]) -> None:
        """The list keeps its place, unless the chat in view has come to its top."""
        current, bar = self._far or self._current_id(), self.list.verticalScrollBar()
        row, place = self.model.row_of(current), bar.value()
        self.model.show_chats(chats, _now())
        self.select(current)
        self.list.executeDelayedItemsLayout()
        came_first = current is not None and self.model.row_of(current) == 1 != row
        bar.setValue(0 if came_first else place)
        self._show_list()

    def select(self, chat_id: Id | None) -> None:
        """Mark the chat in view, without opening it again; one that stands far below, when the list has come to it."""
        row = self.model.row_of(chat_id)
        self._far = chat_id if row >= self.model.rowCount() else None
        if self._far is not None:
            row = -1
        selection = self.list.selectionModel()
        self._marking = True
        if row < 0:
            selection.clear()
        else:
            selection.setCurrentIndex(self.model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._marking = False

    def rename(self, chat_id: Id) -> None:
        """Edit the title in place."""
        self.filter.clear()
        index = self.model.index(max(0, self.model.reach(chat_id)))
        chat = self.model.chat_at(index)
        if chat is None:
            return
        self.list.scrollTo(index)
        place = self.list.visualRect(index)
        place.moveTopLeft(self.list.viewport().mapTo(self, place.topLeft()))
        editor = TitleEdit(untitled(chat), partial(self.renamed.emit, chat_id), self)
        self.list.verticalScrollBar().valueChanged.connect(editor.close_with_scrolling)
        editor.open_at(place)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(6, 0, 0, 0)
        top.setSpacing(6)
        self._logo.setAccessibleName(tr("Workbench"))
        top.addWidget(self._logo)
        top.addWidget(label(tr("Workbench"), "product"))
        top.addStretch()
        top.addWidget(self._collapse)
        self.filter.setPlaceholderText(tr("Search chats"))
        self.filter.setAccessibleName(tr("Search chats"))
        self.filter.setClearButtonEnabled(False)
        self.empty.setContentsMargins(12, 16, 12, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 14, 11, 10)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addSpacing(2)
        layout.addWidget(self.new_button)
        layout.addWidget(self.filter)
        layout.addWidget(self.projects)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.search, 1)
        pages = QVBoxLayout()
        pages.setSpacing(2)
        pages.addWidget(self.models_button)
        pages.addWidget(self.documents_button)
        pages.addWidget(self.prompts_button)
        pages.addWidget(self.tools_button)
        pages.addWidget(self.memory_button)
        pages.addWidget(self.settings_button)
        layout.addLayout(pages)

    def _connect(self) -> None:
        self.new_button.clicked.connect(self.new_asked)
        self._collapse.clicked.connect(self.hide_asked)
        self.models_button.clicked.connect(self.models_asked)
        self.documents_button.clicked.connect(self.documents_asked)
        self.prompts_button.clicked.connect(self.prompts_asked)
        self.tools_button.clicked.connect(self.tools_asked)
        self.memory_button.clicked.connect(self.memory_asked)
        self.settings_button.clicked.connect(self.settings_asked)
        self.filter.textChanged.connect(self._on_filter)
        self.list.selectionModel().selectionChanged.connect(self._on_selected)
        self.model.rowsInserted.connect(lambda: self.select(self._far) if self._far else None)
        self.list.clicked.connect(self._open)
        self.list.asked.connect(self.actions_asked)
        self.list.deleted.connect(self.delete_asked)
        self.list.rename_asked.connect(self.rename)

    def _recolour(self) -> None:
        self.fit(self._window_width)
        tokens = self._appearance.tokens
        self._logo.setPixmap(pixmap("cpu", tokens.accent, 20, self.devicePixelRatioF()))
        for action in self.filter.actions():
            self.filter.removeAction(action)
        sign = self.filter.addAction(icon("search", tokens.muted), QLineEdit.ActionPosition.LeadingPosition)
        sign.setText(tr("Search"))
        sign.setToolTip(tr("Go to what is found first, or is chosen among it"))
        sign.triggered.connect(self.search.choose)

    def _on_filter(self, text: str) -> None:
        self._show_list()
        self.searched.emit(text)

    def _show_list(self) -> None:
        """Of all chats, or while something is searched for, of what was found."""
        searching = bool(self.filter.text().strip())
        self.search.setVisible(searching)
        self.list.setVisible(not searching)
        self.projects.setVisible(not searching)
        self.empty.setVisible(not searching and not self.model.chats)

    def _on_selected(self) -> None:
        indexes = self.list.selectionModel().selectedIndexes()
        if indexes and not self._marking:
            self._open(indexes[0])

    def _open(self, index: QModelIndex) -> None:
        chat = self.model.chat_at(index)
        if chat is not None:
            self.opened.emit(chat.id)

    def _current_id(self) -> Id | None:
        chat = self.model.chat_at(self.list.currentIndex())
        return chat.id if chat else None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.list.doItemsLayout()


def _now() -> datetime:
    return datetime.now().astimezone()
