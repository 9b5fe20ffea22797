"""What every `Secrets` promises: asked of the fake, of ours over a keychain in memory, and over a real daemon."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.secrets import FakeSecrets, MemoryKeychain
from workbench.ports import Secrets
from workbench.secrets import SystemSecrets, account

STUDIO, OTHER = account("server", "http://studio:8080"), account("server", "https://studio:8443")
REAL = "the real keychain"
LOOKED = "looked into a keychain without a keyring"


def promises(secrets: Secrets) -> None:
    """All of the contract, on ``secrets`` without a key."""
    assert secrets.get(STUDIO) is None
    secrets.delete(STUDIO)  # nothing is no mistake
    assert secrets.set(STUDIO, "sk-one") == ""
    assert secrets.set(OTHER, "sk-Ünï-✓ two") == ""
    assert (secrets.get(STUDIO), secrets.get(OTHER)) == ("sk-one", "sk-Ünï-✓ two")
    secrets.set(STUDIO, "sk-new")
    assert secrets.get(STUDIO) == "sk-new"
    secrets.delete(STUDIO)
    assert (secrets.get(STUDIO), secrets.get(OTHER)) == (None, "sk-Ünï-✓ two")
    secrets.delete(OTHER)


def test_the_fake() -> None:
    promises(FakeSecrets())


def test_over_a_keychain_in_memory() -> None:
    keychain = MemoryKeychain()
    promises(SystemSecrets(find=lambda: keychain))


def test_over_a_real_keychain(tmp_path: Path) -> None:
    """On a bus of its own, unlocked with a password."""
    said = _on_a_bus(tmp_path, "echo -n secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null; ", REAL)
    assert REAL in said
    kept = [file for file in tmp_path.rglob("*") if file.is_file() and b"sk-one" in file.read_bytes()]
    assert not kept


def test_looking_where_nothing_was_ever_kept_makes_no_keyring(tmp_path: Path) -> None:
    """To make one asks for its password: only who keeps a key is asked."""
    said = _on_a_bus(tmp_path, "gnome-keyring-daemon --start --components=secrets >/dev/null; ", LOOKED)
    assert LOOKED in said
    assert not list(tmp_path.rglob("*.keyring"))


def _on_a_bus(tmp_path: Path, start: str, argument: str) -> str:
    """What this very file says, run again on a bus of its own."""
    if sys.platform != "linux":
        pytest.skip("the keychain of this system is the person's own")
    if not shutil.which("gnome-keyring-daemon") or not shutil.which("dbus-run-session"):
        pytest.skip("gnome-keyring-daemon or dbus-run-session is not installed")
    script = f'{start}"{sys.executable}" -m tests.contract.test_secrets "{argument}"'
    no_display = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environ = {**no_display, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    ended = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],
        env=environ, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


if __name__ == "__main__":
    if sys.argv[1] == REAL:
        promises(SystemSecrets("test-home"))
    else:
        assert SystemSecrets("test-home").get(STUDIO) is None
        SystemSecrets("test-home").delete(STUDIO)
    print(sys.argv[1])
