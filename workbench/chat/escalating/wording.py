"""A request to a provider as a question to the person. Pure."""

from __future__ import annotations

from typing import Any

from workbench.chat.escalating.escalation import Preview
from workbench.consents.consent import ConsentKind, Question, Scope

SCOPES = (Scope.ONCE, Scope.CHAT, Scope.ALWAYS)


def question_of(preview: Preview, because: str = "") -> Question:
    """A lasting yes is kept by the provider's name at its origin. ``because``: why it does not do here."""
    draft, provider = preview.draft, preview.provider
    name = draft.model.name or draft.model.id
    return Question(
        ConsentKind.CLOUD,
        provider.subject,
        _title(name, preview),
        request_of(preview),
        because,
        conversation_id=draft.conversation_id,
        message_id=draft.grows or draft.answer_id or draft.question_id,
        scopes=SCOPES,
    )


def _title(name: str, preview: Preview) -> str:
    what = "what its tools gave" if preview.draft.grows is not None else "this"
    return f"Send {what} to {name} at {preview.provider.name} ({preview.provider.host})?"


def request_of(preview: Preview) -> dict[str, Any]:
    """What a person is shown; what was hidden is told by its kind only, for this is shown elsewhere too."""
    cost, price = preview.cost, preview.draft.model.price
    return {
        "destination": preview.provider.host,
        "provider": preview.provider.id,
        "model": preview.draft.model.full_name,
        "mode": preview.draft.mode.value,
        "body": preview.body,
        "body_sha256": preview.outgoing.hash,
        "redactions": [
            {"kind": one.kind.value, "placeholder": one.placeholder, "count": one.count} for one in preview.redactions
        ],
        "prompt_tokens": preview.prompt_tokens,
        "prompt_tokens_counted_by": preview.count.by.value,
        "cost_micros": None if cost is None else {"low": cost.low, "high": cost.high},
        "currency": None if cost is None else cost.currency,
        "price": None if price is None else {"source": price.source, "date": price.date},
    }
