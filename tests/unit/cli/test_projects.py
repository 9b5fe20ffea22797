"""`workbench projects` and `chat --project`: shapes, words and exit codes; over real services and a server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import openai_servers as fake
from tests.fakes.openai_servers import OpenAiServer
from workbench.cli.main import main
from workbench.cli.output import OK, REFUSED, USAGE

Captured = pytest.CaptureFixture[str]
ACTIONS = ("list", "show", "export", "create", "change", "remove", "restore", "add-chat", "remove-chat")


@pytest.fixture
def server() -> Iterator[OpenAiServer]:
    with OpenAiServer(fake.ollama(), "Hello from afar.") as running:
        yield running


@pytest.fixture(autouse=True)
def _no_keychain(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


def asked(server: OpenAiServer) -> list[Any]:
    """The messages of each question that it was sent."""
    return [one.json["messages"] for one in server.questions if one.path.endswith("/chat/completions")]


def told(capsys: Captured, *words: str, code: int = OK) -> Any:
    """What a command tells in JSON."""
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_project_from_making_it_to_its_return(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Notes.")
    words = ["--folder", str(tmp_path), "--file", str(file), "--prompt", "outline"]
    assert main(["projects", "create", "My thesis", "--instructions", "Be brief.", "--effort", "low", *words]) == OK
    assert '`workbench chat --project "My thesis"` starts a chat in it.' in capsys.readouterr().err
    (listed,) = told(capsys, "projects", "list")
    assert listed == {
        "id": listed["id"],
        "name": "My thesis",
        "instructions": "Be brief.",
        "model": "",
        "effort": "low",
        "private": False,
        "folders": [str(tmp_path)],
        "files": [str(file)],
        "prompts": ["outline"],
        "created_at": listed["created_at"],
        "updated_at": listed["updated_at"],
        "chats": 0,
        "removed_at": None,
        "memory": True,
        "tools": None,
    }
    changes = ["--name", "Thesis", "--remove-file", str(file), "--prompt", "critic", "--private", "--effort", ""]
    changed = told(capsys, "projects", "change", "my thesis", *changes)
    assert (changed["name"], changed["files"], changed["private"], changed["effort"]) == ("Thesis", [], True, None)
    assert changed["prompts"] == ["outline", "critic"]
    assert told(capsys, "projects", "change", "Thesis", "--not-private")["private"] is False
    assert main(["projects", "show", "Thesis"]) == OK
    shown = capsys.readouterr().out
    assert shown.startswith(f"# Thesis\n\nPrivate: no\nFolder: {tmp_path}\nPrompt: outline\nPrompt: critic\n")
    assert "Be brief." in shown
    assert main(["projects", "list"]) == OK
    assert capsys.readouterr().out.split()[:6] == ["NAME", "CHATS", "MODEL", "PRIVATE", "CHANGED", "Thesis"]

    assert main(["projects", "remove", "Thesis"]) == OK
    assert f"Undo: workbench projects restore {listed['id']}" in capsys.readouterr().err
    assert told(capsys, "projects", "list") == []
    assert told(capsys, "projects", "restore", listed["id"][:6])["removed_at"] is None


def test_tools_of_a_project_are_those_that_there_are(capsys: Captured) -> None:
    assert told(capsys, "projects", "create", "Thesis", "--tools", "calculate,now")["tools"] == ["calculate", "now"]
    assert main(["projects", "show", "Thesis"]) == OK
    assert "Tools: calculate, now" in capsys.readouterr().out
    assert told(capsys, "projects", "change", "Thesis", "--tools", "none")["tools"] == []
    assert told(capsys, "projects", "change", "Thesis", "--tools", "as-set")["tools"] is None
    assert main(["projects", "change", "Thesis", "--tools", "teleport"]) == USAGE
    assert "calculate" in capsys.readouterr().err


def test_chats_go_in_and_out(server: OpenAiServer, capsys: Captured) -> None:
    assert main(["servers", "add", server.url, "--name", "attic", "--yes"]) == OK
    capsys.readouterr()
    model = ["--model", "qwen3:8b@attic"]
    told(capsys, "projects", "create", "Thesis", "--instructions", "Be brief.", *model)
    assert main(["chat", "--project", "thesis", "Hi"]) == OK
    assert asked(server)[-1][0] == {"role": "system", "content": "Be brief."}
    capsys.readouterr()
    (chat,) = told(capsys, "projects", "show", "Thesis")["conversations"]

    out = told(capsys, "projects", "remove-chat", chat["id"][:8])
    assert out["changes"][0] == "The model is no longer told the instructions of “Thesis”."
    assert (out["conversation"], out["project"]) == (chat["id"], None)
    assert main(["chat", "-c", chat["id"], "--project", "Thesis", "More"]) == USAGE
    assert "workbench projects add-chat 'Thesis'" in capsys.readouterr().err
    assert main(["chat", "-c", chat["id"], *model, "More"]) == OK
    assert asked(server)[-1][0]["role"] == "user"
    capsys.readouterr()
    assert main(["projects", "add-chat", "Thesis", chat["id"]]) == OK
    assert "is told the instructions of “Thesis”" in capsys.readouterr().err
    assert main(["projects", "add-chat", "Thesis", chat["id"]]) == OK
    assert capsys.readouterr().err == "It is there already.\n"


def test_a_private_project_asks_no_machine_of_others(server: OpenAiServer, capsys: Captured) -> None:
    assert main(["servers", "add", server.url, "--name", "attic", "--yes"]) == OK
    capsys.readouterr()
    told(capsys, "projects", "create", "Private", "--private")
    assert main(["chat", "--project", "Private", "-m", "qwen3:8b@attic", "Hi"]) == REFUSED
    refused = capsys.readouterr().err
    assert "“Private” is private, and attic (127.0.0.1" in refused
    assert asked(server) == []
    error = told(capsys, "projects", "change", "Private", "--model", "qwen3:8b@attic", code=REFUSED)["error"]
    assert error["kind"] == "refused"
    assert main(["servers", "add", server.url, "--name", "attic", "--yes", "--mine"]) == OK
    assert main(["chat", "--project", "Private", "-m", "qwen3:8b@attic", "Hi"]) == OK
    assert len(asked(server)) == 1


def test_what_is_wrong_is_told(capsys: Captured) -> None:
    told(capsys, "projects", "create", "Thesis")
    for words in (
        ["show", "Nothing"],
        ["create", "thesis"],
        ["create", "Other", "--effort", "hardly"],
        ["create", "Other", "--folder", "/nowhere"],
        ["change", "Thesis"],
        ["change", "Thesis", "--remove-prompt", "x"],
        ["change", "Thesis", "--private", "--not-private"],
        ["restore", "Thesis"],
        ["add-chat", "Thesis", "abc"],
        ["remove-chat", "abc"],
    ):
        error = told(capsys, "projects", *words, code=USAGE)["error"]
        assert error["kind"] == "usage", words
        assert error["message"], words
        assert error["hint"], words
    assert main(["chat", "--project", "Nothing", "Hi"]) == USAGE


def test_instructions_may_come_from_a_pipe(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys
    from types import SimpleNamespace

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("Höflich.\n".encode())))
    assert told(capsys, "projects", "create", "Thesis", "--instructions", "-")["instructions"] == "Höflich.\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"x" * ((1 << 20) + 1))))
    assert told(capsys, "projects", "change", "Thesis", "--instructions", "-", code=USAGE)["error"]["kind"] == "usage"


@pytest.mark.parametrize("action", ACTIONS)
def test_every_help_has_an_example(capsys: Captured, action: str) -> None:
    assert main(["projects", action, "--help"]) == OK
    assert "example:\n  workbench projects" in capsys.readouterr().out


def test_a_project_is_exported_as_one_folder(
    server: OpenAiServer, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["servers", "add", server.url, "--name", "attic", "--yes"]) == OK
    notes, twin, gone = tmp_path / "notes.txt", tmp_path / "deep" / "Notes.txt", tmp_path / "gone.txt"
    twin.parent.mkdir()
    for file in (notes, twin, gone):
        file.write_text(f"Of {file}.")
    files = [word for file in (notes, twin, gone) for word in ("--file", str(file))]
    capsys.readouterr()
    told(capsys, "projects", "create", "My/thesis", "--model", "qwen3:8b@attic", "--folder", str(tmp_path), *files)
    assert main(["chat", "--project", "My/thesis", "--system", "Be brief.", "Hi"]) == OK
    assert f"Of {twin}." in str(asked(server)[-1])
    gone.unlink()
    capsys.readouterr()
    target = tmp_path / "out"
    done = told(capsys, "projects", "export", "My/thesis", "--output", str(target))
    assert (done["folder"], done["chats"], done["files"]) == (str(target), 1, 2)
    assert done["skipped"] == [
        f"{gone}: it is not there any more",
        f"{tmp_path}: of folders only the path is kept",
    ]
    kept = json.loads((target / "project.json").read_text())
    assert (kept["format"], kept["version"], kept["name"]) == ("workbench-project", 1, "My/thesis")
    assert [one["name"] for one in kept["files"]] == ["files/notes.txt", "files/Notes 2.txt", None]
    assert (target / "files" / "Notes 2.txt").read_text() == f"Of {twin}."
    (chat,) = kept["chats"]
    assert json.loads((target / chat).read_text())["title"] == "Hi"
    assert "Hello from afar." in (target / chat.replace(".json", ".md")).read_text()
    assert list(tmp_path.glob(".*")) == []

    assert told(capsys, "projects", "export", "My/thesis", "--output", str(target), code=USAGE)["error"]["hint"]
    nowhere = str(tmp_path / "nowhere" / "out")
    assert (
        "no folder"
        in told(capsys, "projects", "export", "My/thesis", "--output", nowhere, code=USAGE)["error"]["message"]
    )
    monkeypatch.chdir(tmp_path / "deep")
    assert main(["projects", "export", "My/thesis"]) == OK
    assert Path(capsys.readouterr().out.strip()).parent == tmp_path / "deep"
