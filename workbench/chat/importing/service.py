"""Chats of other programs come in: read, given their files, kept one by one, and told what was left out."""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.chat.exporting.values import KeptChat, KeptMessage
from workbench.chat.importing import formats as import_formats
from workbench.chat.importing.formats import Format, chats_in, format_of, is_message
from workbench.chat.importing.json import CutError, values
from workbench.chat.importing.reading import Given, Source, guarded, opened
from workbench.chat.importing.simple import read_openai
from workbench.chat.importing.store import ImportStore, Outcome
from workbench.chat.importing.values import ForeignChat, ForeignFile, Skipped, with_parts
from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.messages import Attachment, Part
from workbench.ports import Clock

MOST_TOLD = 500
MOST_MESSAGES = 100_000
_SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"%PDF": "application/pdf"}

KeepFile = Callable[[bytes], str]
"""Keeps the content of an attached file; returns its sha256."""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """``chats`` read so far; ``title`` of the last one."""

    chats: int
    title: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """``format``: of the first chat. ``imported`` and ``updated`` chats, ``messages`` that are new; what was left out."""

    format: str
    imported: int
    updated: int
    messages: int
    skipped: tuple[Skipped, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"skipped": [asdict(one) for one in self.skipped]}


@dataclass(slots=True)
class _Tally:
    format: Format | None = None
    read: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    messages: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    untold: int = 0

    def skip(self, what: str, why: str) -> None:
        if len(self.skipped) < MOST_TOLD:
            self.skipped.append(Skipped(what, why))
        else:
            self.untold += 1

    def report(self) -> ImportReport:
        more = [Skipped(f"{self.untold} further things", "not listed")] if self.untold else []
        return ImportReport(
            str(self.format or ""),
            self.outcomes[Outcome.NEW],
            self.outcomes[Outcome.UPDATED],
            self.messages,
            (*self.skipped, *more),
        )


class Imports:
    """Any thread."""

    def __init__(self, store: ImportStore, keep_file: KeepFile, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._keep_file = keep_file
        self._bus = bus
        self._clock = clock

    def run(self, path: Path, job: Job) -> ImportReport:
        """Import every chat of a file, a zip or a folder. Emits `ImportProgress`.

        A chat that is here already only gets its new messages. Cancelling keeps the chats that are in. Raises `UsageError`
        when no chat is found, `StorageError` when they cannot be kept.
        """
        tally = _Tally()
        try:
            with opened(path) as given:
                for source in given.sources:
                    self._read(source, given, tally, job)
        finally:
            if tally.outcomes[Outcome.NEW] or tally.outcomes[Outcome.UPDATED]:
                self._bus.publish(Topic.CHATS, Topic.FEEDBACK)
        if tally.format is None:
            raise UsageError(
                f"No chats were found in {path.name}.",
                hint="Workbench reads exports of ChatGPT, Claude, Open WebUI and LM Studio, and its own.",
            )
        return tally.report()

    def _read(self, source: Source, given: Given, tally: _Tally, job: Job) -> None:
        try:
            for found, chat in _chats(source, tally):
                job.cancel.check()
                tally.format = tally.format or found
                tally.read += 1
                if chat is not None:
                    self._keep(chat, given, tally)
                    job.emit(ImportProgress(tally.read, chat.chat.title))
        except CutError:
            if tally.format is None:
                raise UsageError(f"{source.name} ends in the middle.", hint="Download the export once more.") from None
            tally.skip(source.name, "it ends in the middle: what stands behind is missing")
        except UsageError as error:
            if tally.format is None:
                raise
            tally.skip(source.name, error.message)

    def _keep(self, foreign: ForeignChat, given: Given, tally: _Tally) -> None:
        if len(foreign.chat.messages) > MOST_MESSAGES:
            tally.skip(foreign.chat.title, f"it has more than {MOST_MESSAGES:,} messages")
            return
        chat, missing = self._with_files(foreign, given)
        put = self._store.put(chat)
        tally.outcomes[put.outcome] += 1
        tally.messages += put.messages
        for skipped in (*foreign.skipped, *missing) if put.messages else ():  # of what is known it was told before
            tally.skip(skipped.what, skipped.why)
        if put.outcome is Outcome.IN_BIN:
            tally.skip(foreign.chat.title, "it is in the bin: restore it there")

    # Files ------------------------------------------------------------------------------------------------------------

    def _with_files(self, foreign: ForeignChat, given: Given) -> tuple[KeptChat, list[Skipped]]:
        """The chat with the files that its messages name, as far as the export has them; and what it has not."""
        made_now, chat = self._clock.now(), foreign.chat
        if not chat.updated_at:
            chat = replace(chat, created_at=chat.created_at or made_now, updated_at=made_now)
        missing: list[str] = []
        messages = tuple(
            self._with_own_files(message, foreign.files.get(message.id, ()), given, missing)
            for message in chat.messages
        )
        return replace(chat, messages=messages), [Skipped(chat.title, why) for why in missing]

    def _with_own_files(
        self, message: KeptMessage, files: Sequence[ForeignFile], given: Given, missing: list[str]
    ) -> KeptMessage:
        named = {part.sha256 for part in message.message.attachments}  # our own format has them as parts already
        parts: list[Part] = []
        for file in {one.id or one.name: one for one in files}.values():
            content = file.content
            if content is None:
                content = file.text.encode() if file.text else given.asset(file.id, file.name)
            if content is None:
                missing.append(f"the file {file.name!r} is not in the export")
                continue
            sha256 = self._keep_file(content)
            if file.id not in named:
                parts.append(_attachment(file, content, sha256))
            elif file.id != sha256:
                missing.append(f"the content of {file.name!r} is not what it was exported as")
        return with_parts(message, parts) if parts else message


def _chats(source: Source, tally: _Tally) -> Iterator[tuple[Format, ForeignChat | None]]:
    """Each chat of a file. Loose messages become one chat at its end."""
    loose: list[Any] = []
    file = _open(source)
    with file:
        for value in values(guarded(file)):
            for one in chats_in(value):
                if is_message(one) and len(loose) < MOST_MESSAGES:
                    loose.append(one)
                elif (found := format_of(one)) is not None:
                    yield found, _one(found, one, tally)
                elif isinstance(one, list) and one and is_message(one[0]):
                    yield Format.OPENAI, read_openai(one)
                else:
                    tally.skip(source.name, "an entry that is no chat")
    if loose:
        yield Format.OPENAI, read_openai(loose)


def _open(source: Source) -> Any:
    try:
        return source.open()
    except OSError as error:
        raise UsageError(
            f"{source.name} cannot be read: {error.strerror or error}.", hint="Download the export once more."
        ) from error


def _one(found: Format, value: Any, tally: _Tally) -> ForeignChat | None:
    try:
        chat = import_formats.read(found, value)
    except UsageError as error:
        tally.skip(_title(value), error.message)
        return None
    except ValueError as error:
        tally.skip(_title(value), f"it is broken: {error}")
        return None
    if chat is None:
        tally.skip(_title(value), "it has no messages")
    return chat


def _title(value: Any) -> str:
    words = value.get("title") or value.get("name") if isinstance(value, dict) else ""
    return " ".join(words.split())[:100] if isinstance(words, str) and words.strip() else "A chat without a title"


def _attachment(file: ForeignFile, content: bytes, sha256: str) -> Attachment:
    is_text = bool(file.text)
    media_type = "text/plain" if is_text else file.media_type or _media_type(file.name, content)
    text = file.text
    if not text and media_type.startswith("text/"):
        text = content.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    note = "" if text or media_type.startswith("image/") else "Not read: attach it again to have it read."
    return Attachment(file.name[:300], media_type, len(content), sha256, text, note)


def _media_type(name: str, content: bytes) -> str:
    signed = (kind for signature, kind in _SIGNATURES.items() if content.startswith(signature))
    return next(signed, None) or mimetypes.guess_type(name)[0] or "application/octet-stream"
