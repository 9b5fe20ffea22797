"""The errors people meet: what happened, what to do, and the details that belong in the log.

Third-party exceptions become one of these once, in the adapter that met them. Anything else is a bug.
"""

from __future__ import annotations

from collections.abc import Iterator


class WorkbenchError(Exception):
    """An expected failure, told to a person.

    ``message`` says what happened and names the file, key, line or URL. ``hint`` says what to do. ``detail`` is for the
    log and for a card's folded part: an engine's last lines, a server's answer.
    """

    kind = "error"
    default_hint = "Run `workbench doctor` to see what is wrong."

    def __init__(self, message: str, *, hint: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint
        self.detail = detail


class UsageError(WorkbenchError):
    """Unknown name or id, a wrong argument, an unreadable or invalid input file."""

    kind = "usage"
    default_hint = "Run `workbench --help` for the commands and their examples."


class HardwareError(WorkbenchError):
    """The machine cannot do what was asked."""

    kind = "hardware"
    default_hint = "Run `workbench doctor` to see what this machine has."


class ModelError(UsageError):
    """A model file is missing, damaged, or not a model."""

    kind = "model"
    default_hint = "Run `workbench models list` to see the models on this disk."


class DownloadError(WorkbenchError):
    """A download failed, or what arrived is not what was promised."""

    kind = "download"
    default_hint = "Check the connection and try again: nothing that has arrived is lost."


class EngineError(WorkbenchError):
    """The engine did not start, died, or answered with an error."""

    kind = "engine"
    default_hint = "Try again; if it happens twice, run `workbench doctor`."


class ToolError(WorkbenchError):
    """A tool could not do what it was called for. Its message is for the model as for the person."""

    kind = "tool"
    default_hint = "The answer goes on without it. Tools can be switched off for this chat."


class ContextFullError(EngineError):
    """The rendered prompt leaves no room for an answer in the model's context."""

    kind = "context_full"
    default_hint = "Start a new chat, or use a model with a larger context."


class StorageError(WorkbenchError):
    """The disk or the database refused."""

    kind = "storage"
    default_hint = "Check that the disk has room and that the folder may be written."


class RefusedError(WorkbenchError):
    """Consent, budget or policy says no."""

    kind = "refused"
    default_hint = "Nothing was sent."


class Cancelled(Exception):  # noqa: N818 - control flow, not a failure
    """The person, or the end of the program, cancelled this work."""


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """The error, and what led to it, back to the first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
