"""Keys where there is no keychain, where it is locked, and where it does not answer."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes.secrets import MemoryKeychain, WaitingKeychain
from tests.patience import until
from workbench.secrets import SERVICE, Keychain, KeychainError, SystemSecrets, account, home_id, system_keychain

STUDIO = account("server", "http://studio:8080")


def nowhere() -> Keychain:
    raise KeychainError("This system has no keychain that can be used.")


class KeyringLocked(Exception):  # noqa: N818 - the name in `keyring`
    """Carries the key, as a careless library's might."""


def locked() -> Keychain:
    raise KeyringLocked("sk-canary")


@pytest.fixture
def waiting() -> Iterator[WaitingKeychain]:
    keychain = WaitingKeychain()
    yield keychain
    keychain.unlocked.set()


def test_without_a_keychain_a_key_is_known_for_now_and_that_is_said() -> None:
    secrets = SystemSecrets(find=nowhere)
    note = secrets.set(STUDIO, "sk-1")
    assert note.startswith("This system has no keychain that can be used. The key is kept until Workbench is closed")
    assert "sk-1" not in note
    assert secrets.get(STUDIO) == "sk-1"
    secrets.delete(STUDIO)
    with pytest.raises(KeychainError):
        secrets.get(STUDIO)
    with pytest.raises(KeychainError):  # it cannot be told to have forgotten
        secrets.delete(STUDIO)


def test_a_locked_keychain_is_told_without_what_the_library_said() -> None:
    with pytest.raises(KeychainError) as raised:
        SystemSecrets(find=locked).get(STUDIO)
    error = raised.value
    assert error.message == "The keychain of this system is locked."
    assert "canary" not in f"{error!r} {error.detail} {error.hint} {error.__cause__}"


class RefusedKeychain(MemoryKeychain):
    """Asks for its password at each question, and nobody gives it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked += 1


def test_who_says_no_to_the_password_is_not_asked_again_for_each_key() -> None:
    keychain = RefusedKeychain()
    secrets = SystemSecrets(find=lambda: keychain)
    for provider in ("openai", "groq", "mistral"):
        with pytest.raises(KeychainError, match="is locked"):
            secrets.get(account(provider, "https://somewhere.example"))
    assert keychain.asked == 1
    assert secrets.set(STUDIO, "sk-1") == ""  # who keeps a key wants to be asked
    with pytest.raises(KeychainError, match="is locked"):
        secrets.get(STUDIO)
    assert keychain.asked == 3


def test_a_keychain_that_waits_for_its_password_keeps_nobody_waiting(waiting: WaitingKeychain) -> None:
    secrets = SystemSecrets(find=lambda: waiting, seconds=0.05)
    assert "may be waiting for its password" in secrets.set(STUDIO, "sk-1")
    assert secrets.get(STUDIO) == "sk-1"
    with pytest.raises(KeychainError, match="still waits"):  # not a second thread for each question
        secrets.get(account("server", "http://other"))


class SlowKeychain(MemoryKeychain):
    """Takes its time, and cannot be asked twice at once."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = threading.Lock()

    def get_password(self, service: str, username: str) -> str | None:
        assert self.busy.acquire(blocking=False)
        try:
            time.sleep(0.01)
            return super().get_password(service, username)
        finally:
            self.busy.release()


def test_several_who_ask_at_once_are_answered_one_after_the_other() -> None:
    keychain = SlowKeychain()
    secrets = SystemSecrets(find=lambda: keychain)
    secrets.set(STUDIO, "sk-1")
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _n: secrets.get(STUDIO), range(16))) == {"sk-1"}


def test_a_keychain_that_was_unlocked_answers_again(waiting: WaitingKeychain) -> None:
    secrets = SystemSecrets(find=lambda: waiting, seconds=0.05)
    secrets.set(STUDIO, "sk-1")
    waiting.unlocked.set()
    until(lambda: "sk-1" in waiting.kept.values())  # what waited is written first
    later = SystemSecrets(find=lambda: waiting)
    assert later.set(STUDIO, "sk-2") == ""
    assert later.get(STUDIO) == "sk-2"


def test_the_key_belongs_to_its_origin_and_its_home() -> None:
    keychain = MemoryKeychain()
    SystemSecrets("abc", find=lambda: keychain).set(STUDIO, "sk-1")
    assert keychain.kept == {(SERVICE, "server@http://studio:8080#abc"): "sk-1"}
    assert SystemSecrets(find=lambda: keychain).get(STUDIO) is None
    assert SystemSecrets("abc", find=lambda: keychain).get(account("server", "https://studio:8080")) is None


def test_homes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBENCH_HOME", raising=False)
    assert home_id() == ""
    ids = set()
    for home in ("/tmp/one", "/tmp/two", "~nobody-here/x"):
        monkeypatch.setenv("WORKBENCH_HOME", home)
        ids.add(home_id())
    assert len(ids) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a keychain is always there")
def test_a_keychain_of_plain_text_is_never_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    with pytest.raises(KeychainError, match="no keychain"):
        system_keychain()


def test_nothing_of_it_is_imported_before_a_key_is_wanted() -> None:
    code = "import sys, workbench.secrets; sys.exit(any(name.startswith('keyring') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
