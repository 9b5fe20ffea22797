"""What the section *Cloud* shows, read in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.cloud.cloud import KeyState
from workbench.cloud.comparing import price_rank
from workbench.cloud.provider import CloudModel, Provider, Rung
from workbench.consents.consent import ConsentKind, Standing
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench

Keys = Mapping[str, KeyState]
"""By the provider's id."""


@dataclass(frozen=True, slots=True)
class Read:
    """``chats``: titles of those in which a lasting yes holds. While the cloud is off, only ``enabled`` and what stands."""

    enabled: bool = False
    providers: tuple[Provider, ...] = ()
    models: tuple[CloudModel, ...] = ()
    standing: tuple[Standing, ...] = ()
    chats: Mapping[Id, str] = ()  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class ReadKeys:
    """What the keychain said, and the model that is proposed by it."""

    keys: Keys
    proposed: CloudModel | None


def read(workbench: Workbench) -> Read:
    """Nothing is reached, and the keychain is not asked."""
    cloud = workbench.cloud
    standing = tuple(one for one in workbench.consents.standing() if one.kind is ConsentKind.CLOUD)
    chats = {chat.id: chat.title for chat in workbench.chat.list()} if standing else {}
    return Read(cloud.enabled, cloud.providers(), cloud.models(), standing, chats)


def read_keys(workbench: Workbench, providers: tuple[Provider, ...]) -> ReadKeys:
    """Asks the keychain, which may ask the person for its password."""
    keys = {one.id: workbench.cloud.key_state(one.id) for one in providers}
    return ReadKeys(keys, workbench.cloud.proposed())


def with_key(providers: tuple[Provider, ...], keys: Keys) -> tuple[Provider, ...]:
    """Those that can be asked, and one's own, which may need no key."""
    return tuple(one for one in providers if one.own or _has(keys, one.id))


def without_key(providers: tuple[Provider, ...], keys: Keys) -> tuple[Provider, ...]:
    return tuple(one for one in providers if not one.own and not _has(keys, one.id))


def choosable(models: tuple[CloudModel, ...], keys: Keys, chosen: str = "") -> tuple[CloudModel, ...]:
    """Models that the button may ask: those of the table whose provider has a key, the open families first, in the order
    of the table, each at the cheapest provider first; and the one that is chosen."""
    able = [one for one in models if (one.rung is not None and _has(keys, one.provider)) or one.full_name == chosen]
    places = {name: place for place, name in reversed(list(enumerate(map(_same, able))))}
    return tuple(sorted(able, key=lambda one: (one.rung is not Rung.OPEN, places[_same(one)], *price_rank(one.price))))


def _has(keys: Keys, provider_id: str) -> bool:
    return provider_id in keys and bool(keys[provider_id].last_four)


def _same(model: CloudModel) -> str:
    """The same for the same weights at several providers."""
    return model.open_model or model.full_name
