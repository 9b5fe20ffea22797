"""What an answer asks a person before it goes on, in words. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ui.chat.steps import request_text, visible
from ui.translation import tr
from workbench.consents.consent import Consent, ConsentKind, Scope

REFUSE = "refuse"  # beside the scopes: what can be chosen


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A question that waits for the person."""

    consent: Consent


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """``choice``: a scope, or `REFUSE`. ``text``: of a fact, as the person changed it; None: as it was proposed."""

    consent_id: str
    choice: str
    text: str | None = None


def icon_of(consent: Consent) -> str:
    return "bookmark" if consent.question.kind is ConsentKind.MEMORY else "hand"


def title_of(consent: Consent) -> str:
    return visible(consent.question.title)


def because_of(consent: Consent) -> str:
    return visible(consent.question.because)


def proposed(consent: Consent) -> str | None:
    """The text of a fact to remember, which may be edited; None: this is no such question."""
    text = consent.request.get("text") if consent.question.kind is ConsentKind.MEMORY else None
    return text if isinstance(text, str) else None


def request_of(consent: Consent) -> str:
    """All that would be done or sent, as it is; empty: it stands in a field of its own."""
    return "" if proposed(consent) is not None else request_text(consent.request)


def choices(consent: Consent) -> Iterator[tuple[str, str]]:
    """What can be answered, the narrowest yes first: id and words."""
    memory = consent.question.kind is ConsentKind.MEMORY
    for scope in consent.question.scopes:
        yield str(scope), tr("Remember it") if memory else _yes(scope)
    yield REFUSE, tr("Don't remember") if memory else tr("Don't allow")


def _yes(scope: Scope) -> str:
    return {
        Scope.ONCE: tr("Allow once"),
        Scope.CHAT: tr("Allow in this chat"),
        Scope.ALWAYS: tr("Always allow"),
    }[scope]


def spoken(consent: Consent) -> str:
    """As a screen reader says it."""
    told = (title_of(consent), because_of(consent), proposed(consent) or request_of(consent))
    return " ".join(words for words in told if words)
