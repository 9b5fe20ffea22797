"""`Secrets` in memory, and keychains that do what real ones do on bad days."""

from __future__ import annotations

import threading

KEYCHAIN_AWAY = "There is no keychain here. The key is kept until Workbench is closed, and then asked for again."


class FakeSecrets:
    """``note``: what `set` says; not empty where no keychain is."""

    def __init__(self, note: str = "") -> None:
        self.kept: dict[str, str] = {}
        self.note = note

    def get(self, account: str) -> str | None:
        return self.kept.get(account)

    def set(self, account: str, secret: str) -> str:
        self.kept[account] = secret
        return self.note

    def delete(self, account: str) -> None:
        self.kept.pop(account, None)


class MemoryKeychain:
    """A backend of `keyring`, as far as it is asked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class WaitingKeychain(MemoryKeychain):
    """Locked: answers when ``unlocked`` is set, as after the person has typed the password."""

    def __init__(self) -> None:
        super().__init__()
        self.unlocked = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.unlocked.wait()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.unlocked.wait()
        super().set_password(service, username, password)
