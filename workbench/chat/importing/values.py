"""What the readers of other programs' chats share: the chat that they make, careful looks into foreign JSON, and the tree.

Nothing in a foreign file is trusted to be there or of its kind: what is not is treated as missing.
"""

from __future__ import annotations

import math
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from workbench.chat.exporting.parts import clean
from workbench.chat.exporting.values import KeptChat, KeptMessage
from workbench.messages import Finish, Id, Message, Part, Role

LONGEST_TITLE = 300
LONGEST_ID = 200
LAST_SECOND = 4_102_444_800.0  # the year 2100: later is no time but a mistake
_NAMESPACE = uuid.UUID("6d1c1a52-3f0e-4b6a-9f6c-77f1f5c0a1de")


@dataclass(frozen=True, slots=True)
class Skipped:
    """``what`` was left out, and ``why``, both for a person."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file that a message names. ``text`` and ``content`` where the export has them; else it may be in the archive."""

    id: str
    name: str
    media_type: str = ""
    text: str = ""
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it has its id here. ``key``: its id there; ``files`` become its attachments."""

    key: str
    parent: str | None
    role: Role
    parts: tuple[Part, ...]
    created_at: float | None = None
    model: str = ""
    finish: Finish = Finish.STOP
    files: tuple[ForeignFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignChat:
    """``files`` of each message of ``chat`` by its id: they are not attached yet."""

    chat: KeptChat
    files: Mapping[Id, tuple[ForeignFile, ...]] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()


# Careful looks --------------------------------------------------------------------------------------------------------


def a_dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def text_of(value: Any) -> str:
    """The text, as SQLite keeps it; empty for anything else."""
    return clean(value).replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else ""


def key_of(value: Any) -> str:
    """An id: a text or a whole number; empty for anything else."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text_of(value)[:LONGEST_ID]


def time_of(value: Any) -> float | None:
    """Seconds since 1970 of a number (of seconds or milliseconds) or an ISO time; None for anything else."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value[:40]).timestamp()
        except (ValueError, OverflowError, OSError):
            return None
        if value > LAST_SECOND:  # a year is never a number of milliseconds
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e18:
        return None
    while value > LAST_SECOND:
        value /= 1000
    return float(value) if math.isfinite(value) else None


def title_from(value: Any, first_words: str = "") -> str:
    """A title on one line; the first words of the chat where there is none."""
    title = " ".join(text_of(value).split())[:LONGEST_TITLE]
    return title or " ".join(first_words.split())[:60] or "Imported chat"


def derived_id(*words: str) -> Id:
    """An id as this program makes them, always the same for the same words."""
    return uuid.uuid5(_NAMESPACE, "/".join(words)).hex


# The tree -------------------------------------------------------------------------------------------------------------


def assemble(
    origin: str,
    title: Any,
    drafts: Iterable[Draft],
    *,
    tip: str = "",
    created_at: float | None = None,
    updated_at: float | None = None,
    pinned: bool = False,
    skipped: Sequence[Skipped] = (),
) -> ForeignChat | None:
    """The chat of these messages; None when none of them says anything.

    Ids are made of ``origin`` and key, so that the same chat gets the same ids whenever it is imported. Messages without
    content are taken out, and those that follow them hang on what stands before.
    """
    every = {draft.key: draft for draft in drafts if draft.key}
    ordered = _parents_first(every)
    places, parents = _places(ordered)
    kept = [draft for draft in ordered if _says_something(draft)]
    if not kept:
        return None
    times = [draft.created_at for draft in kept if draft.created_at is not None]
    begun = created_at or (min(times) if times else updated_at or 0.0)
    messages = tuple(_message(origin, draft, parents[draft.key], begun) for draft in kept)
    ids = {draft.key: message.id for draft, message in zip(kept, messages, strict=True)}
    last = max(kept, key=lambda draft: draft.created_at or 0.0) if times else kept[-1]
    wanted = places.get(tip)
    first_words = next((draft_text for draft in kept if (draft_text := _words(draft))), "")
    ended = max([updated_at or 0.0, begun, *times])
    chat = KeptChat(
        derived_id(origin),
        title_from(title, first_words),
        ids[wanted] if wanted else ids[last.key],
        messages,
        begun,
        ended,
        pinned_at=ended if pinned else None,
        origin=origin,
        titled_by="person" if text_of(title).strip() else "",
    )
    files = {ids[draft.key]: draft.files for draft in kept if draft.files}
    return ForeignChat(chat, files, tuple(skipped))


def with_parts(message: KeptMessage, parts: Sequence[Part]) -> KeptMessage:
    """The message with further parts before its own."""
    return replace(message, message=Message(message.message.role, (*parts, *message.message.parts)))


def _words(draft: Draft) -> str:
    return Message(draft.role, draft.parts).text


def _says_something(draft: Draft) -> bool:
    return bool(draft.files) or any(part.text.strip() for part in draft.parts)


def _parents_first(every: Mapping[str, Draft]) -> list[Draft]:
    """By time, but none before its parent. Who is its own ancestor begins a branch."""
    order = sorted(every.values(), key=lambda draft: draft.created_at or 0.0)
    placed: dict[str, Draft] = {}
    for draft in order:
        way: dict[str, Draft] = {}
        at: Draft | None = draft
        while at is not None and at.key not in placed and at.key not in way:
            way[at.key] = at
            at = every.get(at.parent or "")
        for key in reversed(way):
            placed[key] = way[key]
    return list(placed.values())


def _places(ordered: Sequence[Draft]) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """For each message its own key, or that of its nearest ancestor that says something; and that ancestor's."""
    places: dict[str, str | None] = {}
    parents: dict[str, str | None] = {}
    for draft in ordered:  # whose parent is not placed yet is part of a ring, and begins a branch
        parents[draft.key] = places.get(draft.parent or "")
        places[draft.key] = draft.key if _says_something(draft) else parents[draft.key]
    return places, parents


def joined(drafts: Iterable[Draft]) -> tuple[list[Draft], dict[str, str]]:
    """Answers that follow each other without a branch between them become one, with the key of the last.

    Returns also where each key went.
    """
    ordered = _parents_first({draft.key: draft for draft in drafts if draft.key})
    places, parents = _places(ordered)
    followers = Counter(parents[draft.key] for draft in ordered if _says_something(draft))
    runs: dict[str, list[Draft]] = {}  # by the key of any member
    for draft in ordered:
        above = runs.get(parents[draft.key] or "")
        if not _says_something(draft):
            continue
        is_next = (
            above is not None
            and draft.role is above[-1].role is Role.ASSISTANT
            and above[-1].key == parents[draft.key]
            and followers[parents[draft.key]] == 1
        )
        run = above if is_next and above is not None else []
        run.append(draft)
        runs[draft.key] = run
    went = {key: runs[place][-1].key for key, place in places.items() if place}
    firsts = {id(run): run for run in runs.values()}
    return [_joined(run, went.get(run[0].parent or "")) for run in firsts.values()], went


def _joined(run: Sequence[Draft], parent: str | None) -> Draft:
    return replace(
        run[-1],
        parent=parent,
        parts=tuple(part for draft in run for part in draft.parts),
        created_at=run[0].created_at,
        model=next((draft.model for draft in reversed(run) if draft.model), ""),
        files=tuple(file for draft in run for file in draft.files),
    )


def _message(origin: str, draft: Draft, parent: str | None, begun: float) -> KeptMessage:
    message_id, at = derived_id(origin, draft.key), draft.created_at or begun
    return KeptMessage(
        message_id,
        derived_id(origin, parent) if parent else None,
        Message(draft.role, draft.parts),
        at,
        (_turn(message_id, origin, draft, at),) if draft.role is Role.ASSISTANT and draft.model else (),
    )


def _turn(message_id: Id, origin: str, draft: Draft, at: float) -> Mapping[str, Any]:
    return {
        "id": derived_id(message_id, "turn"),
        "model": draft.model[:LONGEST_ID],
        "backend": origin.partition(":")[0],
        "state": "ended",
        "finish": draft.finish.value,
        "started_at": at,
        "ended_at": at,
    }
