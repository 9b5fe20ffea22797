"""An answer of a provider from its request to its end: the stream, its calls, and what is stored, whatever happens."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbench.chat.escalating.asking_on import CloudRequests, Further
from workbench.chat.escalating.call import Call
from workbench.chat.escalating.escalation import Draft, Preview
from workbench.chat.escalating.offering import offered_still
from workbench.chat.escalating.requesting import goes
from workbench.chat.escalating.sending import Sending, turn_of
from workbench.chat.events import TurnStarted
from workbench.chat.recorder import Recorder
from workbench.chat.tooling.capping import results_in
from workbench.chat.tooling.elsewhere import ToolsElsewhere
from workbench.chat.tooling.making import Scene
from workbench.chat.tooling.rounds import Rounds
from workbench.chat.tooling.told import without_torn
from workbench.chat.tree import Conversation, Node, TurnState, path_to
from workbench.chat.turn_rows import Outcome
from workbench.errors import Cancelled, WorkbenchError
from workbench.events import Topic
from workbench.jobs import Job
from workbench.messages import Finish, Message, Role, Sources

FAILED = Outcome(Finish.ERROR, error="Workbench itself failed.", hint="Try again; if it happens twice, report it.")


@dataclass(frozen=True, slots=True)
class CloudAnswering:
    """Any thread; `answered` blocks until the answer is complete, or waits."""

    sending: Sending
    tools: ToolsElsewhere

    def answered(self, answer: Node, preview: Preview, call: Call | None, further: Further, job: Job) -> Node:
        """``answer``: as it is, with the turn that begins. ``preview``: what was sent last, or is sent now. ``call``: what
        was accepted. What it raises stands with the answer."""
        sending, turn = self.sending, turn_of(answer)
        job.emit(TurnStarted(preview.draft.conversation_id, None, answer))
        sending.bus.publish(Topic.CHATS, origin=job.id)
        recorder = Recorder(
            lambda parts: sending.store.checkpoint(answer.id, parts), sending.clock, without_torn(answer.message.parts)
        )
        requests = CloudRequests(preview, call, further, recorder.save, job)
        outcome = FAILED
        try:
            with recorder:
                outcome = self._streamed(answer, preview.draft, requests, recorder, job)
        except Cancelled:
            outcome = Outcome(Finish.CANCELLED, timings=requests.timings())
        except WorkbenchError as error:
            outcome = Outcome(
                Finish.ERROR, error=error.message, hint=error.hint, error_kind=error.kind, timings=requests.timings()
            )
            raise
        finally:
            try:
                requests.drop()
            finally:
                self._keep(answer, recorder, outcome, job)
        ended = replace(
            turn,
            state=TurnState.ENDED,
            finish=outcome.finish,
            usage=outcome.usage,
            timings=outcome.timings,
            note=outcome.note,
        )
        return replace(answer, message=replace(answer.message, parts=recorder.parts()), turn=ended)

    def _streamed(self, answer: Node, draft: Draft, requests: CloudRequests, recorder: Recorder, job: Job) -> Outcome:
        conversation = self.sending.store.load(draft.conversation_id)
        path, sent = path_to(conversation, answer.parent_id), passages_sent(draft, conversation)
        place = self.tools.place(conversation, answer.id)
        specs = offered_still(self.tools.offering.outward(conversation, place), draft.pieces)
        told = (*(node.message for node in path), Message(Role.ASSISTANT, (sent,)))
        scene = Scene(place, specs, told, lambda: [one.original for one in requests.preview.redactions])
        making = self.tools.making(scene, recorder, job)
        try:
            run = Rounds(requests, making, recorder, job, self.sending.clock).run()
        finally:
            if any(result.passages for result in results_in(recorder.parts())):
                self.tools.cite(sent, path, recorder, job)
        ended = run.finished
        return Outcome(ended.finish, ended.usage, ended.timings, note=run.note)

    def _keep(self, answer: Node, recorder: Recorder, outcome: Outcome, job: Job) -> None:
        try:
            self.sending.keep_ending((turn_of(answer).id, answer.id, recorder.parts(), outcome))
        finally:
            self.sending.bus.publish(Topic.CHATS, Topic.CLOUD, origin=job.id)


def passages_sent(draft: Draft, conversation: Conversation) -> Sources:
    """Those of the local answer that went with the question: they keep their numbers."""
    local = next((node for node in conversation.nodes if node.id == draft.answer_id), None)
    if local is None:
        return Sources()
    sent = {piece.id for piece in draft.pieces if goes(piece)}
    names = ((f"{draft.question_id}.passage-{one.number}", one) for one in local.message.passages)
    return Sources(tuple(passage for name, passage in names if name in sent))
