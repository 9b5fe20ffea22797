"""Another machine over the real command line: a real llama-server behind a key, the key in a real keychain, one process
after another. And the canary: the key stands in no file, no output, no command line and no environment of ours."""

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

from tests.fakes.network_server import serving

pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(180),
    pytest.mark.skipif(sys.platform != "linux", reason="the keychain of this system is the person's own"),
]
KEY = "sk-canary+4711/x"
# Each line is a process of its own. What a process's command line and environment hold is read while it waits.
SCRIPT = r"""
echo -n secret | gnome-keyring-daemon --unlock --components=secrets > /dev/null
W="$PYTHON -m workbench.entry"
$W servers add "$2" --name studio < "$1/typed"; echo "without consent: $?"
$W servers add "$2" --name studio --yes; echo "without key: $?"
(cat "$1/typed"; sleep 3) | $W servers add "$2" --name studio --mine --key-stdin --yes & added=$!
sleep 2
for p in /proc/[0-9]*; do
  tr '\0' ' ' < $p/cmdline 2>/dev/null | grep -q 'workbench.entry servers' && cat $p/cmdline $p/environ
done > "$1/seen" 2>/dev/null
wait $added; echo "added: $?"
rm "$1/typed"
$W chat -m "@studio" --max-tokens 4 --json "Hello"; echo "chat: $?"
$W servers remove studio; echo "removed: $?"
"""


@pytest.mark.keeps_children
def test_from_the_consent_to_an_answer_with_the_key_in_a_real_keychain(
    starter_model: Path, llama_server: Path, tmp_path: Path
) -> None:
    if not shutil.which("gnome-keyring-daemon") or not shutil.which("dbus-run-session"):
        pytest.skip("gnome-keyring-daemon or dbus-run-session is not installed")
    home, work, server = tmp_path / "home", tmp_path / "work", tmp_path / "server"
    for folder in (work, server):
        folder.mkdir()
    (work / "typed").write_text(KEY + "\n", encoding="utf-8")
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DBUS_")},
        "HOME": str(work), "XDG_DATA_HOME": str(work), "XDG_RUNTIME_DIR": str(work),
        "WORKBENCH_HOME": str(home), "PYTHON": sys.executable,
    }  # fmt: skip
    with serving(llama_server, starter_model, server, KEY) as url:
        ended = subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", SCRIPT, "sh", str(work), url],
            env=environ, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=150, check=False,
        )  # fmt: skip
    told = ended.stdout
    for line in ("without consent: 6", "without key: 4", "added: 0", "chat: 0", "removed: 0"):
        assert line in told, ended.stdout + ended.stderr
    assert "refuses the key" in ended.stderr
    end = next(json.loads(line) for line in told.splitlines() if line.startswith('{"event": "end"'))
    assert end["usage"]["completion_tokens"] == 4
    assert (work / "seen").read_bytes().count(b"servers")  # something was looked at
    shapes = [KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode().rstrip("=")[:-2]]
    files = [file for folder in (home, work) for file in folder.rglob("*") if file.is_file() and not file.is_socket()]
    assert any(file.name == "workbench.db" for file in files)
    for place in [*(file.read_bytes() for file in files), ended.stdout.encode(), ended.stderr.encode()]:
        assert not [shape for shape in shapes if shape.encode() in place]
