"""A real model that wants to search the web: nothing connects while the search is off or waits for its consent, and what a
person agreed to is what is sent. `strace` looks at every connection of the program and its children."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.search_servers import SearchServer, query_of

ROOT = Path(__file__).parent.parent.parent
pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(180),
    pytest.mark.skipif(sys.platform != "linux", reason="strace"),
]
WANTS = {"tool": "web_search", "arguments": '{"query":"high water in Brest"}', "told": "It is at 06:42."}
_CALLED = re.compile(r"\b(connect|sendto|sendmsg)\(\d+, (.*)")
_INTERNET = re.compile(r"AF_INET6?\b.*?sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )\"([^\"]+)\"")


def workbench(*arguments: str, traced: Path | None = None) -> subprocess.CompletedProcess[str]:
    strace = ["strace", "-f", "-q", "-e", "trace=connect,sendto,sendmsg", "-o", str(traced)] if traced else []
    return subprocess.run(
        [*strace, sys.executable, "-m", "workbench.entry", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )


def reached(trace: Path) -> set[tuple[str, int]]:
    """Addresses and ports of the internet's families that anything was sent to."""
    called = [match[2] for line in trace.read_text(errors="replace").splitlines() if (match := _CALLED.search(line))]
    assert called, "strace saw nothing at all"
    return {(found[2], int(found[1])) for one in called if (found := _INTERNET.search(one))}


def test_nothing_connects_before_the_person_agrees_and_then_only_to_whom_they_chose(
    home: Path, tiny_model: Callable[..., Path], tmp_path: Path
) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    model = tiny_model("qwen3moe", **WANTS)
    (home / "models").mkdir(parents=True)
    os.link(model, home / "models" / model.name)
    asking = ("chat", "When?", "--tools")
    off, waiting, agreed = (tmp_path / name for name in ("off", "waiting", "agreed"))
    with SearchServer("searxng") as server:
        port = server.address.port
        answered = workbench(*asking, "calculate,now", traced=off)  # it calls the search all the same
        assert answered.returncode == 0, answered.stderr

        assert workbench("tools", "web", "--address", server.address.base_url).returncode == 0
        asked = workbench(*asking, "web_search,fetch_page", traced=waiting)
        assert asked.returncode == 6, asked.stderr
        assert server.asked == []
        (question,) = json.loads(workbench("consents", "list", "--json").stdout)
        assert "high water in Brest" in json.dumps(question)
        assert f"127.0.0.1:{port}" in json.dumps(question)

        gone_on = workbench("consents", "accept", question["id"], traced=agreed)
        assert gone_on.returncode == 0, gone_on.stderr
        assert "It is at 06:42." in gone_on.stdout
        assert [query_of(one) for one in server.asked] == ["high water in Brest"]
    for trace in (off, waiting):
        assert all(host in ("127.0.0.1", "::1") and to != port for host, to in reached(trace)), reached(trace)
    assert ("127.0.0.1", port) in reached(agreed)
    assert all(host in ("127.0.0.1", "::1") for host, _port in reached(agreed))
