"""Lists of servers of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.tools.servers.conftest import Desk
from workbench.errors import UsageError
from workbench.tools.servers.definition import Definition
from workbench.tools.servers.importing import read_file, read_text, without_comments

CLAUDE = """{
  "globalShortcut": "", "mcpServers": {
    "filesystem": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/Users/me/Desktop"]},
    "GitHub (work)": {"command": "docker", "args": ["run", "-i", "-e", "GITHUB_PERSONAL_ACCESS_TOKEN"],
      "env": {"GITHUB_PERSONAL_ACCESS_TOKEN": "ghp_0123456789abcdefghijABCDEFGHIJ"}, "disabled": false, "timeout": 60}
  }
}"""
CODE = """// what VS Code writes
{
  "inputs": [
    {"type": "promptString", "id": "perplexity-key", "description": "Key", "password": true},
    {"type": "pickString", "id": "region", "options": ["eu", "us"], "default": "eu"},
  ],
  "servers": {
    "perplexity": {"type": "stdio", "command": "npx", "args": ["-y", "server-perplexity", "--region=${input:region}"],
      "env": {"PERPLEXITY_API_KEY": "${input:perplexity-key}"}, /* its key is asked for */
      "envFile": "${workspaceFolder}/.env"},
    "fetch": {"type": "http", "url": "https://mcp.example.org/mcp", "headers": {"Authorization": "Bearer ${env:TOKEN}"}},
    "here": {"command": "node", "args": ["${workspaceFolder}/server.js"]},
    "socket": {"type": "ws", "url": "wss://x"},
    "wrong": {"command": ["npx"]},
    "nothing": {},
  },
}"""


def test_a_list_of_claude_desktop_with_keys_for_the_keychain() -> None:
    found = read_text(CLAUDE)
    files, github = found.servers
    assert (files.name, files.definition.command, files.keys) == ("filesystem", "npx", {})
    assert github.name == "GitHub-work"
    assert dict(github.definition.environment) == {
        "GITHUB_PERSONAL_ACCESS_TOKEN": "${secret:GITHUB_PERSONAL_ACCESS_TOKEN}"
    }
    assert github.keys == {"GITHUB_PERSONAL_ACCESS_TOKEN": "ghp_0123456789abcdefghijABCDEFGHIJ"}
    assert github.notes == ("“GitHub (work)” is called GitHub-work here.", "Not taken over: timeout.")
    assert "ghp_" not in repr(found)
    assert found.problems == ()


def test_a_list_of_vs_code_with_comments_inputs_and_what_is_not_understood() -> None:
    found = read_text(CODE)
    servers = {one.name: one for one in found.servers}
    assert list(servers) == ["perplexity", "fetch", "here"]
    assert servers["perplexity"].definition == Definition(
        "npx",
        ("-y", "server-perplexity", "--region=eu"),
        (("PERPLEXITY_API_KEY", "${secret:perplexity-key}"),),
    )
    assert servers["perplexity"].notes == ("Not taken over: envFile.",)
    assert servers["fetch"].definition.headers == (("Authorization", "Bearer ${env:TOKEN}"),)
    assert "workspaceFolder" in servers["here"].notes[0]
    assert len(found.problems) == 3
    assert all(
        problem.startswith(f"“{name}”")
        for problem, name in zip(found.problems, ["socket", "wrong", "nothing"], strict=True)
    )


def test_servers_within_the_settings_of_an_editor() -> None:
    found = read_text('{"editor.fontSize": 12, "mcp": {"servers": {"a": {"command": "x"}}}}')
    assert [one.name for one in found.servers] == ["a"]


def test_two_names_that_become_one_are_told_apart() -> None:
    found = read_text('{"mcpServers": {"a b": {"command": "x"}, "a-b": {"command": "y"}, "—": {"command": "z"}}}')
    assert [one.name for one in found.servers] == ["a-b", "a-b-2", "server"]


def test_comments_and_commas_in_strings_stay() -> None:
    assert without_comments('{"a": "// no, }", /* x */ "b": "\\\\", "c": [1, 2, ], } // end').split() == [
        '{"a":', '"//', "no,", '}",', '"b":', '"\\\\",', '"c":', "[1,", "2", "]", "}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "no", "[]", "{}", '{"mcpServers": []}', "{" * 100_000, '{"a": "unclosed', "/* open"]
)
def test_what_names_no_servers_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_text(text)


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    large, binary = tmp_path / "large.json", tmp_path / "binary.json"
    large.write_bytes(b" " * (2 << 20))
    binary.write_bytes(b"\xff\xfe\x00")
    for file in (tmp_path / "missing.json", large, binary, tmp_path):
        with pytest.raises(UsageError):
            read_file(file)


def test_imported_servers_are_off_and_only_new_ones_are_taken(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "claude_desktop_config.json"
    file.write_text(CLAUDE, encoding="utf-8")
    added = desk.servers.add_imported(desk.servers.read_import(file).servers)
    assert [(one.server.name, one.server.enabled, one.server.is_agreed) for one in added] == [
        ("filesystem", False, False),
        ("GitHub-work", False, False),
    ]
    assert list(desk.secrets.kept.values()) == ["ghp_0123456789abcdefghijABCDEFGHIJ"]
    again = desk.servers.read_import(file)
    assert again.servers == ()
    assert again.problems == ("Already here: filesystem, GitHub-work.",)
