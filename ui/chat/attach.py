"""What is attached to the message that is being written: chips with a state, and their words. No Qt, no threads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ui.translation import marked, tr
from workbench.messages import Attachment
from workbench.sizes import size_words

CHARACTERS_OF_A_TOKEN = 4
PASTED_TEXT = marked("Pasted text")
PASTED_PICTURE = marked("Pasted picture")


class ChipState(StrEnum):
    READING = "reading"
    READY = "ready"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class Chip:
    """One attachment on its way. ``source``: the file, or the content of what has none; None: it was attached before.

    It changes in place while it is read, wherever it stands: in the composer, or with the draft of another chat.
    """

    name: str
    source: Path | bytes | None = None
    state: ChipState = ChipState.READING
    attachment: Attachment | None = None
    reason: str = ""
    begun: bool = False

    def done(self, attachment: Attachment) -> None:
        self.state, self.attachment, self.source = ChipState.READY, attachment, None

    def failed(self, reason: str) -> None:
        self.state, self.reason, self.source = ChipState.FAILED, reason, None


def ready_chip(attachment: Attachment) -> Chip:
    """For what was attached before."""
    return Chip(attachment.name, None, ChipState.READY, attachment, begun=True)


def caption(chip: Chip) -> str:
    """ "1,204 tokens", "Reading…", or why not."""
    if chip.state is ChipState.FAILED:
        return chip.reason
    if chip.attachment is None:
        return tr("Reading…")
    return " · ".join(words for words in (size_caption(chip.attachment), chip.attachment.note) if words)


def size_caption(attachment: Attachment) -> str:
    """How much of the context it takes; a picture's size on the disk."""
    if attachment.is_image:
        return size_words(attachment.bytes)
    if attachment.tokens is not None:
        return tr("{count} tokens").format(count=f"{attachment.tokens:,}")
    about = max(1, len(attachment.text) // CHARACTERS_OF_A_TOKEN)
    return tr("about {count} tokens").format(count=f"{about:,}")


def why_not(name: str, message: str, hint: str) -> str:
    """A failure beside the name that it begins with: "Is protected by a password. Save it without one."."""
    said = message.removeprefix(f"{name} ")
    return f"{said[:1].upper()}{said[1:]} {hint}".strip()


def icon_of(chip: Chip) -> str:
    if chip.state is ChipState.FAILED:
        return "triangle-alert"
    picture = chip.attachment.is_image if chip.attachment is not None else chip.name.lower().endswith(_PICTURES)
    return "image" if picture else "file-text"


def spoken(chip: Chip) -> str:
    """For a screen reader: "report.pdf, 1,204 tokens"."""
    return f"{chip.name}, {caption(chip)}"


def chips_text(attachments: tuple[Attachment, ...]) -> str:
    """One line for a message in the transcript: "report.pdf (1,204 tokens), red.png (12 kB)"."""
    return ", ".join(f"{one.name} ({size_caption(one)})" for one in attachments)


_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
