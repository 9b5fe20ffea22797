"""`workbench cloud`: the words and codes that scripts see, without a keychain; asked is a provider on loopback."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.cloud_servers import KEY, CloudServer
from workbench.cli.main import main
from workbench.cli.output import NETWORK, OK, REFUSED, STORAGE, USAGE
from workbench.settings import load

Captured = pytest.CaptureFixture[str]
Types = Callable[[str], None]


@pytest.fixture(autouse=True)
def _no_keychain(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Types:
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with CloudServer(models=[{"id": "gpt-oss-120b", "context_length": 131072}, {"id": "new-one"}]) as server:
        yield server


def cloud(*arguments: str) -> int:
    return main(["cloud", *arguments])


def told(capsys: Captured) -> Any:
    return json.loads(capsys.readouterr().out)


def test_off_until_it_is_switched_on(capsys: Captured, home: Path, types: Types) -> None:
    types(KEY)
    assert cloud("test", "groq", "--key-stdin") == REFUSED
    assert "The cloud is off." in capsys.readouterr().err
    assert cloud("on", "--json") == OK
    assert told(capsys) == {"enabled": True}
    assert load(home / "config.toml")[0].cloud.enabled
    assert cloud("off") == OK
    assert "nothing is sent" in capsys.readouterr().err
    assert not load(home / "config.toml")[0].cloud.enabled


def test_providers_with_what_they_keep(capsys: Captured) -> None:
    assert cloud("providers", "--json") == OK
    found = {one["id"]: one for one in told(capsys)}
    assert len(found) == 10
    assert found["groq"]["retention"]["source"] == "https://console.groq.com/docs/your-data"
    assert found["deepseek"]["retention"] is None
    assert found["groq"]["key_last_four"] is None
    assert "no keychain" in found["groq"]["key_note"]
    assert cloud("providers") == OK
    assert "DeepSeek: not known." in capsys.readouterr().out


def test_a_provider_of_ones_own_from_login_to_logout(
    capsys: Captured, home: Path, types: Types, server: CloudServer
) -> None:
    cloud("on")
    types(f"{KEY}\n")
    assert cloud("login", "mine", "--base-url", server.base_url, "--json") == STORAGE  # nowhere to keep it
    found = told(capsys)
    assert (found["base_url"], found["own"], found["kept"]) == (server.base_url, True, False)
    assert load(home / "config.toml")[0].cloud.addresses == {"mine": server.base_url}
    assert server.asked == []
    assert cloud("test", "mine") == REFUSED
    types(KEY)
    assert cloud("test", "mine", "--key-stdin", "--json") == OK
    assert told(capsys) == {"ok": True, "models": 2, "words": "mine takes the key, and lists 2 models."}
    types("sk-another-key-0000")
    assert cloud("test", "mine", "--key-stdin") == NETWORK
    assert "does not accept the key" in capsys.readouterr().err
    types(KEY)
    assert cloud("models", "mine", "--refresh", "--key-stdin", "--json") == OK
    assert {one["model"]: (one["kind"], one["price"]) for one in told(capsys)} == {
        "gpt-oss-120b": ("open", None), "new-one": (None, None),
    }  # fmt: skip
    assert cloud("logout", "mine", "--address") == OK
    assert cloud("models", "mine") == USAGE
    assert "No provider is called 'mine'" in capsys.readouterr().err
    assert not [file for file in home.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://example.org/v1", REFUSED),
        ("example.org", USAGE),
        ("https://a:b@example.org", USAGE),
        ("ftp://x", USAGE),
    ],
)
def test_addresses_that_are_not_taken(capsys: Captured, home: Path, types: Types, address: str, code: int) -> None:
    types(KEY)
    assert cloud("login", "mine", "--base-url", address) == code
    assert KEY not in "".join(capsys.readouterr())
    assert sys.stdin.read() == KEY  # it was told before
    assert not load(home / "config.toml")[0].cloud.addresses


def test_a_name_that_nobody_has_is_told_before_a_key_is_read(capsys: Captured, types: Types) -> None:
    types(KEY)
    assert cloud("login", "nobody") == USAGE
    assert "No provider is called 'nobody'" in capsys.readouterr().err
    assert sys.stdin.read() == KEY


@pytest.mark.parametrize("typed", ["", "\n", "two words", "x" * 5000])
def test_what_is_no_key(capsys: Captured, types: Types, typed: str) -> None:
    types(typed)
    assert cloud("login", "groq") == USAGE
    assert "Traceback" not in capsys.readouterr().err


def test_one_open_model_side_by_side(capsys: Captured) -> None:
    assert cloud("models", "--compare", "gpt-oss-120b", "--json") == OK
    found = told(capsys)
    assert [one["provider"] for one in found] == ["openrouter", "fireworks", "groq", "together"]
    sums = [one["price"]["input_micros"] + one["price"]["output_micros"] for one in found]
    assert sums == sorted(sums)
    assert next(one["tokens_per_second"] for one in found if one["provider"] == "groq") == 500
    assert all(one["retention"]["source"] and one["price"]["date"] for one in found)
    assert cloud("models", "--compare", "GPT-OSS-120B") == OK
    shown = capsys.readouterr().out
    assert "PROVIDER" in shown
    assert "OpenRouter    0.10    0.50     ?" in shown
    assert cloud("models", "--compare", "gpt-9") == USAGE
    assert "gpt-oss-120b" in capsys.readouterr().err


def test_a_price_of_ones_own(capsys: Captured) -> None:
    name = "groq/openai/gpt-oss-120b"
    assert cloud("prices", name, "--input", "0.2", "--output", "0.75", "--cached", ".1", "--json") == OK
    price = told(capsys)["price"]
    assert (price["input_micros"], price["output_micros"], price["cached_micros"]) == (200_000, 750_000, 100_000)
    assert (price["source"], price["currency"], price["tokens"]) == ("you", "USD", 1_000_000)
    assert cloud("prices", name, "--listed") == OK
    assert "sent       $0.15" in capsys.readouterr().out
    assert cloud("prices", "groq/new/model") == OK
    assert "the price is not known" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--input", "0.1"), ("--input", "-1", "--output", "1"), ("--input", "NaN", "--output", "1"),
        ("--input", "0,1", "--output", "1"), ("--input", "1e3", "--output", "1"), ("--input", "", "--output", ""),
        ("--listed", "--input", "1", "--output", "1"), ("--input", "9999999", "--output", "1"),
    ],
)  # fmt: skip
def test_prices_that_are_none(capsys: Captured, arguments: tuple[str, ...]) -> None:
    assert cloud("prices", "groq/openai/gpt-oss-120b", *arguments) == USAGE
    assert "Traceback" not in capsys.readouterr().err


def test_whose_list_is_asked_for(capsys: Captured) -> None:
    assert cloud("models", "--refresh") == USAGE
    assert cloud("models", "--json") == OK
    assert len(told(capsys)) > 40


def test_the_model_that_is_proposed(capsys: Captured, home: Path) -> None:
    assert cloud("propose") == OK
    assert "The cloud is off" in capsys.readouterr().err
    cloud("on")
    assert cloud("propose", "--json") == OK
    assert told(capsys)["open_model"] == "gpt-oss-120b"
    assert cloud("propose", "anthropic/claude-sonnet-5-5") == OK
    assert "anthropic/claude-sonnet-5-5, for a million tokens" in capsys.readouterr().out
    assert load(home / "config.toml")[0].cloud.model == "anthropic/claude-sonnet-5-5"
    for wrong in (("nobody/x",), ("groq",), ("groq/x", "--default")):
        assert cloud("propose", *wrong) == USAGE
    assert cloud("propose", "--default", "--json") == OK
    assert told(capsys)["open_model"] == "gpt-oss-120b"
