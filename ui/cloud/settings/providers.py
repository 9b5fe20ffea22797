"""The providers that can be asked, a row each: the key by its end, what is kept there, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QUrl, Signal, SignalInstance
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.settings.words import key_words, retention_words
from ui.models.parts import Sign, empty
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.focus_again import focus_again
from ui.widgets.labels import label, rule
from ui.widgets.popover import Choice, Popover
from workbench.cloud.cloud import KeyState
from workbench.cloud.provider import Provider

NOTHING = marked("No provider has a key yet, so nobody can be asked.")


@dataclass(frozen=True, slots=True)
class Trial:
    """How a test of the connection goes: under way, or what was found."""

    words: str
    asking: bool = False
    failed: bool = False


class ProviderRows(QWidget):
    """All carry the `Provider`. ``test_asked``, ``stop_asked``: of the connection. ``key_asked``: for a key, or another."""

    test_asked = Signal(object)
    stop_asked = Signal(object)
    models_asked = Signal(object)
    key_asked = Signal(object)
    logout_asked = Signal(object)
    address_asked = Signal(object)
    forget_asked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: object = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(12)

    def show_providers(
        self, providers: tuple[Provider, ...], keys: Mapping[str, KeyState] | None, trials: Mapping[str, Trial]
    ) -> None:
        """``keys`` None: the keychain has not answered yet."""
        shown = (providers, None if keys is None else dict(keys), dict(trials))
        if shown == self._shown:
            return
        self._shown = shown
        focused = QApplication.focusWidget()
        name = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        empty(self._rows)
        if not providers:
            self._rows.addWidget(paragraph(key_words(None) if keys is None else tr(NOTHING), "muted"))
        if trouble := keychain_trouble(keys or {}):
            self._rows.addWidget(paragraph(trouble, "danger", selectable=True))
        for place, one in enumerate(providers):
            if place:
                self._rows.addWidget(rule())
            state = KeyState() if keys is None else keys.get(one.id, KeyState())
            self._rows.addWidget(self._row(one, state, trials.get(one.id)))
        focus_again(self, name)

    def _row(self, provider: Provider, state: KeyState, trial: Trial | None) -> QWidget:
        row = QWidget()
        row.setAccessibleName(provider.name)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        colour = "cloud" if state.last_four else "muted"
        line.addWidget(Sign("cloud", self._appearance, colour=colour, size=18), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(3)
        line.addLayout(column, 1)
        column.addWidget(_title(provider, state))
        column.addWidget(paragraph(f"{provider.host} · {key_words(state)}", "caption"))
        if state.last_four and state.note:
            column.addWidget(paragraph(state.note, "caption", selectable=True))
        column.addWidget(paragraph(retention_words(provider), "caption", selectable=True))
        if trial is not None:
            tone = "danger" if trial.failed else "muted" if trial.asking else ""
            column.addWidget(paragraph(trial.words, tone, selectable=True))
        column.addSpacing(2)
        column.addWidget(self._buttons(provider, state, trial))
        return row

    def _buttons(self, provider: Provider, state: KeyState, trial: Trial | None) -> QWidget:
        made: list[QWidget] = []
        if trial is not None and trial.asking:
            made.append(self._button(tr("Stop"), tr("Stop asking {name}"), provider, self.stop_asked))
        elif state.last_four:
            made.append(
                self._button(tr("Test connection"), tr("Test the connection to {name}"), provider, self.test_asked)
            )
        else:
            made.append(self._button(tr("Log in…"), tr("Log in to {name}"), provider, self.key_asked))
        made.append(
            self._button(tr("Models and prices…"), tr("Models and prices of {name}"), provider, self.models_asked)
        )
        more = IconButton("ellipsis", tr("More of {name}").format(name=provider.name), self._appearance)
        more.clicked.connect(lambda: self._offer(provider, state, more))
        made.append(more)
        buttons = QWidget()
        flow = Flow(buttons, gap=8)
        for one in made:
            flow.addWidget(one)
        return buttons

    def _button(self, words: str, name: str, provider: Provider, signal: SignalInstance) -> Button:
        made = Button(words, self._appearance, name=name.format(name=provider.name))
        made.clicked.connect(lambda: signal.emit(provider))
        return made

    def _offer(self, provider: Provider, state: KeyState, anchor: QWidget) -> None:
        choices = []
        if provider.key_page:
            page = partial(_open, provider.key_page)
            choices.append(Choice(tr("Open its page of keys"), page, "external-link"))
        if state.last_four:
            choices.append(Choice(tr("Another key…"), partial(self.key_asked.emit, provider), "lock"))
            choices.append(Choice(tr("Log out"), partial(self.logout_asked.emit, provider), "trash-2", danger=True))
        if provider.own:
            choices.append(Choice(tr("Change its address…"), partial(self.address_asked.emit, provider), "pencil"))
            choices.append(Choice(tr("Forget it"), partial(self.forget_asked.emit, provider), "x", danger=True))
        name = tr("More of {name}").format(name=provider.name)
        Popover(name, choices, self._appearance, self.window()).open_at(anchor)


def keychain_trouble(keys: Mapping[str, KeyState]) -> str:
    """Why no key is known, where the keychain does not say; once. One that is known for now tells it itself."""
    known = any(state.last_four for state in keys.values())
    return "" if known else next((state.note for state in keys.values() if state.note), "")


def _title(provider: Provider, state: KeyState) -> QWidget:
    title = QWidget()
    line = Flow(title, gap=10)
    line.addWidget(label(provider.name, "strong"))
    if state.last_four:
        line.addWidget(label(tr("Can be asked"), "warning-badge"))
    elif provider.own:
        line.addWidget(label(tr("Yours"), "muted"))
    return title


def _open(page: str) -> None:
    QDesktopServices.openUrl(QUrl(page))
