"""Our own format, read back: what was exported comes in with the same ids. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.chat.asking.of_chat import LONGEST_MODEL, ChatChoice, choice_of
from workbench.chat.exporting.ours import VERSION
from workbench.chat.exporting.parts import number, part_from, words
from workbench.chat.exporting.values import KeptChat, KeptMessage, Opinion, Preferred, Reworked
from workbench.chat.importing.values import LONGEST_ID, LONGEST_TITLE, ForeignChat, ForeignFile, Skipped, derived_id
from workbench.chat.tree import Seen
from workbench.errors import UsageError
from workbench.messages import Attachment, Finish, Id, Message, Part, Role

_ID = re.compile(r"[0-9a-f]{32}")
_LEADS_ELSEWHERE = frozenset("/\\@:\0")
_PLACE = re.compile(r"(?:[0-9]{1,9}:[0-9]{1,12})?")


def read(value: Mapping[str, Any]) -> ForeignChat:
    """The chat as it was exported; ``files`` has the contents that came with it, by their sha256.

    Raises `UsageError` when it was written by a newer version, `ValueError` when something in it is of the wrong kind.
    """
    version = value.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise UsageError(
            "This chat was exported by a newer Workbench.", hint="Install the newer version to import the file."
        )
    chat_id = _id(value, "id")
    skipped: list[Skipped] = []
    files: dict[Id, tuple[ForeignFile, ...]] = {}
    messages: dict[Id, KeptMessage] = {}
    for found in _list(value, "messages"):
        message = _message(found, messages)
        messages[message.id] = message
        files[message.id] = _files(found)
    tip, pinned, seen = _id_or_none(value, "tip"), number(value, "pinned_at"), _dict(value, "seen")
    project = _dict(value, "project")
    chat = KeptChat(
        chat_id,
        words(value, "title")[:LONGEST_TITLE],
        tip if tip in messages else next(reversed(messages), None),
        tuple(messages.values()),
        number(value, "created_at") or 0.0,
        number(value, "updated_at") or 0.0,
        Seen(_id_or_none(seen, "from"), words(seen, "summary")),
        pinned,
        words(value, "origin")[:LONGEST_ID],
        words(value, "titled_by")[:LONGEST_ID],
        (words(project, "id")[:LONGEST_ID], words(project, "name")[:LONGEST_TITLE]),
        tuple(_preferred(found) for found in _list(value, "preferences")),
        _choice(words(value, "model"), words(value, "effort")),
    )
    return ForeignChat(chat, files, tuple(skipped))


def _choice(model: str, effort: str) -> ChatChoice:
    """Only a model of this machine, by its name: a file opens no other file, and leads to no other machine."""
    is_here = len(model) <= LONGEST_MODEL and not set(model) & _LEADS_ELSEWHERE
    return choice_of(model if is_here else "", effort)


def _message(found: Mapping[str, Any], before: Mapping[Id, KeptMessage]) -> KeptMessage:
    parent = _id_or_none(found, "parent")
    opinion = _dict(found, "feedback")
    return KeptMessage(
        _id(found, "id"),
        parent if parent in before else None,
        Message(_role(found), _parts(found)),
        number(found, "created_at") or 0.0,
        tuple(_turn(turn) for turn in _list(found, "turns")),
        _opinion(opinion) if opinion else None,
        _versions(found),
    )


def _versions(found: Mapping[str, Any]) -> tuple[Reworked, ...]:
    """Numbered anew, in their order: what a file says of numbers may be anything."""
    count: Counter[str] = Counter()
    versions = []
    for told in _list(found, "versions"):
        place = words(told, "place")
        if _PLACE.fullmatch(place):
            count[place] += 1
            versions.append(Reworked(place, count[place], words(told, "text"), number(told, "at") or 0.0))
    return tuple(versions)


def _parts(found: Mapping[str, Any]) -> tuple[Part, ...]:
    return tuple(part_from(part) for part in _list(found, "parts"))


def _files(found: Mapping[str, Any]) -> tuple[ForeignFile, ...]:
    """The files of a message: their content, or None where only their names and texts were exported."""
    files = []
    for value in _list(found, "parts"):
        part = part_from(value) if value.get("kind") == "attachment" else None
        if isinstance(part, Attachment):
            encoded = value.get("content_base64")
            content = _decoded(encoded) if isinstance(encoded, str) else None
            files.append(ForeignFile(part.sha256, part.name, part.media_type, content=content))
    return tuple(files)


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None


def _turn(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The columns as they are; the store takes those that it knows, where they are of the right kind."""
    turn_id = words(found, "id")
    finish = words(found, "finish")
    known = finish in [one.value for one in Finish]
    told = {"id": turn_id if _ID.fullmatch(turn_id) else derived_id(turn_id), "state": "ended"}
    return {**found, **told, "finish": finish if known else Finish.INTERRUPTED.value}


def _opinion(found: Mapping[str, Any]) -> Opinion | None:
    verdict = words(found, "verdict")
    if verdict not in ("up", "down"):
        return None
    return Opinion(verdict, words(found, "reason"), words(found, "correction"), number(found, "at") or 0.0)


def _preferred(found: Mapping[str, Any]) -> Preferred:
    return Preferred(words(found, "kind"), _id(found, "chosen"), _id(found, "rejected"), number(found, "at") or 0.0)


def _role(found: Mapping[str, Any]) -> Role:
    try:
        role = Role(words(found, "role"))
    except ValueError:
        raise ValueError("a message of an unknown role") from None
    return Role.ASSISTANT if role is Role.TOOL else role


def _id(value: Mapping[str, Any], key: str) -> Id:
    """An id as this program makes them; others are made one, always the same."""
    found = words(value, key)
    if not found:
        raise ValueError(f"{key!r} is missing")
    return found if _ID.fullmatch(found) else derived_id(found)


def _id_or_none(value: Mapping[str, Any], key: str) -> Id | None:
    return _id(value, key) if value.get(key) else None


def _dict(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    if found is not None and not isinstance(found, dict):
        raise ValueError(f"{key!r} is no object")
    return found or {}


def _list(value: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = value.get(key)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(f"{key!r} is no list of objects")
    return found
