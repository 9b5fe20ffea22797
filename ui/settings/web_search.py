"""The section *Web search* of the settings: who is asked, where or with which key, and a search to try it with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.parts import Picker, setting_row
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.tools.web.search import Hit, Preview, WebState

NOBODY = marked("Nobody")
TITLES = {"searxng": marked("SearXNG of your own"), "brave": "Brave Search", "tavily": "Tavily", "exa": "Exa"}
WORDS = marked(
    "A model that can use tools may then search the web and read pages. The first search of a chat is shown to you before"
    " it leaves, and every one stands in the chat."
)
ADDRESS_WORDS = marked("Where your SearXNG answers. It needs json below search: formats in its settings.yml.")
NO_KEY = marked("Goes to the keychain of this system, and to {host} alone.")
KEPT = marked("Your key ends in {ending}. It is in the keychain of this system, and goes to {host} alone.")
KEPT_SHORT = marked("Your key is in the keychain of this system, and goes to {host} alone.")
TRY_WORDS = marked("Shows exactly what is sent before it is.")
EXAMPLE = marked("tide times in Brest")
FIELD_WIDTH = 240
SHOWN_HITS = 3


class WebSearchSection(QWidget):
    """``told`` carries errors, ``said`` what there is to know. Nothing is reached before *Send it* is pressed."""

    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._state: WebState | None = None
        self._picked = ""  # chosen here, but without its address or key yet
        self.setAccessibleName(tr("Web search"))
        self.who = Picker(tr("Who is asked when a model searches the web"), appearance)
        self.address = _field(tr("Address of your SearXNG"), "http://127.0.0.1:8888", appearance)
        self.key = _field(tr("Key"), tr("Paste the key"), appearance)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = Button(tr("Keep the key"), appearance)
        self.delete = Button(tr("Delete the key"), appearance, icon_name="trash-2", tone="danger")
        self.get = Button(tr("Get a key"), appearance, icon_name="external-link")
        self.query = _field(tr("A search to try"), tr(EXAMPLE), appearance)
        self.show_request = Button(tr("Show what is sent"), appearance)
        self.send = Button(tr("Send it"), appearance, look="primary")
        self.problem = label("", "danger", wrap=True, selectable=True)
        self.key_words = label("", "caption", wrap=True)
        self.request = label("", "caption", wrap=True, selectable=True)
        self.found = label("", wrap=True, selectable=True)
        self._lay_out()
        self._connect()
        bridge.listen(self._on_changed)
        self._show()

    def refresh(self) -> None:
        """Show who is asked now; the keychain is asked in the background."""
        self._bridge.run(lambda _job: self._workbench.web_search.state(), on_done=self._take, on_failed=self.told.emit)

    # Who --------------------------------------------------------------------------------------------------------------

    @property
    def _wanted(self) -> str:
        """Whose rows are shown."""
        return self._picked or (self._state.name if self._state is not None else "")

    def _offer(self) -> None:
        choices = [Choice(tr(NOBODY), partial(self._pick, ""), checked=not self._wanted)]
        choices += [
            Choice(tr(title), partial(self._pick, name), checked=name == self._wanted) for name, title in TITLES.items()
        ]
        self.who.offer(choices)

    def _pick(self, name: str) -> None:
        """One that lacks its address is asked for it first."""
        self._forget_trial()
        if name == "searxng" and not self._workbench.settings.tools.searxng:
            self._picked = name
            self._show()
            self.address.setFocus()
            return
        self._picked = ""
        self._run(lambda: self._workbench.web_search.choose(name), self._chosen)

    def _keep_address(self) -> None:
        address = self.address.text().strip()
        if self._wanted == "searxng" and address and address != self._workbench.settings.tools.searxng:
            self._run(lambda: self._workbench.web_search.choose("searxng", address=address), self._chosen)

    def _keep_key(self) -> None:
        name, key = self._wanted, self.key.text()
        if key.strip():
            self.key.clear()
            self._run(lambda: self._workbench.web_search.choose(name, key=key), self._chosen)

    def _delete_key(self) -> None:
        name = self._wanted
        self._run(
            lambda: self._workbench.web_search.forget_key(name), lambda _done: self._chosen(tr("The key is deleted."))
        )

    def _chosen(self, note: str) -> None:
        self._picked = ""
        if note:
            self.said.emit(note)
        self.refresh()

    # Trying -----------------------------------------------------------------------------------------------------------

    def _preview(self) -> None:
        query = self.query.text().strip() or tr(EXAMPLE)
        self._run(lambda: self._workbench.web_search.preview(query), partial(self._show_request, query))

    def _show_request(self, query: str, shown: Preview) -> None:
        key = ""
        if shown.key_header:
            told = tr("{header}: your key, ending in {ending}")
            key = told.format(header=shown.key_header, ending=shown.key_ending or "…")
        self.query.setText(query)
        self.found.hide()
        self.request.setText("\n".join(filter(None, (f"{shown.method} {shown.url}", key, shown.body))))
        self.request.show()
        self.send.show()
        self.send.setFocus()

    def _search(self) -> None:
        query = self.query.text()
        self.send.setEnabled(False)
        self.send.say(tr("Asking…"))

        def failed(error: WorkbenchError) -> None:
            self._show_found(f"{error.message} {error.hint}")

        self._bridge.run(
            lambda job: self._workbench.web_search.search(query, job.cancel),
            on_done=lambda hits: self._show_found(_words(hits)),
            on_failed=failed,
        )

    def _show_found(self, words: str) -> None:
        self.send.setEnabled(True)
        self.send.say(tr("Send it"))
        self.found.setText(words)
        self.found.show()

    def _forget_trial(self) -> None:
        for part in (self.request, self.send, self.found):
            part.hide()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._bridge.run(lambda _job: work(), on_done=done, on_failed=self.told.emit)

    def _on_changed(self, changed: Changed) -> None:
        if Topic.SETTINGS in changed.topics and self.isVisible():
            self.refresh()

    def _take(self, state: WebState) -> None:
        if self._state is not None and state.name != self._state.name:
            self._forget_trial()
        self._state = state
        self._show()

    def _show(self) -> None:
        state, name = self._state, self._wanted
        known = state is not None and state.name == name
        self.who.show_choice(tr(TITLES.get(name, NOBODY)))
        self._address_row.setVisible(name == "searxng")
        if not self.address.hasFocus():
            self.address.setText(self._workbench.settings.tools.searxng)
        wants, has = (state.wants_key, state.has_key) if known and state is not None else (False, False)
        self._key_rows.setVisible(wants)
        for part, shown in ((self.key, not has), (self.keep, not has), (self.get, not has), (self.delete, has)):
            part.setVisible(shown)
        self.key_words.setText("" if state is None else _key_words(state))
        problem = state.problem if known and state is not None and not wants else ""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._trial.setVisible(known and bool(name) and not problem and (has or not wants))

    def _connect(self) -> None:
        self.who.clicked.connect(self._offer)
        self.address.editingFinished.connect(self._keep_address)
        self.keep.clicked.connect(self._keep_key)
        self.key.returnPressed.connect(self._keep_key)
        self.delete.clicked.connect(self._delete_key)
        self.get.clicked.connect(self._open_keys)
        self.show_request.clicked.connect(self._preview)
        self.query.returnPressed.connect(self._preview)
        self.query.textEdited.connect(self._forget_trial)
        self.send.clicked.connect(self._search)

    def _open_keys(self) -> None:
        if self._state is not None:
            QDesktopServices.openUrl(QUrl(self._state.keys_at))

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self.key.clear()  # what was typed and not kept

    def _lay_out(self) -> None:
        self._address_row = setting_row(tr("Address"), tr(ADDRESS_WORDS), self.address)
        self._key_rows = _column(label(tr("Key")), self.key_words, _line(self.key, self.keep, self.get, self.delete))
        trying = setting_row(tr("Try it"), tr(TRY_WORDS), self.query)
        self._trial = _column(trying, _line(self.show_request), self.request, _line(self.send), self.found)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(12)
        for part in (
            setting_row(tr("Search the web with"), tr(WORDS), self.who),
            self.problem,
            self._address_row,
            self._key_rows,
            self._trial,
        ):
            outside.addWidget(part)
        self._forget_trial()


def _key_words(state: WebState) -> str:
    words = NO_KEY if not state.has_key else KEPT if state.key_ending else KEPT_SHORT
    return tr(words).format(host=state.host, ending=state.key_ending)


def _words(hits: tuple[Hit, ...]) -> str:
    if not hits:
        return tr("It answers, and found nothing.")
    first = "\n".join(f"{one.title}\n{one.url}" for one in hits[:SHOWN_HITS])
    told = tr("It answers with one result:")
    if len(hits) > 1:
        told = tr("It answers with {count} results:").format(count=len(hits))
    return f"{told}\n{first}"


def _field(name: str, example: str, appearance: Appearance) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(example)
    field.setFixedWidth(appearance.pixels(FIELD_WIDTH))
    return field


def _line(*parts: QWidget) -> QWidget:
    row = QWidget()
    line = Flow(row, gap=8)
    for part in parts:
        line.addWidget(part)
    return row


def _column(*parts: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for part in parts:
        layout.addWidget(part)
    return column
