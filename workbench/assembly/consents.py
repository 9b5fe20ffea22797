"""What a person is asked: stored with the chats, and for temporary chats in memory."""

from __future__ import annotations

from typing import Any

from workbench import migrations
from workbench.assembly.foundation import Foundation
from workbench.consents.consent import ConsentKind
from workbench.consents.service import ConsentService
from workbench.db import MemoryDatabase
from workbench.events import Topic
from workbench.memory.store import keep_accepted
from workbench.messages import Id


def build_consents(base: Foundation) -> ConsentService:
    """What a person accepts to be remembered is remembered with it, whoever asks for the memory first. What they accepted
    to be sent can be refused until it is, and waits again where the lasting yes for it is revoked before; so does a call
    of a tool whose answer has not gone on yet."""
    consents = ConsentService(base.database, base.clock, base.bus, lambda: MemoryDatabase(migrations.workbench))
    consents.when_accepted(ConsentKind.MEMORY, keep_accepted, Topic.MEMORY)
    consents.when_refused(ConsentKind.CLOUD, _taken_back)
    consents.when_revoked(ConsentKind.CLOUD, _unsent)
    consents.when_revoked(ConsentKind.TOOL, _unmade)
    return consents


def _taken_back(tx: Any, consent_id: Id) -> bool:
    from workbench.chat.escalating.store import taken_back

    return taken_back(tx, consent_id)


def _unsent(tx: Any, consent_id: Id) -> bool:
    from workbench.chat.escalating.store import is_unsent

    return is_unsent(tx, consent_id)


def _unmade(tx: Any, consent_id: Id) -> bool:
    from workbench.chat.tooling.unmade import is_unmade

    return is_unmade(tx, consent_id)
