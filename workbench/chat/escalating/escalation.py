"""An escalation: what would leave, in pieces that a person can cut, and what it may cost. Pure values, and the facade."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from workbench.cancel import CancelToken
from workbench.chat.asking.elsewhere import HANDED_OFF_PREFIX as HANDED_OFF_PREFIX
from workbench.chat.asking.elsewhere import SOURCE_PREFIX as SOURCE_PREFIX
from workbench.chat.escalating.counts import Count, CountedBy
from workbench.chat.tree import Node
from workbench.cloud.asking import NextStep, Outgoing
from workbench.cloud.hiding.redaction import Redaction
from workbench.cloud.provider import CloudModel, Provider
from workbench.cloud.spending.money import Range, Remaining
from workbench.consents.consent import Consent
from workbench.jobs import Job
from workbench.messages import Effort, Id


class Mode(StrEnum):
    """``branch``: the whole chat up to the question; ``question`` alone; ``condensed``: a brief that the local model
    writes; ``check``: the question, the local answer, and what is wrong with it."""

    BRANCH = "branch"
    QUESTION = "question"
    CONDENSED = "condensed"
    CHECK = "check"


class PieceKind(StrEnum):
    """``tool``: one that is offered, told as JSON; ``call``: of one, with its arguments as JSON; ``result``: what a call
    gave, as the model is told; ``thought``: what it thought before its calls, where its provider wants that back."""

    SYSTEM = "system"
    MEMORY = "memory"
    QUESTION = "question"
    ANSWER = "answer"
    PASSAGE = "passage"
    ATTACHMENT = "attachment"
    PICTURE = "picture"
    BRIEF = "brief"
    INSTRUCTION = "instruction"
    TOOL = "tool"
    CALL = "call"
    RESULT = "result"
    THOUGHT = "thought"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what would leave. ``kept`` False: the person cut it. ``needed``: it cannot be cut. ``private``: it never
    leaves, and why is in ``note``. ``text`` of a picture: empty. ``index``: of the message it belongs to. ``source`` of a
    tool: the server that offers it, empty for the program's own."""

    id: str
    kind: PieceKind
    title: str
    text: str
    index: int
    kept: bool = True
    needed: bool = False
    private: bool = False
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person may still change. ``question_id``: the answer comes below it; ``answer_id``: the local answer that it
    stands beside, None: there is none. ``shown``: originals that are not hidden. ``redact`` False: nothing is. ``grows``:
    the answer of this provider that goes on, with what its tools gave; None: a new answer."""

    conversation_id: Id
    question_id: Id
    answer_id: Id | None
    model: CloudModel
    mode: Mode
    pieces: tuple[Piece, ...]
    most_tokens: int
    effort: Effort | None = None
    redact: bool = True
    shown: tuple[str, ...] = ()
    grows: Id | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what would be sent. ``cost`` None: the price is not known, so it must be given first. ``refused``: why
    it cannot be sent, in sentences; empty: it can, after a yes. ``steps``: what helps with that, the best first.
    ``standing``: a lasting yes covers it. ``count``: how long it is, and who says so."""

    draft: Draft
    provider: Provider
    outgoing: Outgoing
    count: Count
    redactions: tuple[Redaction, ...]
    cost: Range | None
    remaining: Remaining
    refused: tuple[str, ...] = ()
    standing: bool = False
    steps: tuple[NextStep, ...] = ()

    @property
    def prompt_tokens(self) -> int:
        """At most."""
        return self.count.most

    @property
    def counted(self) -> bool:
        """Whether it was counted; else it is an estimate from above."""
        return self.count.by is not CountedBy.ESTIMATE

    @property
    def body(self) -> str:
        """The exact text that leaves."""
        return self.outgoing.body.decode("utf-8")


@dataclass(frozen=True, slots=True)
class HandOff:
    """For the person's own chat page: ``text`` to paste there, ``page`` to open, ``name`` of whose it is."""

    text: str
    page: str
    name: str


class Escalations(Protocol):
    """Any thread; what takes a `Job` blocks. Temporary chats are not taken anywhere."""

    def draft(
        self, message_id: Id, job: Job, model: str = "", mode: Mode | None = None, tools: bool | None = None
    ) -> Draft:
        """For a question, or the question of a local answer. ``model``: `provider/model`, empty: the proposed one.
        ``mode`` None: as was chosen last. ``tools``: whether those of the chat are offered, None: as was chosen last; they
        are listed nevertheless, cut, so that a person may add one. Nothing is reached; `Mode.CONDENSED` asks the local
        model.

        Raises `RefusedError` while the cloud is off, for a private project, or a temporary chat.
        """
        ...

    def preview(self, draft: Draft) -> Preview:
        """Quick enough for each change; reaches nobody. A count that takes longer is an estimate that says so."""
        ...

    def counted(self, draft: Draft, cancel: CancelToken | None = None) -> Preview:
        """As `preview`, once its tokens are counted, where that can be: a second, rarely some. ``cancel`` ends the wait:
        then it is an estimate. Reaches nobody."""
        ...

    def propose(self, preview: Preview) -> Consent:
        """Keep the question until it is answered, from the window, the command line or the API. It is never accepted by
        this, whatever lasting yes covers it: whoever sends says so. Raises `RefusedError` for what `Preview.refused`
        says."""
        ...

    def previewed(self, consent_id: Id) -> Preview:
        """As it was shown when it was kept. Raises `UsageError`."""
        ...

    def of_turn(self, turn_id: Id) -> Preview | None:
        """What was sent last for the answer of this turn; None: nothing of it is kept, or no provider gave it."""
        ...

    def requests_of(self, turn_id: Id) -> int:
        """How many requests were sent for the answer of this turn, all together: one, and one more for each time that its
        tools were called."""
        ...

    def is_unsent(self, consent_id: Id) -> bool:
        """Whether it may still be sent. Raises `UsageError` for one that is not kept."""
        ...

    def waiting(self, body_hash: str) -> Consent:
        """The one that waits, or was accepted and not sent yet, whose body has this sha256 (or its beginning). Raises
        `UsageError`."""
        ...

    def send(self, consent_id: Id, job: Job) -> Node:
        """Send exactly what was accepted, once; the answer comes beside the local one, or `Draft.grows` goes on. Its
        calls are made, each as its tool's consent says. What they gave is another request: where a lasting yes covers it,
        it is sent by itself; else it is proposed, and the answer waits (`Finish.WAITING`, with `ConsentWaits` before).
        Emits `TurnStarted` and the stream's events. Raises `UsageError` where it was not accepted or was sent before,
        `RefusedError` where a cap is reached by now, `CloudError`; what had come by then is kept."""
        ...

    def resume(self, answer_id: Id, job: Job) -> Node:
        """Go on with a provider's answer that waited for a person, or that was stopped or cut off: its calls that may be
        made are made, never one of which it is not known whether it was done. The next request is asked about, as
        `send` does; what was accepted and not sent yet is sent. It waits on where a person has not answered, and ends with
        a note where they refused. Raises `UsageError` for an answer that is complete, or of which nobody knows what was
        sent."""
        ...

    def hand_off(self, draft: Draft) -> HandOff: ...

    def last_handed(self, conversation_id: Id) -> Id | None:
        """The question of this chat that was handed off last; None: there is none."""
        ...

    def paste_back(self, draft: Draft, text: str, name: str) -> Node:
        """The answer of a person's own chat page, beside the local one, with what was hidden when it was handed off.
        Raises `UsageError` for an empty one."""
        ...
