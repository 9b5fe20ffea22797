"""A chat with a question and a local answer, and a provider that is none."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from workbench.chat.escalating.escalation import Draft, Mode, Preview
from workbench.chat.tree import Node
from workbench.consents.consent import Consent, Scope
from workbench.jobs import quiet_job

MODEL = "openrouter/openai/gpt-oss-120b"
SUBJECT = "openrouter@https://openrouter.ai"
KEY = "sk-or-v1-0123456789abcdef"


class World:
    def __init__(self, home: Path, *answers: str) -> None:
        self.workbench = wb = FakeWorkbench(home, ScriptedBackend(*(answers or ("A local answer.",))))
        wb.cloud.switch(on=True)
        wb.cloud.login("openrouter", KEY)
        self.chat, self.escalations, self.client, self.ledger = wb.chat, wb.escalations, wb.provider_client, wb.ledger
        self.consents, self.store = wb.consents, wb.store

    def asked(self, text: str = "What is 2+2? Write to ada@example.org.", conversation: str | None = None) -> Node:
        """The local answer."""
        return self.chat.send(conversation, text, quiet_job())

    def draft(self, message: Node, mode: Mode = Mode.QUESTION, model: str = MODEL) -> Draft:
        return self.escalations.draft(message.id, quiet_job(), model, mode)

    def preview(self, message: Node, mode: Mode = Mode.QUESTION) -> Preview:
        return self.escalations.preview(self.draft(message, mode))

    def accepted(self, message: Node, mode: Mode = Mode.QUESTION, scope: Scope = Scope.ONCE) -> Consent:
        consent = self.escalations.propose(self.preview(message, mode))
        return self.consents.accept(consent.id, scope)

    def conversation_of(self, message: Node) -> str:
        return self.store.conversation_of(message.id)

    def close(self) -> None:
        self.workbench.close()
