"""What follows an answer for which a stronger model is proposed. Nothing of it is loaded before there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.routing.following import Following

if TYPE_CHECKING:
    from workbench.chat.escalating.escalation import Escalations
    from workbench.chat.store import ConversationStore
    from workbench.cloud.cloud import Cloud
    from workbench.cloud.spending.money import Ledger
    from workbench.consents.consent import Consents
    from workbench.routing.service import RouterService


def build_following(
    chats: ConversationStore,
    cloud: Callable[[], Cloud],
    ledger: Callable[[], Ledger],
    consents: Callable[[], Consents],
    escalations: Callable[[], Escalations],
    router: Callable[[], RouterService],
) -> Following:
    return Following(chats.node, cloud, ledger, consents, escalations, router)
