"""What may be typed, and which parts of it are keys."""

from __future__ import annotations

import json

import pytest

from workbench.errors import RefusedError, UsageError, WorkbenchError
from workbench.tools.servers.definition import (
    Definition,
    check_name,
    checked,
    from_json,
    name_from,
    to_json,
)
from workbench.tools.servers.importing import read_text
from workbench.tools.servers.keys import without_keys

TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ"


@pytest.mark.parametrize(
    "definition",
    [
        Definition("npx", ("-y", "a-server", "/tmp"), (("LANG", "C"),), "~/work"),
        Definition(url="https://tools.example.org/mcp?x=1", headers=(("X-Team", "blue"),)),
        Definition(url="http://127.0.0.1:8080/mcp"),
        Definition(url="http://[::1]:8080/mcp"),
        Definition(url="http://nas.local/mcp"),
    ],
)
def test_what_can_be_used_is_kept_as_it_is(definition: Definition) -> None:
    assert from_json(to_json(checked(definition))) == definition
    assert without_keys(definition) == (definition, {})


@pytest.mark.parametrize(
    "definition",
    [
        Definition(),
        Definition("npx", url="https://example.org"),
        Definition("npx\0"),
        Definition("npx", ("x" * 10_000,)),
        Definition("npx", tuple("x" for _ in range(300))),
        Definition("npx", (), (("A B", "x"),)),
        Definition(url="ftp://example.org/"),
        Definition(url="https://"),
        Definition(url="https://example.org:99999/"),
        Definition(url="https://user:word@example.org/"),
        Definition(url="https://example.org/a b"),
        Definition(url="https://[::1/"),
        Definition(url="https://example.org/", headers=(("Host", "x"),)),
        Definition(url="https://example.org/", headers=(("X-A", "x\r\nX-B: y"),)),
        Definition(url="http://example.org/mcp"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(definition: Definition) -> None:
    with pytest.raises(WorkbenchError) as caught:
        checked(definition)
    assert caught.value.message.endswith(".")


def test_http_to_the_internet_is_refused_as_such() -> None:
    with pytest.raises(RefusedError, match=r"example\.org:80 is on the internet"):
        checked(Definition(url="http://example.org/mcp"))


@pytest.mark.parametrize("raw", [{"command": 5}, {"command": "x", "args": "y"}, {"command": "x", "env": {"A": []}}])
def test_json_of_another_shape_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        from_json(raw)


@pytest.mark.parametrize(
    ("text", "name"), [("git hub!", "git-hub"), ("—", ""), ("a" * 50, "a" * 32), ("@x/y.z", "x-y-z")]
)
def test_names_of_others_become_names_of_ours(text: str, name: str) -> None:
    assert name_from(text) == name
    if name:
        assert check_name(name) == name


@pytest.mark.parametrize("name", ["", "a b", "a_b", "-a", "a" * 33, "ä"])
def test_names_that_models_could_not_say_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        check_name(name)


@pytest.mark.parametrize("name", ["built-in", "Built-In"])
def test_no_server_passes_for_the_program_itself(name: str) -> None:
    with pytest.raises(UsageError, match="the program's own name"):
        check_name(name)
    (taken_over,) = read_text(json.dumps({"mcpServers": {name: {"command": "uvx"}}})).servers
    assert taken_over.name == f"{name}-2"


def test_each_part_is_in_the_hash() -> None:
    definitions = [
        Definition("a"),
        Definition("a", ("b",)),
        Definition("a", (), (("b", "c"),)),
        Definition("a", (), (), "b"),
        Definition(url="https://a.example/"),
        Definition(url="https://a.example/", headers=(("b", "c"),)),
    ]
    assert len({definition.hash for definition in definitions}) == len(definitions)


def test_keys_of_all_places_are_found() -> None:
    program = Definition(
        "npx",
        (
            "-y",
            "server",
            "--api-key",
            "s3cret",
            f"--token={TOKEN}",
            "postgresql://me:word@localhost/db",
            "--port",
            "8080",
        ),
        (("GITHUB_TOKEN", TOKEN), ("DEBUG", "true"), ("AUTH", "no"), ("PLAIN", "sk-abcdefghijklmnop1234")),
    )
    clean, keys = without_keys(program)
    assert clean.arguments == (
        "-y", "server", "--api-key", "${secret:api-key}", "--token=${secret:token}", "${secret:argument}", "--port", "8080",
    )  # fmt: skip
    assert dict(clean.environment) == {
        "GITHUB_TOKEN": "${secret:GITHUB_TOKEN}", "DEBUG": "true", "AUTH": "no", "PLAIN": "${secret:PLAIN}",
    }  # fmt: skip
    assert keys["api-key"] == "s3cret"
    assert keys["argument"] == "postgresql://me:word@localhost/db"
    assert clean.filled(lambda _kind, name: keys[name]) == program
    assert set(clean.secrets) == set(keys)
    assert TOKEN not in str(clean)


def test_keys_of_an_address_are_found_and_bound_to_it() -> None:
    address = Definition(
        url=f"https://mcp.example.org/mcp?apiKey={TOKEN}&lang=en", headers=(("Authorization", "Bearer abc12345"),)
    )
    clean, keys = without_keys(address)
    assert clean.url == "https://mcp.example.org/mcp?apiKey=${secret:apiKey}&lang=en"
    assert clean.headers == (("Authorization", "${secret:Authorization}"),)
    assert clean.filled(lambda _kind, name: keys[name]) == address
    assert clean.origin == "https://mcp.example.org:443"


def test_two_keys_of_one_name_are_two_keys() -> None:
    definition = Definition("x", (f"--token={TOKEN}", "--token=another-one"), (("token", "a-third"),))
    clean, keys = without_keys(definition)
    assert sorted(keys.values()) == sorted([TOKEN, "another-one", "a-third"])
    assert clean.filled(lambda _kind, name: keys[name]) == definition


PLAIN = (
    "@modelcontextprotocol/server-filesystem",
    "/home/me/documents",
    "https://example.org/a",
    "mcp-server-time==2026.1.2",
    "a-very-long-name-of-some-package-without-digits",
    "2026-11-23T12:00:00+00:00",
    "ghcr.io/github/github-mcp-server:v1.2.3",
)


@pytest.mark.parametrize("value", PLAIN)
def test_what_is_no_key_stays_in_sight(value: str) -> None:
    assert without_keys(Definition("x", (value,)))[1] == {}


def test_what_a_person_marks_is_a_key() -> None:
    clean, keys = without_keys(Definition("x", (), (("WORKSPACE", "blue"), ("EMPTY", ""))), ["WORKSPACE", "EMPTY"])
    assert keys == {"WORKSPACE": "blue"}
    assert dict(clean.environment)["EMPTY"] == ""
