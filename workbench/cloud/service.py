"""Who may be asked: the switch, the providers, their keys and their models. The facade."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from workbench.cloud.addresses import own_provider
from workbench.cloud.asking import CloudError
from workbench.cloud.cloud import OWN_SOURCE, ConnectionTest, KeyState
from workbench.cloud.comparing import offers
from workbench.cloud.keys import Keys
from workbench.cloud.knowing import known_models, priced
from workbench.cloud.listing.exact import MOST_MICROS
from workbench.cloud.listing.rows import Row, rows
from workbench.cloud.listing.table import table
from workbench.cloud.provider import CURRENCY, CloudModel, Price, Provider
from workbench.cloud.store import CloudStore
from workbench.errors import RefusedError, StorageError, UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.ports import Clock, Secrets
from workbench.settings import Cloud as CloudSettings

if TYPE_CHECKING:
    from workbench.cancel import CancelToken


class CloudService:
    """`Cloud` over the settings, the keychain and the database. ``tls``: whom to trust, where it is not the usual
    authorities."""

    def __init__(
        self,
        store: CloudStore,
        secrets: Secrets,
        clock: Clock,
        bus: Bus,
        settings: Callable[[], CloudSettings],
        change: Callable[[str, Any], None],
        *,
        off_elsewhere: Callable[[], bool] = lambda: False,
        listed: Iterable[Row] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``change`` keeps another value of a setting. ``off_elsewhere``: whether another process has switched the cloud
        off since the settings were read. ``listed``: the providers that come with the program."""
        self._store = store
        self._keys = Keys(secrets, clock.monotonic)
        self._clock = clock
        self._bus = bus
        self._settings = settings
        self._change = change
        self._off_elsewhere = off_elsewhere
        self._rows = {row.provider.id: row for row in (rows() if listed is None else listed)}
        self._tls = tls

    # The switch -------------------------------------------------------------------------------------------------------

    @property
    def enabled(self) -> bool:
        return self._settings().enabled and not self._off_elsewhere()

    def switch(self, on: bool) -> None:
        """See `Cloud.switch`."""
        if on != self.enabled or on != self._settings().enabled:
            self._change("cloud.enabled", on)
            self._bus.publish(Topic.CLOUD)

    def look_again(self) -> None:
        """What another process switched off is off here too, so that no other setting that is saved switches it on."""
        if not self.enabled:
            with suppress(StorageError):  # off it is all the same
                self.switch(on=False)

    # Providers --------------------------------------------------------------------------------------------------------

    def providers(self) -> tuple[Provider, ...]:
        """What stands in the settings file and is no address is left out; `provider` says why."""
        names = dict.fromkeys((*self._rows, *self._settings().addresses))
        return tuple(self._good(names))

    def provider(self, provider_id: str) -> Provider:
        """Raises `UsageError`, and `RefusedError` for an address in the settings file that is not encrypted."""
        row, address = self._rows.get(provider_id), self._settings().addresses.get(provider_id)
        if address is not None:
            return own_provider(provider_id, address, row.provider if row else None)
        if row is None:
            raise UsageError(
                f"No provider is called {provider_id[:80]!r}.",
                hint="`workbench cloud providers` names them; `workbench cloud login NAME --base-url URL` adds one.",
            )
        return row.provider

    def set_address(self, provider_id: str, base_url: str) -> Provider:
        """Under the name of a listed provider: in the place of its own, until it goes. The key of an address that goes is
        deleted, where the keychain lets it be; not on the main thread. Returns what has the name now, or had it.

        Raises `UsageError` for what is no address and where there is none to take away, `RefusedError` for one over http.
        """
        row, before = self._rows.get(provider_id), self._now_called(provider_id)
        new: Provider | None
        addresses = dict(self._settings().addresses)
        if base_url.strip():
            new = own_provider(provider_id, base_url, row.provider if row else None)
        elif provider_id not in addresses:
            raise UsageError(f"{provider_id[:80]!r} has no address of your own.")
        else:
            new = row.provider if row else None
        if new is not None and new.own:
            addresses[provider_id] = new.base_url
        else:
            addresses.pop(provider_id, None)
        self._change("cloud.addresses", addresses)
        self._forget_what_was_elsewhere(before, new)
        self._bus.publish(Topic.CLOUD)
        return new or before or Provider(provider_id, provider_id, "", own=True)

    def _forget_what_was_elsewhere(self, before: Provider | None, new: Provider | None) -> None:
        """Lists and prices are of one address, a key of one origin; that of a listed provider's own origin stays."""
        if before is None or (new is not None and new.base_url == before.base_url):
            return
        self._store.forget_provider(before.id)
        if before.own and (new is None or new.origin != before.origin):
            with suppress(StorageError):
                self._keys.forget(before)

    # Keys -------------------------------------------------------------------------------------------------------------

    def key_state(self, provider_id: str) -> KeyState:
        try:
            return self._keys.state(self.provider(provider_id))
        except WorkbenchError as error:
            return KeyState(note=error.message)

    def login(self, provider_id: str, key: str) -> str:
        note = self._keys.keep(self.provider(provider_id), key)
        self._bus.publish(Topic.CLOUD)
        return note

    def logout(self, provider_id: str) -> None:
        """Raises `UsageError`; `StorageError` where the keychain may still have the key."""
        self._keys.forget(self.provider(provider_id))
        self._bus.publish(Topic.CLOUD)

    def key(self, provider_id: str) -> str:
        self._refuse_while_off()
        provider = self.provider(provider_id)
        try:
            key = self._keys.get(provider)
        except StorageError as error:
            raise RefusedError(
                f"There is no key for {provider.name}. {error.message}",
                hint="Unlock the keychain, or give the key for now: in Settings > Cloud, or with --key-stdin.",
            ) from error
        if key is None:
            raise RefusedError(
                f"There is no key for {provider.name} at {provider.host}.",
                hint=f"`workbench cloud login {provider.id}` takes one, or Settings > Cloud. Nothing was sent.",
            )
        return key

    def use_key(self, provider_id: str, key: str) -> None:
        self._keys.use(self.provider(provider_id), key)

    # Models -----------------------------------------------------------------------------------------------------------

    def test(self, provider_id: str, cancel: CancelToken) -> ConnectionTest:
        """A failure of the provider is told in words; what is no matter of the provider is raised."""
        key = self.key(provider_id)
        provider = self.provider(provider_id)
        try:
            self._check_key(provider, key, cancel)
            count = len(self._asked(provider, key, cancel))
        except CloudError as error:
            return ConnectionTest(ok=False, models=0, words=f"{error.message} {error.hint}")
        listed = f"{count} model{'' if count == 1 else 's'}" if count else "no models"
        return ConnectionTest(ok=True, models=count, words=f"{provider.name} takes the key, and lists {listed}.")

    def refresh(self, provider_id: str, cancel: CancelToken) -> tuple[CloudModel, ...]:
        """Raises `CloudError`, `RefusedError`, `StorageError`, `Cancelled`; what was fetched before then stays."""
        key = self.key(provider_id)
        provider = self.provider(provider_id)
        models = self._asked(provider, key, cancel)
        self._store.keep_fetched(provider.id, models, self._clock.now())
        self._bus.publish(Topic.CLOUD)
        return self.models(provider_id)

    def models(self, provider_id: str = "") -> tuple[CloudModel, ...]:
        providers = {one.id: one for one in ((self.provider(provider_id),) if provider_id else self.providers())}
        listed = (
            replace(model, price=None) if providers[model.provider].own else model
            for model in table().models(self._today())
            if model.provider in providers
        )
        fetched = (table().recognised(one) for one in self._store.fetched() if one.provider in providers)
        own = self._store.own_prices()
        named = (table().recognised(CloudModel(*one)) for one in own if one[0] in providers)
        return known_models(listed, (*named, *fetched), own)

    def model(self, full_name: str) -> CloudModel:
        provider_id, _slash, model_id = full_name.partition("/")
        if not model_id or len(model_id) > 200 or not model_id.isprintable() or " " in model_id:
            raise UsageError(
                f"{full_name[:80]!r} names no model of a provider.", hint="For example groq/openai/gpt-oss-120b."
            )
        provider = self.provider(provider_id)
        found = next((one for one in self.models(provider.id) if one.id == model_id), None)
        if found is not None:
            return found
        return priced(table().recognised(CloudModel(provider.id, model_id)), self._store.own_prices())

    def set_price(self, full_name: str, price: Price | None) -> None:
        """Raises `UsageError` for an unknown provider, a price below 0 or beyond all reason, another currency."""
        model = self.model(full_name)
        if price is not None:
            _check(price)
            price = replace(price, source=price.source or OWN_SOURCE, date=price.date or self._today().isoformat())
        self._store.set_own_price(model.provider, model.id, price)
        self._bus.publish(Topic.CLOUD)

    def askable(self) -> frozenset[str]:
        if not self.enabled:
            return frozenset()
        return frozenset(one.id for one in self.providers() if one.own or self._keys.has(one))

    def proposed(self) -> CloudModel | None:
        """Where no open family has a key: the first of them all the same, so that a person can log in or hand off. Not on
        the main thread: it asks the keychain, but not more often than twice a minute."""
        if not self.enabled:
            return None
        if chosen := self._settings().model:
            with suppress(UsageError, RefusedError):
                return self.model(chosen)
        providers, models = self.providers(), self.models()
        rows = [row for one in table().open_models for row in offers(one.id, models, providers)]
        keyed = (row.model for row in rows if self._keys.has(row.provider))
        return next(keyed, next((row.model for row in rows), None))

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _good(self, names: Iterable[str]) -> Iterator[Provider]:
        for name in names:
            with suppress(UsageError, RefusedError):
                yield self.provider(name)

    def _now_called(self, provider_id: str) -> Provider | None:
        return next(self._good((provider_id,)), None)

    def _refuse_while_off(self) -> None:
        self.look_again()
        if not self.enabled:
            raise RefusedError(
                "The cloud is off.", hint="`workbench cloud on` switches it on, or Settings > Cloud. Nothing was sent."
            )

    def _check_key(self, provider: Provider, key: str, cancel: CancelToken) -> None:
        """Where anybody may read the list of models, that the list came says nothing of the key."""
        from urllib.parse import urlsplit

        from workbench.cloud.listing.fetching import get

        row = self._rows.get(provider.id)
        if row is not None and row.key_check and not provider.own:
            get(provider, urlsplit(provider.base_url).path + row.key_check, key, cancel, self._tls)

    def _asked(self, provider: Provider, key: str, cancel: CancelToken) -> tuple[CloudModel, ...]:
        from workbench.cloud.listing.fetching import fetch_models

        return fetch_models(provider, key, self._today().isoformat(), cancel, self._tls)

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock.now()).astimezone().date()


def _check(price: Price) -> None:
    given = (price.input_micros, price.output_micros, price.cached_micros or 0, price.cache_write_micros or 0)
    if price.currency != CURRENCY or not all(0 <= one <= MOST_MICROS for one in given):
        raise UsageError(
            "That is no price.", hint=f"In {CURRENCY} for a million tokens, from 0 to {MOST_MICROS // 1_000_000:,}."
        )
