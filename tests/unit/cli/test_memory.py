"""`workbench memory`: shapes, words and exit codes over a real home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import openai_servers as fake
from tests.fakes.openai_servers import OpenAiServer
from workbench.cli.main import main
from workbench.cli.output import OK, USAGE

Captured = pytest.CaptureFixture[str]
ACTIONS = ("list", "add", "change", "on", "off", "remove", "restore", "about", "how", "export", "import")

pytestmark = pytest.mark.usefixtures("home")


def told(capsys: Captured, *words: str, code: int = OK) -> Any:
    assert main(["memory", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def said(capsys: Captured, *words: str, code: int = OK) -> tuple[str, str]:
    assert main(["memory", *words]) == code
    read = capsys.readouterr()
    return read.out, read.err


def test_a_fact_from_adding_it_to_its_return(capsys: Captured) -> None:
    added = told(capsys, "add", "I am allergic to nuts.")
    assert told(capsys, "list") == [added]
    assert added == {
        "id": added["id"],
        "text": "I am allergic to nuts.",
        "project": None,
        "created_at": added["created_at"],
        "from": None,
        "message": None,
        "changed_at": added["created_at"],
        "enabled": True,
    }
    assert told(capsys, "list", "nuts", "ALLERGIC") == [added]
    assert told(capsys, "list", "cats") == []
    short = added["id"][:6]
    assert told(capsys, "change", short, "I like nuts.")["text"] == "I like nuts."
    assert told(capsys, "off", short)["enabled"] is False
    assert " off " in said(capsys, "list")[0]
    assert told(capsys, "on", short)["enabled"] is True
    assert f"memory restore {added['id'][:8]}" in said(capsys, "remove", short)[1]
    assert "Nothing is remembered yet." in said(capsys, "list")[1]
    assert told(capsys, "restore", short)["text"] == "I like nuts."
    assert said(capsys, "list")[0].splitlines()[1].endswith("I like nuts.")


def test_what_cannot_be_done_is_told(capsys: Captured, tmp_path: Path) -> None:
    for words in (
        ("add", " "),
        ("add", "x", "--project", "nowhere"),
        ("change", "abc", "x"),
        ("off", ""),
        ("remove", "abc"),
        ("about", "x" * 4_001),
        ("import", str(tmp_path / "nothing.md")),
        ("import", str(tmp_path / "nothing.zip")),
    ):
        assert told(capsys, *words, code=USAGE)["error"]["message"]


def test_texts_are_written_and_shown(capsys: Captured) -> None:
    assert main(["projects", "create", "Thesis"]) == OK
    capsys.readouterr()
    assert told(capsys, "about", "I am Ada.") == {"about": "I am Ada.", "how": ""}
    assert told(capsys, "how", "Briefly.", "--project", "thesis") == {"about": "", "how": "Briefly."}
    assert said(capsys, "about")[0] == "I am Ada.\n"
    assert said(capsys, "how", "--project", "Thesis")[0] == "Briefly.\n"
    assert "Nothing is written" in said(capsys, "how")[1]
    assert "Emptied" in said(capsys, "about", "")[1]
    assert told(capsys, "about") == {"about": "", "how": ""}


def test_what_was_exported_is_imported_again(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["projects", "create", "Thesis"]) == OK
    said(capsys, "about", "I am Ada.")
    said(capsys, "add", "Writes about bees", "--project", "Thesis")
    said(capsys, "add", "Has a cat")
    file = tmp_path / "memory.md"
    assert told(capsys, "export", str(file)) == {"path": str(file)}
    assert said(capsys, "export")[0] == file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "there already" in told(capsys, "export", str(file), code=USAGE)["error"]["message"]
    before = told(capsys, "list")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "other"))
    done = told(capsys, "import", str(file))
    assert (done["texts"], done["facts"], len(done["left_out"])) == (1, 1, 1)
    assert main(["projects", "create", "Thesis"]) == OK
    assert "1 fact taken in" in said(capsys, "import", str(file))[1]
    assert sorted((one["text"], one["project"]) for one in told(capsys, "list")) == sorted(
        (one["text"], one["project"]) for one in before
    )
    file.write_text("\n")
    assert "Nothing about you" in told(capsys, "import", str(file), code=USAGE)["error"]["message"]


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_has_an_example(action: str, capsys: Captured) -> None:
    assert main(["memory", action, "--help"]) == OK
    assert f"workbench memory {action}" in capsys.readouterr().out


def test_a_chat_tells_it_to_a_machine_of_the_person_only(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    said(capsys, "add", "I am allergic to nuts.")
    with OpenAiServer(fake.ollama(), "Hello from afar.") as server:

        def told_first(*words: str) -> str:
            assert main(["chat", "Hello", *words]) == OK
            questions = [one.json["messages"] for one in server.questions if one.path.endswith("/chat/completions")]
            return str(questions[-1][0])

        assert main(["servers", "add", server.url, "--name", "attic", "--yes"]) == OK
        model = json.loads(_out(capsys, "servers", "models", "--json"))[0]["name"]
        assert "nuts" not in told_first("--model", model)
        assert "is not marked as yours" in capsys.readouterr().err
        assert main(["servers", "remove", "attic"]) == OK
        assert main(["servers", "add", server.url, "--name", "attic", "--yes", "--mine"]) == OK
        assert "nuts" in told_first("--model", model)
        assert "nuts" not in told_first("--model", model, "--no-memory")
        quiet = json.loads(_out(capsys, "chats", "list", "--json"))[0]["id"]  # begun without it: it is told nothing
        assert "nuts" not in told_first("--model", model, "-c", quiet)
        assert "nuts" in told_first("--model", model, "-c", quiet, "--memory")
        assert "nuts" not in told_first("--model", model, "-c", quiet)


def _out(capsys: Captured, *words: str) -> str:
    capsys.readouterr()
    assert main([*words]) == OK
    return capsys.readouterr().out
