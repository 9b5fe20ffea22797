"""A message that waits for the answer before it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.messages import Attachment, UsedPrompt


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that is sent when the answer before it has ended well."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    prompt: UsedPrompt | None = None

    @property
    def line(self) -> str:
        """As one line."""
        return " ".join(self.text.split()) or ", ".join(one.name for one in self.attachments)
