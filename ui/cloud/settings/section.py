"""The section *Cloud* of the settings. Off until a person switches it on; nothing is reached before they ask for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.ledger.section import SpendingSection
from ui.cloud.settings.asking import ProviderDesk
from ui.cloud.settings.hiding_rows import HidingRows
from ui.cloud.settings.ladder import Ladder
from ui.cloud.settings.providers import ProviderRows
from ui.cloud.settings.reading import Read, ReadKeys, choosable, read, read_keys, with_key, without_key
from ui.cloud.settings.side_by_side import SideBySide
from ui.cloud.settings.standing_rows import StandingRows, revoked_words
from ui.cloud.settings.words import model_words, price_words
from ui.settings.parts import Picker, setting_row
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.flow import Flow
from ui.widgets.labels import rule
from ui.widgets.popover import Choice, Popover
from ui.widgets.switch import Switch
from workbench.cloud.provider import Provider
from workbench.consents.consent import Standing
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic

if TYPE_CHECKING:
    from workbench.app import Workbench

TOPICS = frozenset({Topic.CLOUD, Topic.CONSENTS, Topic.SETTINGS})
SWITCH_WORDS = marked(
    "Off means off: nothing goes to a provider. On, a question leaves only after you saw exactly what leaves, to whom and"
    " at what price, and said yes. Switching it on sends nothing."
)
MODEL_WORDS = marked("The one that “Ask a stronger model” shows first. Another can be chosen each time.")
AUTOMATIC = marked("An open model, the first that has a key")
NO_MODEL = marked("None yet")


class CloudSection(QWidget):
    """``told`` carries errors, ``said`` what there is to know."""

    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._loads = 0
        self._looking = self._look_again = False
        self._asked_for: tuple[Provider, ...] = ()
        self._read = Read()
        self._keys: ReadKeys | None = None
        self.setAccessibleName(tr("Cloud"))
        self.switch = Switch(tr("Cloud"), appearance)
        self.ladder = Ladder(appearance)
        self.model = Picker(tr("Model that is proposed"), appearance)
        self.rows = ProviderRows(appearance)
        self.log_in = ElidedButton(tr("Log in to a provider…"), appearance, icon_name="lock").gives_way()
        self.add = Button(tr("Own address…"), appearance, icon_name="plus", name=tr("An address of your own…"))
        self.compare = Button(tr("Side by side…"), appearance, icon_name="columns-2")
        self.hiding = HidingRows(appearance)
        self.spending = SpendingSection(bridge, workbench, appearance)
        self.standing = StandingRows(appearance)
        self.desk = ProviderDesk(bridge, workbench, appearance, self)
        self._lay_out()
        self._connect()
        bridge.listen(self._on_changed)
        self._show()

    def refresh(self) -> None:
        """Show everything as it is; the keychain is asked once for each time the section comes into view."""
        self._loads += 1
        this = self._loads

        def done(found: Read) -> None:
            if this == self._loads:
                self._take(found)

        self._bridge.run(lambda _job: read(self._workbench), on_done=done, on_failed=self.told.emit)

    def read_keys(self) -> None:
        """Ask the keychain again: a key came or went."""
        if self._looking:  # one look at a time: another follows it
            self._look_again = True
            return
        providers = self._read.providers
        self._looking, self._look_again, self._asked_for = True, False, providers

        def ended() -> None:
            self._looking = False
            if self._look_again:
                self.read_keys()

        def done(found: ReadKeys) -> None:
            self._keys = found
            self._show()
            ended()

        def failed(error: WorkbenchError) -> None:
            self.told.emit(error)
            ended()

        self._bridge.run(lambda _job: read_keys(self._workbench, providers), on_done=done, on_failed=failed)

    # Choosing ---------------------------------------------------------------------------------------------------------

    def _switch(self) -> None:
        on = self.switch.isChecked()
        self._bridge.run(
            lambda _job: self._workbench.cloud.switch(on),
            on_done=lambda _none: self.refresh(),
            on_failed=self._not_switched,
        )

    def _not_switched(self, error: Any) -> None:
        self.told.emit(error)
        self._show()

    def _offer_models(self) -> None:
        keys = {} if self._keys is None else self._keys.keys
        chosen = self._workbench.settings.cloud.model
        names = {one.id: one.name for one in self._read.providers}
        choices = [
            Choice(tr("The program's choice"), partial(self.desk.propose, ""), checked=not chosen, note=tr(AUTOMATIC))
        ]
        choices += [
            Choice(
                model_words(one),
                partial(self.desk.propose, one.full_name),
                checked=one.full_name == chosen,
                detail=names.get(one.provider, one.provider),
                note=price_words(one.price),
            )
            for one in choosable(self._read.models, keys, chosen)
        ]
        Popover(self.model.name, choices, self._appearance, self.window()).open_at(self.model)

    def _offer_logins(self) -> None:
        keys = {} if self._keys is None else self._keys.keys
        choices = [
            Choice(one.name, partial(self._ask_key, one), detail=one.host)
            for one in without_key(self._read.providers, keys)
        ]
        Popover(tr("Log in to a provider"), choices, self._appearance, self.window()).open_at(self.log_in)

    def _ask_key(self, provider: Provider) -> None:
        self.desk.ask_key(provider)

    def open_side_by_side(self) -> SideBySide:
        """The open models at their providers, from what is known here."""
        made = SideBySide(self._read.models, self._read.providers, self._appearance, self.window())
        made.open()
        return made

    def _revoke(self, one: Standing) -> None:
        def revoked(recalled: int) -> None:
            self.said.emit(revoked_words(recalled))
            self.refresh()

        self._bridge.run(
            lambda _job: self._workbench.consents.revoke(one.kind, one.subject, one.conversation_id),
            on_done=revoked,
            on_failed=self.told.emit,
        )

    def _save(self, key: str, value: Any) -> None:
        self._bridge.run(lambda _job: self._workbench.change_setting(key, value), on_failed=self.told.emit)

    # Showing ----------------------------------------------------------------------------------------------------------

    def _on_changed(self, changed: Changed) -> None:
        if TOPICS & changed.topics and self.isVisible():
            self.refresh()

    def _take(self, found: Read) -> None:
        new = found.enabled and (
            not self._read.enabled or found.providers != self._read.providers or self._keys is None
        )
        self._read = found
        self._show()
        if new and not (self._looking and self._asked_for == found.providers):
            self.read_keys()

    def _show(self) -> None:
        found, keys = self._read, self._keys
        known = {} if keys is None else keys.keys
        able = with_key(found.providers, known)
        self.switch.setChecked(found.enabled)
        self.ladder.setVisible(not found.enabled or (keys is not None and not able))
        for part in self._only_on:
            part.setVisible(found.enabled)
        self._model_row.setVisible(found.enabled and bool(able))
        self.model.show_choice(self._model_shown())
        self.rows.show_providers(able, None if keys is None else known, self.desk.trials)
        self.hiding.show_settings(self._workbench.settings)
        self.standing.show_standing(found.standing, found.chats, {one.subject: one.name for one in found.providers})
        self.desk.show(found, known)

    def _model_shown(self) -> str:
        chosen = self._workbench.settings.cloud.model
        proposed = None if self._keys is None else self._keys.proposed
        by_name = next((one for one in self._read.models if chosen and one.full_name == chosen), None)
        one = by_name or (proposed if not chosen else None)
        if one is None:
            return chosen or tr(NO_MODEL)
        provider = next((item.name for item in self._read.providers if item.id == one.provider), one.provider)
        return f"{model_words(one)} · {provider}"

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keys = None
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.desk.stop()

    def _connect(self) -> None:
        self.switch.clicked.connect(self._switch)
        self.model.clicked.connect(self._offer_models)
        self.log_in.clicked.connect(self._offer_logins)
        self.add.clicked.connect(lambda: self.desk.ask_address(None))
        self.compare.clicked.connect(lambda: self.open_side_by_side())
        self.hiding.saved.connect(self._save)
        self.standing.revoked.connect(self._revoke)
        self.spending.told.connect(self.told)
        self.spending.said.connect(self.said)
        self.desk.told.connect(self.told)
        self.desk.said.connect(self.said)
        self.desk.changed.connect(self._show)
        self.desk.keys_changed.connect(self.read_keys)
        self.rows.test_asked.connect(self.desk.test)
        self.rows.stop_asked.connect(self.desk.stop_test)
        self.rows.models_asked.connect(self.desk.open_models)
        self.rows.key_asked.connect(self.desk.ask_key)
        self.rows.logout_asked.connect(self.desk.log_out)
        self.rows.address_asked.connect(self.desk.ask_address)
        self.rows.forget_asked.connect(self.desk.forget)

    def _lay_out(self) -> None:
        self._model_row = setting_row(tr("Model that is proposed"), tr(MODEL_WORDS), self.model)
        title = paragraph(tr("Providers"))
        buttons = QWidget()
        line = Flow(buttons, gap=8)
        for button in (self.log_in, self.add, self.compare):
            line.addWidget(button)
        rules = [rule() for _ in range(4)]
        self._only_on: list[QWidget] = [
            title,
            self.rows,
            self.log_in,
            self.add,
            self.hiding,
            self.spending,
            self.standing,
            *rules,
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for part in (
            setting_row(tr("Cloud"), tr(SWITCH_WORDS), self.switch),
            self.ladder,
            self._model_row,
            rules[0],
            title,
            self.rows,
            buttons,
            rules[1],
            self.hiding,
            rules[2],
            self.spending,
            rules[3],
            self.standing,
        ):
            layout.addWidget(part)
