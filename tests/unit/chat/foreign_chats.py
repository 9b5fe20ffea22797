"""Chats as other programs export them, with everything that their exports were seen to hold."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def chatgpt() -> list[dict[str, Any]]:
    """Two branches, hidden instructions, a tool, thoughts, a picture, an upload, a recording, citations."""

    def node(key: str, parent: str | None, role: str, content: dict[str, Any], **more: Any) -> dict[str, Any]:
        message = {
            "id": key,
            "author": {"role": role, "name": more.pop("name", None), "metadata": {}},
            "create_time": more.pop("at", 1_700_000_000.5),
            "update_time": None,
            "content": content,
            "status": "finished_successfully",
            "end_turn": True,
            "weight": 1.0,
            "metadata": more.pop("metadata", {}),
            "recipient": more.pop("recipient", "all"),
            "channel": None,
        }
        return {"id": key, "message": message, "parent": parent, "children": []}

    def text(*parts: Any) -> dict[str, Any]:
        return {"content_type": "text", "parts": list(parts)}

    picture = {
        "content_type": "image_asset_pointer",
        "asset_pointer": "file-service://file-AbC123",
        "size_bytes": 48,
        "width": 8,
        "height": 8,
    }
    upload = {"id": "file-Doc9", "name": "notes.txt", "mime_type": "text/plain", "size": 11}
    nodes = [
        {"id": "root", "message": None, "parent": None, "children": []},
        node("sys", "root", "system", text(""), metadata={"is_visually_hidden_from_conversation": True}),
        node("ctx", "sys", "user", {"content_type": "user_editable_context", "user_profile": "secret"},
             metadata={"is_visually_hidden_from_conversation": True}),
        node("q1", "ctx", "user", {"content_type": "multimodal_text", "parts": [picture, "What is this?"]},
             metadata={"attachments": [upload]}),
        node("t1", "q1", "assistant", {"content_type": "thoughts", "thoughts": [
            {"summary": "Looking", "content": "It is a picture."}]}, at=1_700_000_001.0),
        node("t2", "t1", "assistant", {"content_type": "reasoning_recap", "content": "Thought for 5 seconds"}),
        node("c1", "t2", "assistant", {"content_type": "code", "language": "python", "text": "print(6*7)"},
             recipient="python", at=1_700_000_002.0),
        node("r1", "c1", "tool", {"content_type": "execution_output", "text": "42"}, name="python", at=1_700_000_003.0),
        node("a1", "r1", "assistant", text("It shows 42 \ue200cite\ue202turn0search1\ue201."), at=1_700_000_004.0,
             metadata={"model_slug": "gpt-5", "finish_details": {"type": "stop"}}),
        node("q2", "a1", "user", text("Sure?"), at=1_700_000_010.0),
        node("a2", "q2", "assistant", text("Yes."), at=1_700_000_011.0, metadata={"model_slug": "gpt-5"}),
        node("a2b", "q2", "assistant", text("Certainly."), at=1_700_000_012.0,
             metadata={"model_slug": "o3", "finish_details": {"type": "max_tokens"}}),
        node("q3", "a2b", "user", {"content_type": "multimodal_text", "parts": [
            {"content_type": "audio_transcription", "text": "Thank you", "direction": "in"},
            {"content_type": "real_time_user_audio_video_asset_pointer", "frames_asset_pointers": []},
        ]}, at=1_700_000_020.0),
    ]  # fmt: skip
    mapping = {each["id"]: each for each in nodes}
    for each in nodes:
        if each["parent"]:
            mapping[each["parent"]]["children"].append(each["id"])
    return [
        {
            "title": "A picture",
            "create_time": 1_700_000_000.0,
            "update_time": 1_700_000_030.0,
            "mapping": mapping,
            "moderation_results": [],
            "current_node": "q3",
            "plugin_ids": None,
            "conversation_id": "6710-abc",
            "id": "6710-abc",
            "is_archived": False,
        }
    ]


def chatgpt_zip(path: Path, *, with_files: bool = True) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", json.dumps(chatgpt()))
        archive.writestr("user.json", json.dumps({"id": "user-1", "email": "me@example.org"}))
        archive.writestr("message_feedback.json", "[]")
        archive.writestr("chat.html", "<html>")
        if with_files:
            archive.writestr("file-AbC123-holiday.png", PNG)
            archive.writestr("file-Doc9-notes.txt", "hello notes")
    return path


def claude() -> list[dict[str, Any]]:
    """Without and with parents; thoughts, a tool, an attachment with its text, a file by name only."""
    first = {
        "uuid": "c-1",
        "name": "Gardening",
        "summary": "",
        "created_at": "2025-11-01T10:00:00.000000Z",
        "updated_at": "2025-11-01T10:05:00.000000Z",
        "account": {"uuid": "me"},
        "chat_messages": [
            {
                "uuid": "m-1",
                "text": "When to plant garlic?",
                "content": [{"type": "text", "text": "When to plant garlic?", "citations": []}],
                "sender": "human",
                "created_at": "2025-11-01T10:00:01.000000Z",
                "updated_at": "2025-11-01T10:00:01.000000Z",
                "attachments": [
                    {
                        "file_name": "beds.txt",
                        "file_size": 9,
                        "file_type": "txt",
                        "extracted_content": "Bed 1: up",
                    }
                ],
                "files": [{"file_name": "bed.jpg", "file_uuid": "f-1"}],
            },
            {
                "uuid": "m-2",
                "text": "In autumn.",
                "content": [
                    {"type": "thinking", "thinking": "Season?", "summaries": []},
                    {"type": "tool_use", "id": "tu-1", "name": "web_search", "input": {"query": "garlic"}},
                    {
                        "type": "tool_result",
                        "tool_use_id": "tu-1",
                        "name": "web_search",
                        "content": [{"type": "text", "text": "October"}],
                        "is_error": False,
                    },
                    {"type": "text", "text": "In autumn.", "citations": []},
                    {"type": "token_budget"},
                    {"type": "hologram"},
                ],
                "sender": "assistant",
                "created_at": "2025-11-01T10:00:05.000000Z",
                "attachments": [],
                "files": [],
            },
        ],
    }
    branched = {
        "uuid": "c-2",
        "name": "",
        "created_at": "2025-11-02T10:00:00Z",
        "updated_at": "2025-11-02T10:00:09Z",
        "current_leaf_message_uuid": "b-2",
        "chat_messages": [
            _claude("b-1", "human", "Left or right?", "00000000-0000-4000-8000-000000000000", 1),
            _claude("b-2", "assistant", "Left.", "b-1", 2),
            _claude("b-3", "assistant", "Right.", "b-1", 3),
        ],
    }
    empty = {"uuid": "c-3", "name": "Nothing", "chat_messages": [], "created_at": "2025-11-02T10:00:00Z"}
    return [first, branched, empty]


def _claude(key: str, sender: str, text: str, parent: str, second: int) -> dict[str, Any]:
    return {
        "uuid": key,
        "text": text,
        "content": [{"type": "text", "text": text}],
        "sender": sender,
        "created_at": f"2025-11-02T10:00:0{second}Z",
        "parent_message_uuid": parent,
        "attachments": [],
        "files": [],
    }


def open_webui() -> list[dict[str, Any]]:
    """Two answers side by side, folded thoughts, a picture in the file itself, a document's text."""
    messages = {
        "u1": _webui("u1", None, ["a1", "a2"], "user", "Capital of Peru?", 1_750_000_000),
        "a1": _webui("a1", "u1", ["u2"], "assistant", "Lima.", 1_750_000_001, model="qwen3:30b"),
        "a2": _webui(
            "a2",
            "u1",
            [],
            "assistant",
            '<details type="reasoning" done="true" duration="7">\n<summary>Thought for 7 seconds</summary>\n'
            "&gt; Peru &amp; Lima\n&gt; sure\n</details>\nIt is **Lima**.",
            1_750_000_002,
            model="gpt-oss:20b",
        ),
        "u2": _webui("u2", "a1", [], "user", "Thanks", 1_750_000_009),
    }
    messages["u1"]["files"] = [
        {"type": "image", "url": "data:image/png;base64,iVBORw0KGgoAAAAA"},
        {
            "type": "file",
            "name": "peru.md",
            "id": "f9",
            "file": {"id": "f9", "filename": "peru.md", "data": {"content": "# Peru"}},
        },
    ]
    chat = {
        "title": "Peru",
        "models": ["qwen3:30b", "gpt-oss:20b"],
        "history": {"messages": messages, "currentId": "u2"},
        "messages": list(messages.values()),
        "timestamp": 1_750_000_000_000,
        "tags": [],
    }
    return [
        {
            "id": "w-1",
            "user_id": "me",
            "title": "Peru",
            "chat": chat,
            "updated_at": 1_750_000_010,
            "created_at": 1_750_000_000,
            "archived": False,
            "pinned": True,
            "meta": {"tags": ["travel"]},
            "folder_id": None,
        }
    ]


def _webui(
    key: str, parent: str | None, children: list[str], role: str, content: str, at: int, **more: Any
) -> dict[str, Any]:
    return {
        "id": key,
        "parentId": parent,
        "childrenIds": children,
        "role": role,
        "content": content,
        "timestamp": at,
        "done": True,
        **more,
    }


def lm_studio() -> dict[str, Any]:
    """An answer that was made twice, the second with thoughts in a step of its own."""
    return {
        "name": "Primes",
        "pinned": False,
        "createdAt": 1_740_000_000_000,
        "tokenCount": 44,
        "systemPrompt": "Be brief.",
        "messages": [
            {
                "versions": [{"type": "singleStep", "role": "user", "content": [{"type": "text", "text": "A prime?"}]}],
                "currentlySelected": 0,
            },
            {
                "versions": [
                    {
                        "type": "multiStep",
                        "role": "assistant",
                        "senderInfo": {"senderName": "qwen/qwen3-4b"},
                        "steps": [{"type": "contentBlock", "content": [{"type": "text", "text": "2"}]}],
                    },
                    {
                        "type": "multiStep",
                        "role": "assistant",
                        "senderInfo": {"senderName": "qwen/qwen3-4b"},
                        "steps": [
                            {
                                "type": "contentBlock",
                                "style": {"type": "thinking"},
                                "content": [{"type": "text", "text": "Small ones."}],
                            },
                            {"type": "contentBlock", "content": [{"type": "text", "text": "3"}]},
                        ],
                    },
                ],
                "currentlySelected": 1,
            },
            {
                "versions": [{"type": "singleStep", "role": "user", "content": [{"type": "text", "text": "Another?"}]}],
                "currentlySelected": 0,
            },
        ],
    }


def openai() -> dict[str, Any]:
    return {
        "model": "gpt-oss-20b",
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": [{"type": "text", "text": "Weather?"}, {"type": "image_url", "image_url": {}}]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Bonn"}'}}
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "Rain"},
            {"role": "assistant", "content": "It rains.", "reasoning_content": "Bonn."},
        ],
    }


def zip_bytes(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # Not the time of now: names of tests hold these bytes, and are to be the same in every run.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
