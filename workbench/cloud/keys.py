"""The keys of providers: in the keychain of the system, each bound to the origin that it was given for, or in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from workbench.cloud.cloud import KeyState
from workbench.cloud.provider import Provider
from workbench.errors import StorageError, UsageError
from workbench.ports import Secrets
from workbench.secrets import account

MOST_CHARACTERS: Final = 4096
_LEAST_CHARACTERS: Final = 12
_HIDDEN: Final = "····"
REMEMBERED_SECONDS: Final = 30.0


class Keys:
    """Any thread. All but `use` may ask the keychain, and wait for it."""

    def __init__(self, secrets: Secrets, monotonic: Callable[[], float]) -> None:
        """``monotonic``: seconds."""
        self._secrets = secrets
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._in_memory: dict[str, str] = {}  # given for this process only
        self._notes: dict[str, str] = {}
        self._known: dict[str, tuple[float, bool]] = {}

    def get(self, provider: Provider) -> str | None:
        """Raises `StorageError` for a keychain that is locked or away."""
        name = _account(provider)
        with self._lock:
            given = self._in_memory.get(name)
        return given or self._secrets.get(name) or None

    def has(self, provider: Provider) -> bool:
        """As it was within the last half minute; False where the keychain does not say."""
        name, now = _account(provider), self._monotonic()
        with self._lock:
            known = self._known.get(name)
        if known is not None and now - known[0] < REMEMBERED_SECONDS:
            return known[1]
        try:
            found = self.get(provider) is not None
        except StorageError:
            found = False
        with self._lock:
            self._known[name] = (now, found)
        return found

    def state(self, provider: Provider) -> KeyState:
        name = _account(provider)
        with self._lock:
            note, given = self._notes.get(name, ""), name in self._in_memory
        try:
            key = self.get(provider)
        except StorageError as error:
            return KeyState(note=f"{error.message} {error.hint}")
        if key is None:
            return KeyState()
        return KeyState(last_four(key), note or ("It is known until this program ends." if given else ""))

    def keep(self, provider: Provider, key: str) -> str:
        """In the keychain; returns why it is known for this session only, empty where all is well."""
        key, name = cleaned(key), _account(provider)
        note = self._secrets.set(name, key)
        with self._lock:
            self._in_memory.pop(name, None)
            self._known.pop(name, None)
            self._notes[name] = note
        return note

    def use(self, provider: Provider, key: str) -> None:
        """For this process only."""
        key, name = cleaned(key), _account(provider)
        with self._lock:
            self._in_memory[name] = key
            self._known.pop(name, None)

    def forget(self, provider: Provider) -> None:
        """Raises `StorageError` where the keychain may still have it."""
        name = _account(provider)
        with self._lock:
            only_here = self._in_memory.pop(name, None) is not None
            self._notes.pop(name, None)
            self._known.pop(name, None)
        try:
            self._secrets.delete(name)
        except StorageError:
            if not only_here:
                raise


def cleaned(key: str) -> str:
    """Raises `UsageError` for what is no key; it is never said what it was."""
    key = key.strip()
    if not key or len(key) > MOST_CHARACTERS:
        raise UsageError("That is no key.", hint="Copy it once more from the provider's page.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(
            "That is no key: it has spaces or special characters in it.",
            hint="Copy it once more from the provider's page.",
        )
    return key


def last_four(key: str) -> str:
    """What tells one key from another; of a short one nothing."""
    return key[-4:] if len(key) >= _LEAST_CHARACTERS else _HIDDEN


def _account(provider: Provider) -> str:
    return account(provider.id, provider.origin)
