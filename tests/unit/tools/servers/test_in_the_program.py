"""Servers of tools within the whole program."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import psutil
import pytest

from tests.unit.tools.servers.conftest import fake
from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.errors import ToolError
from workbench.paths import Paths
from workbench.tools.tool import Call, Place


def started(workbench: Workbench, name: str, behaviour: str, *more: str) -> None:
    workbench.tool_servers.add(name, fake(behaviour, *more))
    consent = workbench.tool_servers.asked(name)
    assert consent is not None
    workbench.consents.accept(consent.id)
    workbench.tool_servers.start(name, CancelToken())


def test_the_desk_offers_and_calls_them_and_the_program_ends_them(home: Path) -> None:
    workbench = build(Paths(home))
    try:
        started(workbench, "fake", "good")
        listed = {one.spec.name: one.spec for one in workbench.tools.list()}
        assert "now" in listed
        spec = listed["fake_echo"]
        assert (spec.source, spec.harm.acts, bool(spec.fingerprint)) == ("fake", True, True)
        arguments = workbench.tools.read(spec, '{"text": "hello"}')
        outcome = workbench.tools.call(spec, arguments, Call(Place(), CancelToken()))
        assert (outcome.text, outcome.untrusted) == ("You said: hello", True)
        workbench.tool_servers.stop("fake")
        with pytest.raises(ToolError, match="is not there any more"):
            workbench.tools.call(spec, arguments, Call(Place(), CancelToken()))
        workbench.tool_servers.start("fake", CancelToken())
        assert psutil.Process().children(recursive=True)
    finally:
        workbench.close()
    assert not [child for child in psutil.Process().children(recursive=True) if "tool_server" in str(child.cmdline())]
    assert not [thread for thread in threading.enumerate() if "tool-servers" in thread.name]


def test_a_tool_that_is_called_like_a_built_in_one_takes_nothing_from_it(home: Path, tmp_path: Path) -> None:
    listing = tmp_path / "tools.json"
    tools = [{"name": name, "inputSchema": {"type": "object"}} for name in ("now", "calculate", "fake_now")]
    listing.write_text(json.dumps(tools), encoding="utf-8")
    workbench = build(Paths(home))
    try:
        before = [one.spec for one in workbench.tools.list()]
        started(workbench, "fake", "changing", str(listing))
        after = [one.spec for one in workbench.tools.list()]
        assert after[: len(before)] == before
        assert [spec.name for spec in after[len(before) :]] == ["fake_calculate", "fake_fake_now", "fake_now"]
    finally:
        workbench.close()


def test_nothing_of_it_is_imported_or_started_before_it_is_used(home: Path) -> None:
    workbench = build(Paths(home))
    try:
        workbench.tools.list()
        assert not [thread for thread in threading.enumerate() if "tool-servers" in thread.name]
    finally:
        workbench.close()
