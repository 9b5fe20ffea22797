"""How a turn is run: which model, what it is told first, how long and how freely it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.jobs import Job
from workbench.messages import Attachment, Effort, Id, Sampling, UsedPrompt
from workbench.ports import BackendInfo


@dataclass(frozen=True, slots=True)
class Options:
    """How a turn is run. Empty or None: as the project and the settings say, else the backend's default.

    ``schema``: of a JSON answer. ``project_id``: where a new chat is made; one that exists is where it belongs.
    ``folders``: document folders (ids) and single files (``id/path``) that are asked, beside those of the project; a new
    chat keeps them; None: those of the chat. ``prompt``: the saved prompt that the question is written with.
    ``tools``: names of those that the model may call; None: as the chat, its project and the settings say.
    ``memory`` False: nothing remembered is told; None: as the chat and its project say. A new chat keeps both.
    ``most_seconds``: an answer that takes longer is stopped, kept, and can be gone on with; None: as the settings say.
    ``of_chat``: what was chosen for the chat; a new chat keeps it, one that exists has its own.
    """

    model: str = ""
    system: str = ""
    max_tokens: int | None = None
    sampling: Sampling = Sampling()
    effort: Effort | None = None
    reasoning_tokens: int | None = None
    schema: Mapping[str, Any] | None = None
    project_id: Id | None = None
    folders: tuple[str, ...] | None = None
    prompt: UsedPrompt | None = None
    tools: tuple[str, ...] | None = None
    memory: bool | None = None
    most_seconds: float | None = None
    of_chat: ChatChoice = NOT_CHOSEN

    def over(self, defaults: Options) -> Options:
        """These options, with ``defaults`` where they say nothing."""
        return Options(
            self.model or defaults.model,
            self.system or defaults.system,
            self.max_tokens or defaults.max_tokens,
            self.sampling.over(defaults.sampling),
            self.effort or defaults.effort,
            defaults.reasoning_tokens if self.reasoning_tokens is None else self.reasoning_tokens,
            defaults.schema if self.schema is None else self.schema,
            self.project_id or defaults.project_id,
            defaults.folders if self.folders is None else self.folders,
            self.prompt or defaults.prompt,
            defaults.tools if self.tools is None else self.tools,
            defaults.memory if self.memory is None else self.memory,
            defaults.most_seconds if self.most_seconds is None else self.most_seconds,
            defaults.of_chat if self.of_chat == NOT_CHOSEN else self.of_chat,
        )


class Completion(Protocol):
    """Puts together what was asked for, the settings, and what is known of the model that will answer."""

    def __call__(self, asked: Options, defaults: Options, info: BackendInfo | None = None) -> Options:
        """``info``: of the backend, once it is ready. Raises `UsageError` for what the model cannot do."""
        ...


def plainly(asked: Options, defaults: Options, info: BackendInfo | None = None) -> Options:  # noqa: ARG001
    """With nothing known of any model."""
    return asked.over(defaults)


AS_SET = Options()
"""All as the settings say."""


class ProjectRules(Protocol):
    """What projects say about turns."""

    def of(self, conversation_id: Id) -> Id | None:
        """The project that a chat belongs to."""
        ...

    def is_private(self, conversation_id: Id) -> bool:
        """Whether nothing of this chat may leave the person's own machines."""
        ...

    def options(self, project_id: Id) -> Options:
        """How a turn in it is run where nothing else is asked. Raises `UsageError` for an unknown id."""
        ...

    def check(self, project_id: Id, model: str) -> None:
        """Raises `RefusedError` when a model of this name must not get what belongs to the project."""
        ...

    def folders(self, project_id: Id) -> tuple[str, ...]:
        """Its folders, as absolute paths."""
        ...

    def files(self, project_id: Id, held: Sequence[str], job: Job) -> tuple[Attachment, ...]:
        """Its files that a chat does not hold yet; ``held``: the names of those it does. Emits `Preparing`.

        Raises `UsageError` for one that cannot be read.
        """
        ...


class NoProjects:
    """`ProjectRules` where there are none."""

    def of(self, conversation_id: Id) -> Id | None:  # noqa: ARG002
        return None

    def is_private(self, conversation_id: Id) -> bool:  # noqa: ARG002
        return False

    def options(self, project_id: Id) -> Options:  # noqa: ARG002
        return AS_SET

    def check(self, project_id: Id, model: str) -> None: ...

    def folders(self, project_id: Id) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def files(self, project_id: Id, held: Sequence[str], job: Job) -> tuple[Attachment, ...]:  # noqa: ARG002
        return ()


NO_PROJECTS = NoProjects()
