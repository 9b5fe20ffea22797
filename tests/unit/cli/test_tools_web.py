"""`workbench tools web`: choosing, keys, trying, and the words and codes that scripts see."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.fakes import search_servers as servers
from tests.fakes.search_servers import SearchServer
from workbench.cli.main import main
from workbench.cli.output import ENGINE, OK, USAGE
from workbench.settings import load

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _no_keychain(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


def web(*arguments: str) -> int:
    return main(["tools", "web", *arguments])


def test_from_nobody_over_an_own_searxng_and_back(capsys: Captured, home: Path) -> None:
    assert web() == OK
    assert "Nobody is asked" in capsys.readouterr().out
    with SearchServer("searxng") as server:
        assert web("--address", server.address.base_url) == OK
        assert f"SearXNG at 127.0.0.1:{server.address.port} is asked" in capsys.readouterr().out
        assert server.asked == []
        assert load(home / "config.toml")[0].tools.web_search == "searxng"
        assert web("--test", "high water") == OK
        shown = capsys.readouterr()
        assert f"GET {server.address.base_url}{server.asked[0].path}" in shown.err
        assert shown.out.startswith("Tide tables (2026-11-20)\n  https://tides.example/brest\n")
        assert web("--json", "--test", "high water") == OK
        said = json.loads(capsys.readouterr().out)
        assert (said["name"], said["has_key"], said["test"]["request"]["method"]) == ("searxng", False, "GET")
        assert [one["date"] for one in said["test"]["results"]] == ["2026-11-20", ""]
        assert web("--off") == OK
        assert web("--test", "high water") == USAGE
        assert len(server.asked) == 2
    assert load(home / "config.toml")[0].tools.web_search == ""


def test_a_key_comes_over_standard_input_and_is_in_no_file(
    capsys: Captured, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("canary-key-4711x\n"))
    assert web("--provider", "tavily", "--key-stdin", "--json") == OK
    told = capsys.readouterr()
    assert "no keychain" in json.loads(told.out)["note"]
    assert json.loads(told.out)["key_ending"] == "711x"
    assert "canary-key" not in told.out + told.err
    assert not any(b"canary-key" in file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert web() == OK
    assert "no keychain" in capsys.readouterr().out  # which another process asks in vain
    assert web("--forget-key") != OK  # no keychain that could have it, none that could forget it


@pytest.mark.parametrize(
    "arguments",
    [
        ("--off", "--provider", "exa"),
        ("--provider", "altavista"),
        ("--key-stdin",),
        ("--forget-key",),
        ("--provider", "searxng"),
        ("--address", "http://a b"),
        ("--provider", "searxng", "--address", "ftp://a.example"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(
    arguments: tuple[str, ...], capsys: Captured, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert web(*arguments) == USAGE
    assert capsys.readouterr().err.startswith("workbench: ")
    assert load(home / "config.toml")[0].tools.web_search == ""


def test_a_search_that_fails_is_a_tool_that_failed(capsys: Captured) -> None:
    with SearchServer("searxng", fault=servers.status(403)) as server:
        assert web("--address", server.address.base_url, "--test", "x") == ENGINE
        assert "does not answer in JSON" in capsys.readouterr().err
