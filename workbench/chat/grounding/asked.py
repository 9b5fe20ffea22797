"""Which documents a chat asks, in the words of its settings and of its project. Values, and the port that turns use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from workbench.cancel import CancelToken
from workbench.chat.tree import Node
from workbench.messages import Passage, Sources


@dataclass(frozen=True, slots=True)
class Asked:
    """``folders``: ids of collections, and single files as ``id/path``. ``paths``: folders of the project, absolute."""

    folders: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.folders or self.paths)


@dataclass(frozen=True, slots=True)
class Room:
    """What passages may take. ``count``: tokens of the whole prompt with these sources; ``reserve``: for the answer;
    ``tokens_per_second``: how fast this machine reads with this model, None where it is not known yet."""

    context_tokens: int
    reserve: int
    count: Callable[[Sources], int]
    tokens_per_second: float | None = None


class Grounds(Protocol):
    """Finds what answers stand on, and checks what they cite."""

    def known(self, folders: Sequence[str]) -> tuple[str, ...]:
        """``folders`` as `Asked.folders` has them, from ids or names, or with a file's path behind. Raises `UsageError`."""
        ...

    def check(self, asked: Asked, branch: Sequence[Node], model: str) -> None:
        """Raises `RefusedError` when a model of this name must not get what is asked, or what the branch stands on."""
        ...

    def find(
        self,
        asked: Asked,
        question: str,
        branch: Sequence[Node],
        room: Room,
        cancel: CancelToken,
        tell: Callable[[str], None],
    ) -> Sources:
        """The passages for a question; ``branch``: what was said before it. Never fails because of the documents: what
        could not be searched is in the note. Raises `Cancelled`, and what ``room.count`` raises."""
        ...

    def checked(self, sources: Sources, branch: Sequence[Node], text: str, found: Sequence[Passage] = ()) -> Sources:
        """The same with the citations of the answer's ``text``, and the earlier passages that it cites. ``found``: by tools
        for this answer, which may be cited too and stand with their results."""
        ...


class NoSources:
    """`Grounds` where there are no documents."""

    def known(self, folders: Sequence[str]) -> tuple[str, ...]:
        return tuple(folders)

    def check(self, asked: Asked, branch: Sequence[Node], model: str) -> None: ...

    def find(
        self,
        asked: Asked,  # noqa: ARG002
        question: str,  # noqa: ARG002
        branch: Sequence[Node],  # noqa: ARG002
        room: Room,  # noqa: ARG002
        cancel: CancelToken,  # noqa: ARG002
        tell: Callable[[str], None],  # noqa: ARG002
    ) -> Sources:
        return Sources()

    def checked(
        self,
        sources: Sources,
        branch: Sequence[Node],  # noqa: ARG002
        text: str,  # noqa: ARG002
        found: Sequence[Passage] = (),  # noqa: ARG002
    ) -> Sources:
        return sources


NO_SOURCES = NoSources()


class WhenAsked:
    """`Grounds` that are opened by the first chat that asks or stands on something: the others need nothing of them."""

    def __init__(self, opened: Callable[[], Grounds]) -> None:
        """``opened`` may be called more than once."""
        self._opened = opened

    def known(self, folders: Sequence[str]) -> tuple[str, ...]:
        return self._opened().known(folders) if folders else ()

    def check(self, asked: Asked, branch: Sequence[Node], model: str) -> None:
        if asked or earlier_passages(branch).passages:
            self._opened().check(asked, branch, model)

    def find(
        self,
        asked: Asked,
        question: str,
        branch: Sequence[Node],
        room: Room,
        cancel: CancelToken,
        tell: Callable[[str], None],
    ) -> Sources:
        return self._opened().find(asked, question, branch, room, cancel, tell) if asked else Sources()

    def checked(self, sources: Sources, branch: Sequence[Node], text: str, found: Sequence[Passage] = ()) -> Sources:
        if not sources.passages and not found and not earlier_passages(branch).passages:
            return sources
        return self._opened().checked(sources, branch, text, found)


def earlier_passages(branch: Sequence[Node]) -> Sources:
    """All that the answers of a branch stand on, what tools found for them too: each number once, as it was given first."""
    found: dict[int, Passage] = {}
    for node in branch:
        for passage in node.message.passages:
            found.setdefault(passage.number, passage)
    return Sources(tuple(found.values()))
