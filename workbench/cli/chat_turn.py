"""One turn of a chat on the command line: run, shown, and where it waits for the person, asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.tree import Node
from workbench.cli import consent_words, output
from workbench.cli.chat_face import Face
from workbench.cli.chat_json import JsonFace
from workbench.cli.chat_terminal import TerminalFace
from workbench.cli.stopping import interrupt_cancels
from workbench.consents.consent import Consent, ConsentKind
from workbench.errors import Cancelled, UsageError, WorkbenchError
from workbench.jobs import Job, JobEvent
from workbench.messages import Finish, Id

if TYPE_CHECKING:
    from workbench.app import Workbench

HOLDING_UP = (ConsentKind.TOOL, ConsentKind.CLOUD)
"""What an answer waits for: a call, and the next request to its provider."""


@dataclass(frozen=True, slots=True)
class Turns:
    """How the turns of a command are run and shown."""

    workbench: Workbench
    options: Options
    face: Face

    def run(self, work: Callable[[Job], Node]) -> int:
        """The turn and, where a person at the terminal answers what it waits for, all that follow it; the exit code."""
        try:
            answer = self._performed(work)
            while waits(answer) and self._answered(answer.id):
                answer = self._performed(partial(self.gone_on, answer.id))
        except WorkbenchError as error:
            self.face.failed(error)
            return output.exit_code(error)
        answer = self._followed(answer)
        self.face.ended(answer)
        self._tell_whatwaits(answer.id)
        if waits(answer):
            return output.REFUSED
        cancelled = answer.turn is not None and answer.turn.finish is Finish.CANCELLED
        return output.CANCELLED if cancelled else output.OK

    def gone_on(self, answer_id: Id, job: Job) -> Node:
        """The answer that was asked about, with what the person has answered."""
        return self.workbench.go_on(answer_id, job, self.options)

    def _followed(self, answer: Node) -> Node:
        """The answer of a stronger model, where the rules propose one and this chat's own yes and cap send it. What fails
        there is told, and takes nothing from the answer that there is."""
        routed = answer.turn.routed if answer.turn is not None else None
        if routed is None or not routed.may_follow:  # nothing of it is loaded
            return answer
        self.face.goes_on(answer)
        try:
            return self._performed(partial(self.workbench.following.follow, answer))
        except Cancelled:
            return answer
        except WorkbenchError as error:
            self.face.not_followed(error)
            return answer

    def _performed(self, work: Callable[[Job], Node]) -> Node:
        def report(news: JobEvent) -> None:
            try:
                self.face.report(news)
            except (BrokenPipeError, output.OutputError):  # nobody reads on; `ended` meets it again and tells
                job.cancel.cancel()

        job = Job(report)
        with interrupt_cancels(job):
            return work(job)

    def _answered(self, answer_id: Id) -> bool:
        """Ask the person about all that the answer waits for. False: it goes on waiting."""
        waiting = self._waiting(answer_id, *HOLDING_UP)
        return self._asks and bool(waiting) and all(self._ask(consent) for consent in waiting)

    def _tell_whatwaits(self, answer_id: Id) -> None:
        """What a person who was not here, or did not say, can answer later."""
        for consent in self._waiting(answer_id, ConsentKind.MEMORY):
            if self._asks:
                self._ask(consent)
        if not isinstance(self.face, JsonFace):  # there they are events
            for consent in self._waiting(answer_id, *HOLDING_UP, ConsentKind.MEMORY):
                for line in consent_words.how_to_answer(consent):
                    output.say(line)

    def _ask(self, consent: Consent) -> bool:
        if consent.question.kind is ConsentKind.CLOUD:
            for line in consent_words.aside_lines(self.workbench.escalations.previewed(consent.id)):
                output.say(line)
        try:
            return consent_words.ask(self.workbench.consents, consent) is not None
        except UsageError as error:  # in the window, meanwhile
            output.say(error.message)
            return True

    @property
    def _asks(self) -> bool:
        return consent_words.can_ask(as_json=isinstance(self.face, JsonFace))

    def _waiting(self, answer_id: Id, *kinds: ConsentKind) -> tuple[Consent, ...]:
        if not self.face.asked:
            return ()
        found = self.workbench.consents.list(conversation_id=self.face.conversation)
        return tuple(one for one in found if one.question.message_id == answer_id and one.question.kind in kinds)


def go_on(workbench: Workbench, answer_id: Id, *, as_json: bool) -> int:
    """Go on with an answer that waited, as `chat` shows it; the exit code."""
    turns = Turns(workbench, AS_SET, face_of(workbench, as_json=as_json))
    return turns.run(partial(turns.gone_on, answer_id))


def face_of(workbench: Workbench, *, as_json: bool) -> Face:
    """One that knows what an answer cost: of this machine nothing, whatever follows it."""

    def cost(turn_id: str) -> int | None:
        entry = workbench.ledger.of_turn(turn_id) if workbench.settings.cloud.enabled else None
        return 0 if entry is None else entry.cost_micros

    return JsonFace(cost) if as_json else TerminalFace(cost)


def waits(answer: Node) -> bool:
    """For the person to answer a consent."""
    return answer.turn is not None and answer.turn.finish is Finish.WAITING
