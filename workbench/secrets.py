"""Keys in the keychain of the system: Keychain on macOS, Credential Manager on Windows, Secret Service or KWallet on Linux.

Only these. A keychain that is not there is told; what was typed is then known until the program ends, and never written
into a file.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from workbench.errors import StorageError
from workbench.paths import HOME_VARIABLE

SERVICE = "local-workbench"
# A keychain that is locked asks for its password in a window of its own; nobody is kept waiting for that for good.
SECONDS = 30.0
# Who has just said no to the password is not asked for it again for each of several keys that are looked for at once.
REST_SECONDS = 5.0

Answer = TypeVar("Answer")


class KeychainError(StorageError):
    """The keychain is not there, is locked, or does not answer."""

    kind = "keychain"
    default_hint = (
        "Unlock the keychain of your system and try again, or type the key once more: it is then kept for now."
    )


class KeychainLockedError(KeychainError):
    """It is locked, and nobody gave its password."""


class Keychain(Protocol):
    """What a backend of `keyring` does."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class SystemSecrets:
    """`Secrets` in the keychain that ``find`` gives; it is looked for when the first key is wanted."""

    def __init__(
        self, home_id: str = "", *, find: Callable[[], Keychain] | None = None, seconds: float = SECONDS
    ) -> None:
        """``home_id``: a part of each account, so that two homes of one person do not share keys.

        ``seconds``: the longest wait for the keychain's answer.
        """
        self._suffix = f"#{home_id}" if home_id else ""
        self._find = find or system_keychain
        self._seconds = seconds
        self._lock = threading.Lock()
        self._for_now: dict[str, str] = {}  # what no keychain has
        self._asking: _Call | None = None
        self._rests_until = 0.0  # by the clock that only goes on
        self._refusal: KeychainError | None = None

    def get(self, account: str) -> str | None:
        with self._lock:
            known = self._for_now.get(account)
        if known is not None:
            return known
        self._let_rest()
        try:
            return self._ask(lambda keychain: keychain.get_password(SERVICE, self._name(account)))
        except KeychainLockedError as error:
            self._refusal, self._rests_until = error, time.monotonic() + REST_SECONDS
            raise

    def _let_rest(self) -> None:
        """Raises the `KeychainLockedError` of a moment ago."""
        if self._refusal is not None and time.monotonic() < self._rests_until:
            raise KeychainLockedError(self._refusal.message, detail=self._refusal.detail)

    def set(self, account: str, secret: str) -> str:
        try:
            self._ask(lambda keychain: keychain.set_password(SERVICE, self._name(account), secret))
        except KeychainError as error:
            with self._lock:
                self._for_now[account] = secret
            return f"{error.message} The key is kept until Workbench is closed, and then asked for again."
        self._refusal = None
        with self._lock:
            self._for_now.pop(account, None)
        return ""

    def delete(self, account: str) -> None:
        with self._lock:
            only_here = self._for_now.pop(account, None) is not None

        def delete(keychain: Keychain) -> None:
            if keychain.get_password(SERVICE, self._name(account)) is not None:
                keychain.delete_password(SERVICE, self._name(account))

        try:
            self._ask(delete)
        except KeychainError:
            if not only_here:
                raise

    def _name(self, account: str) -> str:
        return account + self._suffix

    def _ask(self, work: Callable[[Keychain], Answer]) -> Answer:
        """In a thread of its own: a keychain that asks for its password answers when somebody has typed it."""
        call = self._take_turn()
        threading.Thread(target=call.perform, args=(self._find, work), name="workbench-keychain", daemon=True).start()
        if not call.done.wait(self._seconds):
            call.given_up = True
            raise KeychainError("The keychain of this system does not answer: it may be waiting for its password.")
        if call.error is not None:
            raise call.error
        answer: Answer = call.answer
        return answer

    def _take_turn(self) -> _Call:
        """One question at a time: others wait for its answer, but not for one that somebody has given up."""
        while True:
            with self._lock:
                before = self._asking
                if before is None or before.done.is_set():
                    call = self._asking = _Call(threading.Event())
                    return call
            if before.given_up or not before.done.wait(self._seconds):
                raise KeychainError("The keychain of this system still waits for its password.")


@dataclass(slots=True)
class _Call:
    """One question to the keychain. ``given_up``: who asked does not wait any more."""

    done: threading.Event
    given_up: bool = False
    answer: Any = None
    error: BaseException | None = None

    def perform(self, find: Callable[[], Keychain], work: Callable[[Keychain], Any]) -> None:
        try:
            self.answer = _speaking(find, work)
        except BaseException as error:  # noqa: BLE001 - raised again by who asked
            self.error = error
        finally:
            self.done.set()


def _speaking(find: Callable[[], Keychain], work: Callable[[Keychain], Answer]) -> Answer:
    """Raises `KeychainError` for whatever the libraries under ``keyring`` raise."""
    try:
        return work(find())
    except KeychainError:
        raise
    except Exception as error:  # noqa: BLE001 - D-Bus, Windows and macOS each have their own
        name = type(error).__name__
        locked = name in ("KeyringLocked", "InitError", "LockedException")
        kind, words = (KeychainLockedError, "is locked") if locked else (KeychainError, "cannot be used")
        raise kind(f"The keychain of this system {words}.", detail=name) from None  # its text may hold the key


def system_keychain() -> Keychain:
    """The keychain of this system. Raises `KeychainError` when there is none.

    Chosen here and not by ``keyring`` itself, which also takes files of plain text when it is told to.
    """
    usable = [backend for backend in _known() if backend.viable]
    if not usable:
        raise KeychainError("This system has no keychain that can be used.")
    keychain: Keychain = max(usable, key=lambda backend: float(backend.priority))()
    return keychain


def _known() -> list[Any]:
    if sys.platform == "darwin":
        from keyring.backends import macOS

        return [macOS.Keyring]
    if sys.platform == "win32":
        from keyring.backends import Windows

        return [Windows.WinVaultKeyring]
    from keyring.backends import kwallet

    return [_secret_service(), kwallet.DBusKeyring]


def _secret_service() -> Any:
    """Its backend of ``keyring`` makes a keyring to look for a key in where there is none, and the system then asks for the
    password of a new one. Who only looks has no reason to be asked: nothing can be in what is not there."""
    import secretstorage
    from keyring.backends import SecretService

    class LookingFirst(SecretService.Keyring):
        def get_password(self, service: str, username: str) -> str | None:
            with closing(secretstorage.dbus_init()) as connection:
                try:
                    secretstorage.Collection(connection)
                except secretstorage.ItemNotFoundException:
                    return None
            found: str | None = super().get_password(service, username)  # type: ignore[no-untyped-call]
            return found

    return LookingFirst


def home_id() -> str:
    """Names the home that `WORKBENCH_HOME` chose; empty for the usual one."""
    chosen = os.environ.get(HOME_VARIABLE, "")
    return hashlib.sha256(os.path.abspath(os.path.expanduser(chosen)).encode()).hexdigest()[:12] if chosen else ""  # noqa: PTH100, PTH111 - also of what is no path


def account(provider: str, origin: str) -> str:
    """The account of a key: it is bound to ``origin``, such as ``https://studio.local:8443``."""
    return f"{provider}@{origin}"
