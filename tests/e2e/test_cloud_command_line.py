"""The key of a provider over the real command line: kept in a real keychain, one process after another, at its origin only,
locked and gone. And the canary: the key stands in no file, no output, no command line and no environment of ours."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.fakes.cloud_servers import CloudServer

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform != "linux", reason="the keychain of this system is the person's own"),
]
KEY = "sk-canary+4711/xyzw"
# Each line is a process of its own. What a process's command line and environment hold is read while it waits.
SCRIPT = r"""
echo -n secret | gnome-keyring-daemon --unlock --components=secrets > /dev/null
W="$PYTHON -m workbench.entry cloud"
(cat "$1/typed"; sleep 2) | $W login mine --base-url "$2" & kept=$!
sleep 1.3
for p in /proc/[0-9]*; do
  tr '\0' ' ' < $p/cmdline 2>/dev/null | grep -q 'workbench.entry cloud' && cat $p/cmdline $p/environ
done > "$1/seen" 2>/dev/null
wait $kept; echo "kept: $?"
rm "$1/typed"
$W test mine; echo "off: $?"
$W on; echo "on: $?"
$W test mine; echo "tested: $?"
$W models mine --refresh --json > "$1/models"; echo "fetched: $?"
cp "$WORKBENCH_HOME/config.toml" "$1/config.toml"
printf '[cloud]\nenabled = true\n[cloud.addresses]\nmine = "%s"\n' "$3" > "$WORKBENCH_HOME/config.toml"
$W test mine; echo "elsewhere: $?"
cp "$1/config.toml" "$WORKBENCH_HOME/config.toml"
(cat "$1/again"; sleep 1) | $W login openai > /dev/null; echo "second: $?"
$W logout openai; echo "out: $?"
$W providers --json > "$1/providers"
$PYTHON -c 'import secretstorage as s; b = s.dbus_init(); s.get_default_collection(b).lock(); b.close()'
timeout 60 $W test mine; echo "locked: $?"
DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent $W test mine; echo "gone: $?"
DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent $W test mine --key-stdin < "$1/again"; echo "for now: $?"
rm "$1/again"
"""


@pytest.mark.keeps_children
def test_from_login_to_a_locked_keychain(tmp_path: Path) -> None:
    if not shutil.which("gnome-keyring-daemon") or not shutil.which("dbus-run-session"):
        pytest.skip("gnome-keyring-daemon or dbus-run-session is not installed")
    home, work = tmp_path / "home", tmp_path / "work"
    work.mkdir()
    for name in ("typed", "again"):
        (work / name).write_text(KEY + "\n", encoding="utf-8")
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DBUS_")},
        "HOME": str(work), "XDG_DATA_HOME": str(work), "XDG_RUNTIME_DIR": str(work),
        "WORKBENCH_HOME": str(home), "PYTHON": sys.executable,
    }  # fmt: skip
    with CloudServer(key=KEY) as server, CloudServer(key=KEY) as other:
        ended = subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", SCRIPT, "sh", str(work), server.base_url, other.base_url],
            env=environ, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
    told = ended.stdout + ended.stderr
    for line in (
        "kept: 0", "off: 6", "on: 0", "tested: 0", "fetched: 0", "elsewhere: 6", "second: 0", "out: 0", "locked: 6",
        "gone: 6", "for now: 0",
    ):  # fmt: skip
        assert f"{line}\n" in ended.stdout, told
    assert [one.headers["authorization"] for one in server.asked] == [f"Bearer {KEY}"] * 3
    assert other.connections == 0
    assert "keychain of this system is locked" in ended.stderr
    known = {one["id"]: one["key_last_four"] for one in json.loads((work / "providers").read_text(encoding="utf-8"))}
    assert (known["mine"], known["openai"]) == (KEY[-4:], None)
    assert (work / "seen").read_bytes().count(b"cloud")  # something was looked at
    shapes = [KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode().rstrip("=")[:-2]]
    files = [file for folder in (home, work) for file in folder.rglob("*") if file.is_file() and not file.is_socket()]
    assert any(file.name == "workbench.db" for file in files)
    for place in [*(file.read_bytes() for file in files), told.encode()]:
        assert not [shape for shape in shapes if shape.encode() in place]
