"""A `Cloud` that reaches nobody: three providers, keys in memory, models that the test lists; ``reached`` keeps who would
have been asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from workbench.cancel import CancelToken
from workbench.cloud.asking import CloudError
from workbench.cloud.cloud import ConnectionTest, KeyState
from workbench.cloud.provider import CloudModel, Dialect, Price, Provider, Retention, Rung
from workbench.errors import RefusedError, UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.messages import Effort
from workbench.settings import Settings

GROQ = Provider(
    "groq",
    "Groq",
    "https://api.groq.com/openai/v1",
    key_page="https://console.groq.com/keys",
    retention=Retention("Says that prompts are not kept by default.", "console.groq.com/docs/your-data", "2026-11-20"),
)
OPENROUTER = Provider("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", key_page="https://openrouter.ai/keys")
ANTHROPIC = Provider(
    "anthropic",
    "Anthropic",
    "https://api.anthropic.com/v1",
    Dialect.ANTHROPIC,
    key_page="https://console.anthropic.com/settings/keys",
    chat_page="https://claude.ai",
    retention=Retention(
        "Says that it deletes prompts of its API after 30 days.", "privacy.anthropic.com", "2026-11-20"
    ),
)
LISTED = (ANTHROPIC, GROQ, OPENROUTER)
EFFORTS = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)


def open_model(provider: str, price: Price | None, speed: float | None = None) -> CloudModel:
    return CloudModel(
        provider, "openai/gpt-oss-120b", "gpt-oss-120b", Rung.OPEN, "gpt-oss", 131_072, 32_768, sees=False,
        calls_tools=True, efforts=EFFORTS, tokens_per_second=speed, price=price, open_model="gpt-oss-120b",
    )  # fmt: skip


MODELS = (
    open_model("groq", Price(150_000, 600_000, source="table", date="2026-11-20"), 500.0),
    open_model("openrouter", Price(37_000, 170_000, source="provider", date="2026-11-22")),
    CloudModel("openrouter", "new/model", "New model"),
    CloudModel(
        "anthropic", "claude-opus-5.5", "Claude Opus 5.5", Rung.FRONTIER, "", 200_000, 32_000, sees=True,
        calls_tools=True, efforts=EFFORTS, price=Price(4_000_000, 20_000_000, 400_000, source="table", date="2026-11-20"),
    ),
)  # fmt: skip
FETCHED = CloudModel("groq", "qwen3-235b", "Qwen3 235B", Rung.OPEN, "qwen3", 262_144, open_model="qwen3-235b-a22b")


@dataclass
class FakeCloud:
    """``failure``: what `test` and `refresh` raise. ``note``: what `login` says where no keychain is. ``wait_seconds``:
    how long a provider takes to answer."""

    settings: Callable[[], Settings]
    change_setting: Callable[[str, Any], None]
    bus: Bus
    listed: tuple[Provider, ...] = LISTED
    known: tuple[CloudModel, ...] = MODELS
    fetched: tuple[CloudModel, ...] = (FETCHED,)
    note: str = ""
    failure: WorkbenchError | None = None
    wait_seconds: float = 0.0
    keys: dict[str, str] = field(default_factory=dict)
    for_now: set[str] = field(default_factory=set)
    prices: dict[str, Price] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    keychain_asked: int = 0

    @property
    def enabled(self) -> bool:
        return self.settings().cloud.enabled

    def switch(self, on: bool) -> None:
        self.change_setting("cloud.enabled", on)
        self.bus.publish(Topic.CLOUD)

    def providers(self) -> tuple[Provider, ...]:
        own = (Provider(name, name, url, own=True) for name, url in self.settings().cloud.addresses.items())
        return (*self.listed, *own)

    def provider(self, provider_id: str) -> Provider:
        found = next((one for one in self.providers() if one.id == provider_id), None)
        if found is None:
            raise UsageError(f"No provider is called {provider_id!r}.", hint="`workbench cloud providers` lists them.")
        return found

    def set_address(self, provider_id: str, base_url: str) -> Provider:
        addresses = dict(self.settings().cloud.addresses)
        if not base_url:
            gone = self.provider(provider_id)
            addresses.pop(provider_id, None)
            self.change_setting("cloud.addresses", addresses)
            self.bus.publish(Topic.CLOUD)
            return gone
        parts = urlsplit(base_url)
        if not provider_id or any(one.id == provider_id for one in self.listed):
            raise UsageError(f"{provider_id!r} is no name for an address of your own.", hint="Choose another name.")
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise UsageError(f"{base_url} is not encrypted.", hint="Only https, but for this machine.")
        self.change_setting("cloud.addresses", {**addresses, provider_id: base_url.rstrip("/")})
        self.bus.publish(Topic.CLOUD)
        return self.provider(provider_id)

    def key_state(self, provider_id: str) -> KeyState:
        self.keychain_asked += 1
        key = self.keys.get(self._account(provider_id), "")
        return KeyState(key[-4:], self.note if self._account(provider_id) in self.for_now else "")

    def login(self, provider_id: str, key: str) -> str:
        if len(key.strip()) < 8 or not key.isprintable():
            raise UsageError("That is no key.", hint="Copy it once more from the provider's page.")
        account = self._account(provider_id)
        self.keys[account] = key.strip()
        if self.note:
            self.for_now.add(account)
        self.bus.publish(Topic.CLOUD)
        return self.note

    def logout(self, provider_id: str) -> None:
        self.keys.pop(self._account(provider_id), None)
        self.bus.publish(Topic.CLOUD)

    def key(self, provider_id: str) -> str:
        self._refuse_while_off()
        found = self.keys.get(self._account(provider_id))
        if found is None:
            raise RefusedError(f"There is no key for {self.provider(provider_id).name}.", hint="Log in first.")
        return found

    def use_key(self, provider_id: str, key: str) -> None:
        self.keys[self._account(provider_id)] = key
        self.for_now.add(self._account(provider_id))

    def test(self, provider_id: str, cancel: CancelToken) -> ConnectionTest:
        self._reach(provider_id, cancel)
        count = len(self.models(provider_id))
        return ConnectionTest(
            ok=True, models=count, words=f"{self.provider(provider_id).name} answers, and the key is good."
        )

    def models(self, provider_id: str = "") -> tuple[CloudModel, ...]:
        models = (replace(one, price=self.prices.get(one.full_name, one.price)) for one in self.known)
        return tuple(one for one in models if provider_id in ("", one.provider))

    def model(self, full_name: str) -> CloudModel:
        provider, _slash, model = full_name.partition("/")
        found = next((one for one in self.models() if one.full_name == full_name), None)
        return found or CloudModel(self.provider(provider).id, model, price=self.prices.get(full_name))

    def refresh(self, provider_id: str, cancel: CancelToken) -> tuple[CloudModel, ...]:
        self._reach(provider_id, cancel)
        new = tuple(one for one in self.fetched if one.provider == provider_id and one not in self.known)
        self.known = (*self.known, *new)
        self.bus.publish(Topic.CLOUD)
        return self.models(provider_id)

    def set_price(self, full_name: str, price: Price | None) -> None:
        if price is None:
            self.prices.pop(full_name, None)
        else:
            self.prices[full_name] = replace(price, source="own")
        self.bus.publish(Topic.CLOUD)

    def proposed(self) -> CloudModel | None:
        if not self.enabled:
            return None
        if chosen := self.settings().cloud.model:
            return self.model(chosen)
        able = (one for one in self.models() if one.rung is Rung.OPEN and self._account(one.provider) in self.keys)
        return next(able, None)

    def _account(self, provider_id: str) -> str:
        return f"{provider_id}@{self.provider(provider_id).origin}"

    def _refuse_while_off(self) -> None:
        if not self.enabled:
            raise RefusedError("The cloud is off.", hint="Switch it on in Settings > Cloud, or `workbench cloud on`.")

    def _reach(self, provider_id: str, cancel: CancelToken) -> None:
        self.key(provider_id)
        self.reached.append(provider_id)
        cancel.wait(self.wait_seconds)
        cancel.check()
        if self.failure is not None:
            raise self.failure


REFUSES_KEY = CloudError("Groq refuses the key.", hint="Make another one on its page, and log in again.")
