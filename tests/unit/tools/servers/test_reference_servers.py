"""The protocol's own servers, over pipes and over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.mcp_reference import ReferenceServers
from tests.patience import until
from tests.unit.tools.servers.conftest import Desk
from workbench.errors import ToolError
from workbench.tools.servers.definition import Definition
from workbench.tools.servers.offer import State
from workbench.tools.tool import Harm, Place


def test_everything_over_pipes(desk: Desk, reference_servers: ReferenceServers) -> None:
    offer = desk.start("all", Definition("node", (reference_servers.script("server-everything"), "stdio")))
    assert offer.health.state is State.READY
    assert {"echo", "get-sum", "get-tiny-image"} <= {tool.name for tool in offer.enabled_tools}
    assert desk.call("all_echo", message="hello").text == "Echo: hello"
    assert "is 5" in desk.call("all_get-sum", a=2, b=3).text
    picture = desk.call("all_get-tiny-image").text
    assert "[A picture (image/png, 4,035 bytes): it is not shown.]" in picture
    assert '"temperature"' in desk.call("all_get-structured-content", location="New York").text
    assert "[Linked: " in desk.call("all_get-resource-links", count=2).text
    assert "plaintext resource" in desk.call("all_get-resource-reference", resourceType="Text", resourceId=1).text
    heard: list[str] = []
    desk.call("all_trigger-long-running-operation", tell=heard.append, duration=0.2, steps=2)
    assert heard == ["1 of 2", "2 of 2"]
    with pytest.raises(ToolError, match="all could not do it"):
        desk.call("all_get-sum", a="two", b=3)


def test_files_over_pipes(desk: Desk, reference_servers: ReferenceServers, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    desk.start("files", Definition("node", (reference_servers.script("server-filesystem"), str(inside))))
    desk.call("files_write_file", path=str(inside / "note.txt"), content="Grüße")
    assert (inside / "note.txt").read_text(encoding="utf-8") == "Grüße"
    assert desk.call("files_read_text_file", path=str(inside / "note.txt")).text == "Grüße"
    with pytest.raises(ToolError, match="Access denied"):
        desk.call("files_read_text_file", path=str(tmp_path / "outside.txt"))


@pytest.fixture
def address(reference_servers: ReferenceServers) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["node", reference_servers.script("server-everything"), "streamableHttp"]
    environment = {**os.environ, "PORT": str(port)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        until(lambda: _answers(port))
        yield f"http://127.0.0.1:{port}/mcp"
        server.kill()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_everything_over_http(desk: Desk, address: str) -> None:
    offer = desk.start("all", Definition(url=address))
    assert offer.health.state is State.READY
    spec = next(one for one in desk.servers.specs(Place()) if one.name == "all_echo")
    assert (spec.harm, spec.destination) == (Harm.SEND, address.removeprefix("http://").removesuffix("/mcp"))
    assert desk.call("all_echo", message="hello").text == "Echo: hello"
    heard: list[str] = []
    desk.call("all_trigger-long-running-operation", tell=heard.append, duration=0.2, steps=2)
    assert heard == ["1 of 2", "2 of 2"]
