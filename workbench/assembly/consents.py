"""What a person is asked: stored with the chats, and for temporary chats in memory."""

from __future__ import annotations

from workbench import migrations
from workbench.assembly.foundation import Foundation
from workbench.consents.consent import ConsentKind
from workbench.consents.service import ConsentService
from workbench.db import MemoryDatabase
from workbench.events import Topic
from workbench.memory.store import keep_accepted


def build_consents(base: Foundation) -> ConsentService:
    """What a person accepts to be remembered is remembered with it, whoever asks for the memory first."""
    consents = ConsentService(base.database, base.clock, base.bus, lambda: MemoryDatabase(migrations.workbench))
    consents.when_accepted(ConsentKind.MEMORY, keep_accepted, Topic.MEMORY)
    return consents
