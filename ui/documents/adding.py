"""Folders on their way onto the page: chosen, dropped, or their path pasted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QEvent, QMimeData, QObject, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QFrame, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents.words import HOW_TO_ADD
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label

FIELD_CHARACTERS = 30  # that the field has room for beside the button, at least


class AddRow(QWidget):
    """``added`` carries paths as text."""

    added = Signal(list)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.choose = Button(tr("Add a folder…"), appearance, look="primary", icon_name="folder-plus")
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Path of a folder to add"))
        self.field.setPlaceholderText(tr("Path of a folder, then Enter"))
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self._told = label(tr(HOW_TO_ADD), "caption", wrap=True)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(8)
        self._line.addWidget(self.choose)
        self._line.addWidget(self.field, 1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(6)
        outside.addLayout(self._line)
        outside.addWidget(self._problem)
        outside.addWidget(self._told)
        self.choose.clicked.connect(self.open_dialog)
        self.field.returnPressed.connect(self._enter)
        self.field.textEdited.connect(lambda _text: self.show_failure(""))

    def open_dialog(self) -> None:
        """Let the person choose a folder."""
        choose_folder(self.window(), tr("Add a folder"), lambda path: self.added.emit([path]))

    def show_failure(self, words: str) -> None:
        """Why a folder was not added; empty: nothing is wrong."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self.field.setAccessibleDescription(words)

    def clear(self) -> None:
        self.field.clear()
        self.show_failure("")

    def minimumSizeHint(self) -> QSize:
        """As narrow as the button alone."""
        return QSize(self.choose.sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The field stands below where it would be too small."""
        room = event.size().width() - self.choose.sizeHint().width()
        beside = room >= FIELD_CHARACTERS * self.field.fontMetrics().averageCharWidth()
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if wanted != self._line.direction():
            self._line.setDirection(wanted)
        super().resizeEvent(event)

    def _enter(self) -> None:
        if path := as_path(self.field.text()):
            self.added.emit([path])


class DropHere(QFrame):
    """Lies over ``page`` while folders are dragged over it. ``dropped`` carries their paths."""

    dropped = Signal(list)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.setProperty("look", "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QVBoxLayout(self)
        words = label(tr("Drop folders to attach them"), "heading", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addStretch()
        inside.addWidget(words)
        inside.addStretch()
        self.hide()
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.hide()
            folders = local_folders(event.mimeData())
            if folders:
                event.acceptProposedAction()
                self.dropped.emit(folders)
            return bool(folders)
        if isinstance(event, (QDragEnterEvent, QDragMoveEvent)) and local_folders(event.mimeData()):
            event.acceptProposedAction()
            self._appear()
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hide()
        return False

    def _appear(self) -> None:
        if self.isHidden():
            self.setGeometry(self._page.rect().adjusted(16, 16, -16, -16))
            self.show()
            self.raise_()


def choose_folder(window: QWidget, title: str, chosen: Callable[[str], None]) -> None:
    """The system's dialog; ``chosen`` is called with the path."""
    dialog = QFileDialog(window, title, QDir.homePath())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.fileSelected.connect(chosen)
    dialog.open()


def local_folders(data: QMimeData) -> list[str]:
    """What of a drag is a folder of this computer."""
    paths = [QDir.toNativeSeparators(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if Path(path).is_dir()]


def as_path(text: str) -> str:
    """A pasted text as a path: without quotes, with ~ and file:// understood; empty where there is none. Pure but for ~."""
    bare = text.strip().strip("\"'").strip()
    if bare.startswith("file://"):
        bare = QUrl(bare).toLocalFile()
    return str(Path(bare).expanduser()) if bare else ""


def names(paths: Sequence[str]) -> str:
    """ "Papers", "Papers and Letters", "Papers, Letters and Mail"."""
    called = [Path(path).name or path for path in paths]
    if len(called) < 2:
        return "".join(called)
    return tr("{some} and {last}").format(some=", ".join(called[:-1]), last=called[-1])
