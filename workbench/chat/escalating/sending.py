"""Where the requests and the answers of providers begin: the money first, then the place that the answer fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbench.chat.escalating.call import Around, Call, Reserved
from workbench.chat.escalating.escalation import SOURCE_PREFIX, Draft, Mode, Preview
from workbench.chat.steering.branches import is_being_written
from workbench.chat.steering.steering import Steering
from workbench.chat.store import ConversationStore
from workbench.chat.tree import Node, Turn
from workbench.chat.turn_rows import Outcome
from workbench.cloud.asking import CloudClient
from workbench.cloud.cloud import Cloud
from workbench.cloud.hiding.redaction import Redaction, Restorer
from workbench.cloud.spending.money import Ledger, Purpose
from workbench.errors import UsageError
from workbench.events import Bus
from workbench.messages import Id, Part
from workbench.ports import Clock

Ending = tuple[Id, Id, tuple[Part, ...], Outcome]


@dataclass(frozen=True, slots=True)
class Sending:
    """``keep_ending`` stores how a turn ended, now or when the disk has room again. ``restorer``: of these redactions."""

    store: ConversationStore
    steering: Steering
    cloud: Cloud
    ledger: Ledger
    client: Callable[[], CloudClient]
    restorer: Callable[[Sequence[Redaction]], Restorer]
    keep_ending: Callable[[Ending], None]
    bus: Bus
    clock: Clock

    def reserve(self, preview: Preview) -> Call:
        """Count its most. Raises `RefusedError` where there is no key or a cap is reached; then nothing is kept."""
        draft = preview.draft
        provider, key = self.cloud.provider(preview.provider.id), self.cloud.key(preview.provider.id)
        most = 0 if preview.cost is None else preview.cost.high
        purpose = Purpose.CHECK if draft.mode is Mode.CHECK else Purpose.ESCALATION
        model = replace(
            draft.model, price=self.cloud.model(draft.model.full_name).price
        )  # as it is known now, not dearer
        call_id = self.ledger.reserve(model, most, purpose, draft.conversation_id)
        around = Around(self.ledger, self.client, self.restorer, self.clock)
        return Call(around, Reserved(preview, provider, key, call_id))

    def begin(self, draft: Draft) -> Node:
        """The answer that this fills: a new one, or the one that goes on."""
        source = f"{SOURCE_PREFIX}{draft.model.provider}"
        if draft.grows is None:
            return self.beside(draft, model=draft.model.full_name, backend=source)
        return self.again(draft, self.store.node(draft.grows)[1])

    def again(self, draft: Draft, answer: Node) -> Node:
        """One more turn of the same answer. Raises `UsageError` while another one is at it, or was meanwhile."""
        if is_being_written(answer):
            raise UsageError("This answer is still being written.", hint="Wait for it, or stop it first.")
        turn = self.store.begin_continuation(
            draft.conversation_id,
            answer.id,
            after=turn_of(answer).id,
            model=draft.model.full_name,
            backend=f"{SOURCE_PREFIX}{draft.model.provider}",
            options=_options(draft),
        )
        return replace(answer, turn=turn)

    def beside(self, draft: Draft, *, model: str, backend: str) -> Node:
        """A new answer to the question, empty yet, which comes into view."""
        conversation = self.store.load(draft.conversation_id)
        self.steering.branch_off(conversation, draft.question_id)
        _asked, answer, _turn = self.store.begin_turn(
            draft.conversation_id, draft.question_id, None, model=model, backend=backend, options=_options(draft)
        )
        return answer


def _options(draft: Draft) -> dict[str, str]:
    return {} if draft.effort is None else {"effort": draft.effort.value}


def turn_of(answer: Node) -> Turn:
    """Of an answer that was begun."""
    if answer.turn is None:
        raise ValueError("an answer that was begun has a turn")
    return answer.turn
