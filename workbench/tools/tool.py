"""What a tool is, what it does to the world, and what a call of it gave. Pure values, and the seam to what offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from workbench.cancel import CancelToken
from workbench.messages import Id, Passage, Tool

BUILT_IN = "built-in"


class Harm(StrEnum):
    """The worst that a call can do. ``read``: nothing but reading what is on this machine; ``fetch``: what it is called
    with leaves the machine; ``write``: changes something here; ``send``: changes something elsewhere; ``run``: runs
    programs."""

    READ = "read"
    FETCH = "fetch"
    WRITE = "write"
    SEND = "send"
    RUN = "run"

    @property
    def acts(self) -> bool:
        """It changes something, so that it asks first."""
        return self in (Harm.WRITE, Harm.SEND, Harm.RUN)


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """``name``: as the model calls it, unique among those offered. ``title``: for a person. ``description``: for the model.
    ``parameters``: a JSON schema of an object. ``source``: `BUILT_IN`, or the name of the server that offers it.
    ``destination``: host that a call reaches, empty for none. ``fingerprint``: of all that its server says of it: what was
    allowed before holds for this one only. ``asks_first``: even without taint the first call in a chat is shown before."""

    name: str
    title: str
    description: str
    parameters: Mapping[str, Any] = field(hash=False)
    harm: Harm = Harm.READ
    source: str = BUILT_IN
    destination: str = ""
    fingerprint: str = ""
    asks_first: bool = False

    @property
    def offered(self) -> Tool:
        """As a model is told of it."""
        return Tool(self.name, self.description, self.parameters)

    @property
    def subject(self) -> str:
        """What consents for it are kept by: a lasting one holds for this tool only, as it is, doing no worse than it did.
        Before the ``#`` it is for people."""
        place = f"@{self.destination}" if self.destination else ""
        return f"{self.source}/{self.name}{place}#{self.harm}:{self.fingerprint}"


def harm_of(subject: str) -> Harm | None:
    """What the tool of a `ToolSpec.subject` does; None where that cannot be read."""
    words = subject.rpartition("#")[2].partition(":")[0]
    return next((harm for harm in Harm if harm.value == words), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model calls. ``project_id`` None: in no project. ``private``: what belongs to the project stays in it.
    ``strange``: the chat came from a file, which others may have written, or has answers of others. ``outward``: a model
    elsewhere calls: nothing that is private is found."""

    conversation_id: Id | None = None
    message_id: Id | None = None
    project_id: Id | None = None
    private: bool = False
    strange: bool = False
    outward: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """What a tool is given beside its arguments. ``first_number``: passages that it finds are numbered from here on;
    ``tokens``: the most that its result should have (about four characters each); ``tell`` hears what is going on; ``id``:
    of the model's call, under which a proposal to remember something is kept."""

    place: Place
    cancel: CancelToken
    first_number: int = 1
    tokens: int = 2_000
    tell: Callable[[str], None] = lambda _words: None
    id: Id = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call gave, in the words that the model is told. ``passages``: what may be cited of it, whose texts stand in
    ``text`` under their numbers. ``untrusted``: others wrote it, so that tools that act ask from here on."""

    text: str
    passages: tuple[Passage, ...] = ()
    untrusted: bool = False


class ToolSource(Protocol):
    """Something that offers tools. Any thread."""

    def specs(self, place: Place) -> tuple[ToolSpec, ...]:
        """Those that can be called there now. Quick: starts nothing, reaches nothing."""
        ...

    def call(self, name: str, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """``arguments`` match the schema. Raises `ToolError` for whatever goes wrong, in words that the model and the
        person can use; `Cancelled`. Keeps to no time limit of its own: the caller cancels."""
        ...
