"""The viewer: a document's text, table, pages or rendered Markdown, with a passage marked. Widgets only, no reading."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.find_bar import FindBar
from ui.documents.viewer.face import Face, may_be_opened
from ui.documents.viewer.markdown_view import MarkdownView
from ui.documents.viewer.opened import Opened, quoted, shown_path
from ui.documents.viewer.page_view import Box, PageView
from ui.documents.viewer.shown_text import ShownText
from ui.documents.viewer.table_view import TableView
from ui.documents.viewer.text_view import TextView
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.popover import Choice, Popover

MOST_SHEETS = 60


class Viewer(QWidget):
    """``closed``; ``listed``: back to the list that the passage is of; ``stepped`` (±1): to the next or previous passage;
    ``handed_over`` (path): open it in the system's program; ``page_wanted`` (page from 1, pixels)."""

    closed = Signal()
    listed = Signal()
    stepped = Signal(int)
    handed_over = Signal(str)
    page_wanted = Signal(int, int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._opened: Opened | None = None
        self._section, self._source = 0, False
        self.title = ElidedLabel("", "title")
        self.path = ElidedLabel("", "caption")
        self.back = Button(tr("All sources"), appearance, look="quiet", icon_name="list")
        self.place = label("", "caption")
        self.before = IconButton("chevron-up", tr("Previous passage"), appearance)
        self.after = IconButton("chevron-down", tr("Next passage"), appearance)
        self.look = Button("", appearance, look="quiet", icon_name="code")
        self.sheet = Button("", appearance, look="quiet", icon_name="layers", name=tr("Sheet"))
        self.find_button = IconButton("search", tr("Find in this document"), appearance)
        self.quote = IconButton("quote", tr("Copy the passage as a quotation"), appearance)
        self.outside = IconButton("external-link", "", appearance)
        self.close_button = IconButton("x", tr("Close the viewer"), appearance)
        self.note = label("", "caption", wrap=True, selectable=True)
        self.find_bar = FindBar(appearance, tr("Find in this document"))
        self.text = TextView(appearance)
        self.markdown = MarkdownView(appearance)
        self.table = TableView(appearance)
        self.pages = PageView(appearance)
        self.stack = QStackedWidget()
        for one in (self.text, self.markdown, self.table, self.pages):
            self.stack.addWidget(one)
        self._lay_out()
        self._connect()

    # What is shown ----------------------------------------------------------------------------------------------------

    def show_loading(self, name: str) -> None:
        """A document is on its way."""
        self._opened = None
        self.title.setText(shown_path(name))
        self._tell((tr("Opening…"),))
        self.text.show_text(ShownText(""))
        self.stack.setCurrentWidget(self.text)
        self._show_tools()

    def show_failure(self, message: str, hint: str) -> None:
        self._opened = None
        self._tell((f"{message} {hint}".strip(),))
        self._show_tools()

    def show_opened(self, opened: Opened) -> None:
        self.find_bar.hide()
        self._opened, self._source = opened, opened.face is Face.MARKDOWN and not opened.is_rendered
        self._section = opened.section
        self.title.setText(shown_path(opened.name))
        self.path.setText(shown_path(opened.path))
        self.setAccessibleName(tr("Document {name}").format(name=shown_path(opened.name)))
        self._tell(opened.notes)
        self._show_face()
        self._show_tools()

    def show_place(self, number: int, count: int, *, listed: bool) -> None:
        """Passage ``number`` (from 1) of ``count``; ``listed``: there is a list to go back to."""
        self.place.setText(tr("{number} of {count}").format(number=number, count=count) if count > 1 else "")
        for button in (self.before, self.after, self.place):
            button.setVisible(count > 1)
        self.before.setEnabled(number > 1)
        self.after.setEnabled(number < count)
        self.back.setVisible(listed)
        self._fit_tools()

    def show_picture(self, page: int, png: bytes) -> None:
        """The picture of a page (from 1), if it is still the one that is read."""
        if self._opened is not None and self._opened.face is Face.PAGES and page == self._section + 1:
            self.pages.show_picture(png)

    def show_boxes(self, page: int, boxes: Sequence[Box]) -> None:
        """Where the passage stands in the picture of that page."""
        if self._opened is not None and self._opened.face is Face.PAGES and page == self._section + 1:
            self.pages.show_boxes(boxes)

    @property
    def opened(self) -> Opened | None:
        return self._opened

    def focus_text(self) -> None:
        shown = self.stack.currentWidget()
        inside = shown.text if isinstance(shown, PageView) else shown
        if inside is not None:
            inside.setFocus(Qt.FocusReason.OtherFocusReason)

    # Faces ------------------------------------------------------------------------------------------------------------

    def _show_face(self) -> None:
        opened = self._opened
        if opened is None:
            return
        if opened.face is Face.PAGES and opened.starts:
            self._show_page(self._section)
        elif opened.face is Face.TABLE and not self._source:
            self._show_table(opened)
        elif opened.face is Face.MARKDOWN and not self._source:
            self.markdown.show_text(opened.text, opened.split)
            self.stack.setCurrentWidget(self.markdown)
            if opened.span is not None:
                self.markdown.mark(*opened.span)
        else:
            self._show_text(opened)

    def _show_text(self, opened: Opened) -> None:
        self.text.show_text(opened.shown, language=opened.language, code=opened.face is Face.CODE)
        self.stack.setCurrentWidget(self.text)
        if opened.span is not None:
            self.text.mark(*opened.span)

    def _show_table(self, opened: Opened) -> None:
        here = self._section == opened.section
        self.table.show_rows(opened.first_rows if here else opened.rows(self._section))
        self.stack.setCurrentWidget(self.table)
        if opened.span is not None:
            self.table.mark(*opened.span)

    def _show_page(self, place: int) -> None:
        opened = self._opened
        if opened is None or not 0 <= place < len(opened.starts):
            return
        self._section = place
        begin, end = opened.section_span(place)
        self.pages.show_page(place, len(opened.starts), opened.labels[place], opened.text[begin:end])
        self.stack.setCurrentWidget(self.pages)
        if opened.span is not None and opened.span[0] < end and begin < opened.span[1]:
            self.pages.text.mark(max(0, opened.span[0] - begin), min(end, opened.span[1]) - begin)
        self._ask_for_picture()

    def _ask_for_picture(self) -> None:
        if self._opened is not None and self._opened.document_id is not None:
            self.page_wanted.emit(self._section + 1, self.pages.picture_width)

    def _toggle_source(self) -> None:
        self._source = not self._source
        self._show_face()
        self._show_tools()

    def _choose_sheet(self) -> None:
        opened = self._opened
        if opened is None:
            return
        choices = [
            Choice(name, lambda place=place: self._go_to_sheet(place), checked=place == self._section)  # type: ignore[misc]
            for place, name in enumerate(opened.labels[:MOST_SHEETS])
        ]
        Popover(tr("Sheets"), choices, self._appearance, self.window()).open_at(self.sheet)

    def _go_to_sheet(self, place: int) -> None:
        self._section = place
        self._show_face()
        self._show_tools()

    # Tools ------------------------------------------------------------------------------------------------------------

    def _show_tools(self) -> None:
        opened = self._opened
        toggles = opened is not None and opened.face in (Face.MARKDOWN, Face.TABLE)
        self.look.setVisible(toggles)
        if opened is not None:
            shaped = tr("Show as a table") if opened.face is Face.TABLE else tr("Show formatted")
            self.look.say(shaped if self._source else tr("Show the source"))
            self.look.setAccessibleName(self.look.text().strip())
            readable = may_be_opened(opened.name)
            self.outside.say(tr("Open in the system's program") if readable else tr("Show in its folder"))
        sheets = opened is not None and opened.face is Face.TABLE and len(opened.labels) > 1 and not self._source
        self.sheet.setVisible(sheets)
        if sheets and opened is not None:
            self.sheet.say(opened.labels[self._section])
        self.quote.setVisible(opened is not None and bool(opened.quotation))
        self.outside.setVisible(opened is not None and opened.document_id is not None)
        self.find_button.setVisible(opened is not None)
        self._fit_tools()

    def _fit_tools(self) -> None:
        """Others are shown now: they may need another line."""
        self._tools.invalidate()
        if (tools := self._tools.parentWidget()) is not None:
            tools.updateGeometry()

    def _tell(self, notes: tuple[str, ...]) -> None:
        self.note.setText("\n".join(notes))
        self.note.setVisible(bool(notes))

    def _find(self) -> None:
        shown = self.stack.currentWidget()
        if isinstance(shown, PageView):
            self.find_bar.open_on(shown.text)
        elif isinstance(shown, TextView | MarkdownView | TableView):
            self.find_bar.open_on(shown)

    def _copy_quotation(self) -> None:
        if self._opened is not None:
            labels = self._opened.labels
            where = labels[self._opened.section] if labels and self._opened.span is not None else ""
            QGuiApplication.clipboard().setText(quoted(self._opened.quotation, shown_path(self._opened.name), where))

    def _hand_over(self) -> None:
        if self._opened is not None:
            self.handed_over.emit(self._opened.path)

    # Layout -----------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.title, 1)
        for button in (self.find_button, self.quote, self.outside, self.close_button):
            head.addWidget(button)
        steps = QWidget()
        row = QHBoxLayout(steps)
        row.setContentsMargins(0, 0, 0, 0)
        for step in (self.before, self.place, self.after):
            row.addWidget(step)
        tools = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        tools.setSizePolicy(policy)
        self._tools = Flow(tools, gap=4)
        for tool in (self.back, steps, self.sheet, self.look):
            self._tools.addWidget(tool)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(10, 10, 16, 12)
        lines.setSpacing(6)
        lines.addLayout(head)
        lines.addWidget(self.path)
        lines.addWidget(tools)
        lines.addWidget(self.find_bar)
        lines.addWidget(self.note)
        lines.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.back.clicked.connect(self.listed)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.look.clicked.connect(self._toggle_source)
        self.sheet.clicked.connect(self._choose_sheet)
        self.find_button.clicked.connect(self._find)
        self.quote.clicked.connect(self._copy_quotation)
        self.outside.clicked.connect(self._hand_over)
        self.close_button.clicked.connect(self.closed)
        self.pages.turned.connect(self._show_page)
        self.pages.wanted.connect(self._ask_for_picture)
        self.find_bar.closed.connect(self.focus_text)
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self, context=inside)
            shortcut.activated.connect(lambda step=step: self.stepped.emit(step))

    def event(self, event: QEvent) -> bool:
        """Claim the key to find before the window's own shortcut gets it."""
        claimed = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if claimed and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Find):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self._find()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 0)
