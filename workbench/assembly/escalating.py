"""Questions that are taken to a stronger model. Nothing of it is loaded before somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.assembly.conversation import ConversationParts
from workbench.assembly.foundation import Foundation
from workbench.chat.asking.options import AS_SET
from workbench.chat.attaching.without_metadata import without_metadata
from workbench.chat.escalating.briefing import WRITING, brief_of
from workbench.chat.escalating.escalation import Piece
from workbench.chat.escalating.handing_off import HandOffStore
from workbench.chat.escalating.previewing import Surroundings
from workbench.chat.escalating.sending import Sending
from workbench.chat.escalating.service import EscalationService
from workbench.chat.escalating.store import EscalationStore
from workbench.chat.events import Preparing
from workbench.chat.steering.steering import Steering
from workbench.chat.stood_on import CHAT, StoodOn
from workbench.chat.tree import Conversation
from workbench.engine.remote.route import LOCAL
from workbench.memory.told import told_text
from workbench.messages import Id, Passage

if TYPE_CHECKING:
    from workbench.chat.asking.options import ProjectRules
    from workbench.cloud.asking import CloudClient
    from workbench.cloud.cloud import Cloud
    from workbench.cloud.hiding.redaction import Redaction, Redactor, Restorer
    from workbench.cloud.spending.money import Ledger
    from workbench.consents.consent import Consents
    from workbench.documents.desk import DocumentDesk
    from workbench.jobs import Job


def _client() -> CloudClient:
    from workbench.cloud.protocols.client import ProviderClient  # it loads what speaks to the network

    return ProviderClient()


def _redactor() -> Redactor:
    from workbench.cloud.hiding.redacting import TextRedactor

    return TextRedactor()


def _restorer(redactions: Sequence[Redaction]) -> Restorer:
    from workbench.cloud.hiding.restoring import TextRestorer

    return TextRestorer(redactions)


@dataclass(frozen=True, slots=True)
class Speaking:
    """Who speaks to providers, and what is hidden from them."""

    client: Callable[[], CloudClient] = _client
    redactor: Callable[[], Redactor] = _redactor
    restorer: Callable[[Sequence[Redaction]], Restorer] = _restorer


def build_escalations(
    base: Foundation,
    conversation: ConversationParts,
    cloud: Cloud,
    ledger: Ledger,
    consents: Consents,
    documents: Callable[[], DocumentDesk],
    change_setting: Callable[[str, Any], None],
    speaking: Speaking | None = None,
) -> EscalationService:
    """``documents`` is asked only where a chat stands on some. ``speaking`` None: as in the world."""
    speaking = speaking or Speaking()
    chat = conversation.chat

    def told_first(chats: Conversation, question_id: Id) -> tuple[str, str]:
        system, remembered = chat.told_first(chats, question_id)
        return system, told_text(remembered)

    sending = Sending(
        conversation.store,
        Steering(conversation.store, conversation.store.steering, conversation.forget),
        cloud,
        ledger,
        cache(speaking.client),
        speaking.restorer,
        chat.save_ending,
        base.bus,
        base.clock,
    )
    around = Surroundings(
        conversation.projects,
        replace(conversation.pictures, load=lambda one: without_metadata(conversation.pictures.load(one))),
        told_first,
        lambda: private_by_now(
            documents(), StoodOn(base.database), conversation.projects, conversation.projects.private_folders()
        ),
        lambda pieces, job: _brief(conversation, pieces, job),
        conversation.counts(),
        lambda: base.settings().cloud,
        change_setting,
        chat.tools_elsewhere,
    )
    return EscalationService(
        sending,
        EscalationStore(base.database, base.clock),
        consents,
        cache(speaking.redactor),
        around,
        HandOffStore(base.database),
    )


def private_by_now(
    documents: DocumentDesk, stood_on: StoodOn, projects: ProjectRules, of_projects: Sequence[str] = ()
) -> Callable[[Passage], bool]:
    """``of_projects``: folders of private projects, of which nothing leaves, whoever found it. A folder that became private
    counts, whatever it was when its passage was read. So does one that is not attached any more, of which nobody knows what
    it was, and what was said in a chat that has something private, or is forgotten."""
    folders = [state.collection for state in documents.collections()]
    open_ones = {one.id for one in folders if not one.private}
    private_paths = [*(one.path for one in folders if one.private), *map(Path, of_projects)]

    def of_folder(passage: Passage) -> bool:
        stays = bool(passage.collection_id) and passage.collection_id not in open_ones
        return stays or any(Path(passage.path).is_relative_to(one) for one in private_paths)

    @cache
    def of_chats(path: str) -> bool:
        """Those too that such a chat found something in; two may have found each other."""
        paths, seen = [path], set[Id]()
        while paths:
            found = stood_on.of_passage(paths.pop())
            if found is None or projects.is_private(found[0]):
                return True
            chat_id, passages = found
            given = () if chat_id in seen else passages
            seen.add(chat_id)
            if any(one.private or (not one.path.startswith(CHAT) and of_folder(one)) for one in given):
                return True
            paths += [one.path for one in given if one.path.startswith(CHAT)]
        return False

    def is_private(passage: Passage) -> bool:
        of = of_chats(passage.path) if passage.path.startswith(CHAT) else of_folder(passage)
        return passage.private or of

    return is_private


def _brief(conversation: ConversationParts, pieces: Sequence[Piece], job: Job) -> str:
    """By the model that would answer here, which may have to be loaded first; by one of this machine where that is another
    machine's: nothing of a chat goes there by asking somebody else."""
    route, model = conversation.route, conversation.chat.answers_with(AS_SET)
    model = model if route.source(model) == LOCAL else route.name("")
    backend = route.backend(model, job.cancel, lambda words: job.emit(Preparing(words)))
    job.emit(Preparing(WRITING))
    return brief_of(pieces, backend, job.cancel)
