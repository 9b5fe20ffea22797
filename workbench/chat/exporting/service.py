"""Chats go out: one, some or all, in an open format, to a file, a folder or a pipe."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.chat.exporting.chatgpt import chat_chatgpt
from workbench.chat.exporting.files import file_name, write_file, write_folder
from workbench.chat.exporting.html import chat_html
from workbench.chat.exporting.markdown import chat_markdown
from workbench.chat.exporting.ours import chat_json
from workbench.chat.exporting.store import ExportStore
from workbench.messages import Attachment, Id

MOST_FILE_BYTES = 48 << 20  # of one attached file: a chat must stay small enough to be read back


class ExportFormat(StrEnum):
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    CHATGPT = "chatgpt"

    @property
    def suffix(self) -> str:
        return {"markdown": ".md", "html": ".html"}.get(self.value, ".json")

    @property
    def is_for_reading(self) -> bool:
        """One file for each chat, with the branch in view; the others hold many chats in one file, with every branch."""
        return self in (ExportFormat.MARKDOWN, ExportFormat.HTML)


class Exports:
    """Any thread. Reads only."""

    def __init__(self, store: ExportStore, attachments: Path) -> None:
        self._store = store
        self._attachments = attachments

    def all(self) -> tuple[Id, ...]:
        """The chats that are not in the bin, last changed first."""
        return self._store.ids()

    def of_project(self, word: str) -> tuple[Id, ...]:
        """The chats of the project of this name or id. Raises `UsageError`."""
        return self._store.ids(self._store.project(word))

    def title(self, conversation_id: Id) -> str:
        return self._store.title(conversation_id)

    def name(self, conversation_id: Id, form: ExportFormat) -> str:
        """A file name for one chat."""
        return file_name(self.title(conversation_id), conversation_id, form.suffix)

    def text(self, conversation_id: Id, form: ExportFormat) -> str:
        """One chat. Raises `UsageError` for an unknown id."""
        chat = self._store.read(conversation_id)
        match form:
            case ExportFormat.MARKDOWN:
                return chat_markdown(chat)
            case ExportFormat.HTML:
                return chat_html(chat)
            case ExportFormat.CHATGPT:
                return _dumped(chat_chatgpt(chat))
            case ExportFormat.JSON:
                return _dumped(chat_json(chat, self._content))

    def pieces(
        self, ids: Sequence[Id], form: ExportFormat, cancel: CancelToken, *, as_list: bool = True
    ) -> Iterator[str]:
        """One document, chat by chat. ``as_list``: JSON's brackets around them, as ChatGPT's format has them always."""
        brackets = not form.is_for_reading and (as_list or form is ExportFormat.CHATGPT)
        yield "[\n" if brackets else ""
        for place, conversation_id in enumerate(ids):
            cancel.check()
            yield (",\n" if place and brackets else "") + self.text(conversation_id, form)
        yield "\n]\n" if brackets else "\n" if not form.is_for_reading else ""

    def write(
        self,
        ids: Sequence[Id],
        form: ExportFormat,
        target: Path,
        cancel: CancelToken,
        *,
        single: bool = False,
        force: bool = False,
    ) -> int:
        """Write these chats: into one file, or for reading into a folder of files; ``single``: one chat is one file.

        Whole or not at all. Returns how many. Raises `UsageError` when the target is there already and not to be replaced
        (``force``), or its folder is not there, `StorageError` when the disk refuses.
        """
        if form.is_for_reading and not single:
            files = ((self.name(each, form), self.pieces((each,), form, cancel)) for each in ids)
            return write_folder(target, files, force=force)
        write_file(target, self.pieces(ids, form, cancel, as_list=not single), force=force)
        return len(ids)

    def _content(self, attachment: Attachment) -> bytes | None:
        """Of an attached file; None where it is gone or too large to go with the chat."""
        file = self._attachments / attachment.sha256
        try:
            return file.read_bytes() if file.stat().st_size <= MOST_FILE_BYTES else None
        except OSError:
            return None


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
