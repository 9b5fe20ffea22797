"""What exports of other programs tell of the person."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from workbench.cancel import CancelToken
from workbench.chat.importing.instructions import section_of
from workbench.errors import Cancelled, UsageError
from workbench.memory.memory import AboutMe

HIDDEN = {"is_visually_hidden_from_conversation": True, "is_user_system_message": True}


def chat(at: float, *messages: dict[str, Any]) -> dict[str, Any]:
    nodes = {f"n{place}": {"message": message, "children": []} for place, message in enumerate(messages)}
    return {"title": "A chat", "update_time": at, "mapping": {"root": {"message": None}, **nodes}}


def instructed(about: str, how: str) -> dict[str, Any]:
    """As ChatGPT has them today: in the metadata, and once more in words for the model."""
    return {
        "author": {"role": "user"},
        "create_time": None,
        "content": {
            "content_type": "user_editable_context",
            "user_profile": f"The user provided the following information about themselves:\n```{about}```",
            "user_instructions": f"How they want you to respond:\n```{how}```",
        },
        "metadata": {
            **HIDDEN,
            "user_context_message_data": {"about_user_message": about, "about_model_message": how},
        },
    }


def remembering(*facts: str) -> dict[str, Any]:
    listed = "\n".join(f"{place}. [2025-05-0{place}]. {fact}" for place, fact in enumerate(facts, 1))
    content = {"content_type": "model_editable_context", "model_set_context": listed}
    return {"author": {"role": "assistant"}, "content": content, "metadata": HIDDEN}


def write(path: Path, **files: Any) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in files.items():
            archive.writestr(f"{name}.json", json.dumps(value))
    return path


def test_the_newest_instructions_and_memory_of_chatgpt_count(tmp_path: Path) -> None:
    chats = [
        chat(
            300.0, instructed("I am Ada.\nI code.", "Briefly."), remembering("Has a cat.", "Lives in Berlin. Likes it.")
        ),
        chat(200.0, instructed("I was somebody.", "At length."), remembering("Has a dog.")),
        chat(400.0, instructed("", ""), remembering()),
    ]
    found = section_of(write(tmp_path / "export.zip", conversations=chats, user={"id": "1"}), CancelToken())
    assert found.texts == AboutMe("I am Ada.\nI code.", "Briefly.")
    assert [fact.text for fact in found.facts] == ["Has a cat.", "Lives in Berlin. Likes it."]


def test_instructions_without_metadata_are_taken_out_of_their_words(tmp_path: Path) -> None:
    message = instructed("I am Ada.", "Briefly.")
    message["metadata"] = HIDDEN
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([chat(1.0, message)]))
    assert section_of(file, CancelToken()).texts == AboutMe("I am Ada.", "Briefly.")


@pytest.mark.parametrize("form", ["zip", "folder", "file"])
def test_what_claude_remembers_becomes_facts(tmp_path: Path, form: str) -> None:
    memories = [{"conversations_memory": "**Work**\n\nAda codes.\n\n- Likes bees", "account_uuid": "1"}]
    chats = [{"uuid": "c", "name": "A chat", "chat_messages": []}]
    if form == "zip":
        path = write(tmp_path / "claude.zip", conversations=chats, memories=memories)
    else:
        (tmp_path / "claude").mkdir()
        path = tmp_path / "claude" / "memories.json"
        path.write_text(json.dumps(memories))
        (tmp_path / "claude" / "conversations.json").write_text(json.dumps(chats))
    found = section_of(path.parent if form == "folder" else path, CancelToken())
    assert [fact.text for fact in found.facts] == ["Ada codes.", "Likes bees"]
    assert found.texts == AboutMe()


@pytest.mark.parametrize(
    "odd",
    [
        {"mapping": {"a": {"message": {"content": {"model_set_context": 3}, "metadata": []}}}},
        {"mapping": {"a": {"message": {"metadata": {"user_context_message_data": {"about_user_message": ["x"]}}}}}},
        {"mapping": {"a": 3, "b": {"message": "x"}}, "update_time": "yesterday"},
        {"conversations_memory": None},
        {"other": 1},
    ],
)
def test_what_has_another_form_tells_nothing(tmp_path: Path, odd: Any) -> None:
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([odd]))
    assert not section_of(file, CancelToken())


def test_no_export_and_a_cancelled_one_are_told(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("no JSON")
    with pytest.raises(UsageError):
        section_of(file, CancelToken())
    with pytest.raises(UsageError):
        section_of(tmp_path / "nothing.zip", CancelToken())
    file.write_text(json.dumps([chat(1.0)]))
    cancelled = CancelToken()
    cancelled.cancel()
    with pytest.raises(Cancelled):
        section_of(file, cancelled)
