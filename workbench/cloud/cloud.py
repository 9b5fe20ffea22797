"""Who may be asked: the switch, the providers, their keys and their models. The facade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.cloud.provider import CloudModel, Price, Provider

OWN_SOURCE: Final = "you"
"""`Price.source` of a price of the person's own."""


@dataclass(frozen=True, slots=True)
class KeyState:
    """``last_four`` of the key that is there; empty: there is none. ``note``: why it is known for this session only."""

    last_four: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """``models`` that the key may use; ``words``: what was found, in a sentence."""

    ok: bool
    models: int
    words: str


class Cloud(Protocol):
    """Any thread. Reaches nobody but in `test` and `refresh`, which a person asks for. Publishes `Topic.CLOUD`."""

    @property
    def enabled(self) -> bool:
        """Off, too, where another process of this home has switched it off meanwhile."""
        ...

    def switch(self, on: bool) -> None:
        """Off until a person switches it on."""
        ...

    def providers(self) -> tuple[Provider, ...]:
        """The listed ones, then those of the settings."""
        ...

    def provider(self, provider_id: str) -> Provider:
        """Raises `UsageError` for one that nobody knows."""
        ...

    def set_address(self, provider_id: str, base_url: str) -> Provider:
        """An address of the person's own, under a name of their own, or in the place of a listed provider's; empty: it
        goes, and its key with it. A key is bound to its origin, so that another one asks again. Not on the main thread.
        Raises `UsageError`, `RefusedError`: only https, but for this machine."""
        ...

    def key_state(self, provider_id: str) -> KeyState:
        """Asks the keychain: not on the main thread. Never raises; a locked one is a note."""
        ...

    def login(self, provider_id: str, key: str) -> str:
        """Keep a key for the provider's origin. Returns what `Secrets.set` says. Raises `UsageError` for what is no key."""
        ...

    def logout(self, provider_id: str) -> None: ...

    def key(self, provider_id: str) -> str:
        """Raises `RefusedError` while the cloud is off or there is no key that can be read."""
        ...

    def use_key(self, provider_id: str, key: str) -> None:
        """For this process only: it is written nowhere."""
        ...

    def test(self, provider_id: str, cancel: CancelToken) -> ConnectionTest:
        """Asks the provider for its models with the key: that costs nothing. Raises `RefusedError` while the
        cloud is off."""
        ...

    def models(self, provider_id: str = "") -> tuple[CloudModel, ...]:
        """Those of the table and those fetched before, with the best known price of each."""
        ...

    def model(self, full_name: str) -> CloudModel:
        """`provider/model`; one that is in no list has no price. Raises `UsageError` for an unknown provider."""
        ...

    def refresh(self, provider_id: str, cancel: CancelToken) -> tuple[CloudModel, ...]:
        """Fetch the provider's list of models, with prices where it tells them, and keep it. Raises as `test`, and
        `CloudError`."""
        ...

    def set_price(self, full_name: str, price: Price | None) -> None:
        """A price of the person's own; None: as listed again."""
        ...

    def askable(self) -> frozenset[str]:
        """The ids of providers for which there is a key, as of the last half minute, and of one's own, which may need
        none; empty while the cloud is off. Asks the keychain: not on the main thread."""
        ...

    def proposed(self) -> CloudModel | None:
        """The model that the button asks: the one chosen last, else the first open one that has a key, else the first open
        one; None while the cloud is off. Asks the keychain now and then: not on the main thread."""
        ...
