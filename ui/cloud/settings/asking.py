"""What is done with providers from the settings: keys, addresses, tests, lists of models. Each in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.settings.address_dialog import AddressDialog
from ui.cloud.settings.login_dialog import LoginDialog
from ui.cloud.settings.models_dialog import ModelsDialog
from ui.cloud.settings.providers import Trial
from ui.cloud.settings.reading import Read
from ui.translation import tr
from workbench.cancel import CancelToken
from workbench.cloud.cloud import ConnectionTest, KeyState
from workbench.cloud.provider import Price, Provider
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.app import Workbench


class ProviderDesk(QObject):
    """``changed``: `trials` did. ``keys_changed``: the keychain is to be asked again. ``told`` carries errors, ``said``
    what there is to know."""

    changed = Signal()
    keys_changed = Signal()
    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: QWidget) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._read = Read()
        self._keys: Mapping[str, KeyState] = {}
        self._models: tuple[ModelsDialog, Provider] | None = None
        self._tests: dict[str, CancelToken] = {}
        self.trials: dict[str, Trial] = {}

    def show(self, found: Read, keys: Mapping[str, KeyState]) -> None:
        """What is known now: a list of models that is open follows."""
        self._read, self._keys = found, keys
        if self._models is not None and isValid(self._models[0]):
            self._fill(*self._models)

    def stop(self) -> None:
        """Nobody looks any more."""
        for cancel in self._tests.values():
            cancel.cancel()

    # Keys -------------------------------------------------------------------------------------------------------------

    def ask_key(self, provider: Provider) -> LoginDialog:
        dialog = LoginDialog(provider, self._appearance, self._page.window())

        def done(note: str) -> None:
            if isValid(dialog):
                dialog.dismiss()
            self.trials.pop(provider.id, None)
            self.said.emit(note or tr("The key of {name} is kept. Nothing was sent.").format(name=provider.name))
            self.keys_changed.emit()

        def give(key: str) -> None:
            self._run(lambda: self._workbench.cloud.login(provider.id, key), done, partial(_refuse, dialog))

        dialog.given.connect(give)
        dialog.open()
        return dialog

    def log_out(self, provider: Provider) -> None:
        def done(_none: Any) -> None:
            self.trials.pop(provider.id, None)
            self.said.emit(tr("The key of {name} is deleted.").format(name=provider.name))
            self.keys_changed.emit()

        self._run(lambda: self._workbench.cloud.logout(provider.id), done)

    # Addresses --------------------------------------------------------------------------------------------------------

    def ask_address(self, provider: Provider | None) -> AddressDialog:
        """``provider`` None: a new one."""
        dialog = AddressDialog(self._appearance, self._page.window(), provider)

        def done(kept: Provider) -> None:
            if isValid(dialog):
                dialog.dismiss()
            self.trials.pop(kept.id, None)
            self.said.emit(tr("{name} is kept. Log in where it wants a key.").format(name=kept.name))

        def give(name: str, address: str) -> None:
            self._run(lambda: self._workbench.cloud.set_address(name, address), done, partial(_refuse, dialog))

        dialog.given.connect(give)
        dialog.open()
        return dialog

    def forget(self, provider: Provider) -> None:
        """The key goes with the address."""

        def work() -> None:
            self._workbench.cloud.logout(provider.id)
            self._workbench.cloud.set_address(provider.id, "")

        self._run(work, lambda _none: self.said.emit(tr("{name} is forgotten.").format(name=provider.name)))

    # Testing ----------------------------------------------------------------------------------------------------------

    def test(self, provider: Provider) -> None:
        """Ask it for its models: that costs nothing."""
        self._try(provider, Trial(tr("Asking {host} for its models…").format(host=provider.host), asking=True))

        def done(found: ConnectionTest) -> None:
            self._try(provider, Trial(found.words, failed=not found.ok))

        def failed(error: WorkbenchError) -> None:
            self._try(provider, Trial(f"{error.message} {error.hint}".strip(), failed=True))

        job = self._bridge.run(
            lambda job: self._workbench.cloud.test(provider.id, job.cancel),
            on_done=done,
            on_failed=failed,
            on_cancelled=lambda: self._try(provider, None),
        )
        self._tests[provider.id] = job.cancel

    def stop_test(self, provider: Provider) -> None:
        if provider.id in self._tests:
            self._tests[provider.id].cancel()

    def _try(self, provider: Provider, trial: Trial | None) -> None:
        if trial is None:
            self.trials.pop(provider.id, None)
        else:
            self.trials[provider.id] = trial
        self.changed.emit()

    # Models -----------------------------------------------------------------------------------------------------------

    def open_models(self, provider: Provider) -> ModelsDialog:
        state = self._keys.get(provider.id, KeyState())
        dialog = ModelsDialog(
            provider, self._appearance, self._page.window(), has_key=bool(state.last_four) or provider.own
        )
        self._models = dialog, provider
        dialog.refresh_asked.connect(partial(self._refresh, dialog, provider))
        dialog.propose_asked.connect(self.propose)
        dialog.price_given.connect(self._set_price)
        self._fill(dialog, provider)
        dialog.open()
        return dialog

    def propose(self, full_name: str) -> None:
        """Show this model first from now on; "" is the program's choice."""

        def done(_none: Any) -> None:
            if not full_name:  # it depends on which keys there are
                self.keys_changed.emit()

        self._run(lambda: self._workbench.change_setting("cloud.model", full_name), done)

    def _set_price(self, full_name: str, price: Price | None) -> None:
        self._run(lambda: self._workbench.cloud.set_price(full_name, price), lambda _none: None)

    def _fill(self, dialog: ModelsDialog, provider: Provider) -> None:
        models = tuple(one for one in self._read.models if one.provider == provider.id)
        dialog.show_models(models, self._workbench.settings.cloud.model)

    def _refresh(self, dialog: ModelsDialog, provider: Provider) -> None:
        dialog.show_state(tr("Asking {host} for its models…").format(host=provider.host), asking=True)

        def done(models: tuple[Any, ...]) -> None:
            if isValid(dialog):
                dialog.show_state(tr("Models that it told of: {n}").format(n=f"{len(models):,}"))

        def failed(error: WorkbenchError) -> None:
            if isValid(dialog):
                dialog.show_state(f"{error.message} {error.hint}".strip(), failed=True)

        job = self._bridge.run(
            lambda job: self._workbench.cloud.refresh(provider.id, job.cancel), on_done=done, on_failed=failed
        )
        dialog.destroyed.connect(lambda: job.cancel.cancel())

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[WorkbenchError], None] | None = None,
    ) -> None:
        self._bridge.run(lambda _job: work(), on_done=done, on_failed=failed or self.told.emit)


def _refuse(dialog: LoginDialog | AddressDialog, error: WorkbenchError) -> None:
    if isValid(dialog):
        dialog.show_failure(error)
