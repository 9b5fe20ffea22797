"""What an answer asks a person before it goes on, in words. No Qt; pure, but for names of providers, read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ui.chat.further import given, goes_on
from ui.chat.steps import request_text, visible
from ui.cloud.sheet.words import range_words
from ui.translation import tr
from workbench.cloud.listing.names import provider_called
from workbench.cloud.spending.money import Range
from workbench.consents.consent import Consent, ConsentKind, Scope

REFUSE, REVIEW = "refuse", "review"  # beside the scopes: what can be chosen


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A question that waits for the person."""

    consent: Consent


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """``choice``: a scope, `REFUSE`, or `REVIEW`: it is looked at first. ``text``: of a fact, as the person changed it;
    None: as it was proposed."""

    consent_id: str
    choice: str
    text: str | None = None


def icon_of(consent: Consent) -> str:
    return {ConsentKind.MEMORY: "bookmark", ConsentKind.CLOUD: "cloud"}.get(consent.question.kind, "hand")


def tone_of(consent: Consent) -> str:
    """The token of its colour: what would leave is amber."""
    return "cloud" if consent.question.kind is ConsentKind.CLOUD else "accent"


def leaves(consent: Consent) -> bool:
    """It would take a question to a provider: that is looked at on a sheet of its own."""
    return consent.question.kind is ConsentKind.CLOUD


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
    if proposed(consent) is not None:
        return ""
    if not leaves(consent):
        return request_text(consent.request)
    results = "\n\n".join(visible(one) for one in given(consent.request))
    short = in_short(consent.request)
    return "\n\n".join((short, tr("New in it:"), results)) if results else short


def in_short(request: Mapping[str, Any]) -> str:
    """Of what would leave: where to, whom it asks, how much, at what price. The bytes themselves stand on the sheet."""
    body = request.get("body")
    size = len(body.encode()) if isinstance(body, str) else None
    cost = request.get("cost_micros")
    told = (
        (tr("To"), request.get("destination")),
        (tr("Model"), request.get("model")),
        (tr("Length"), None if size is None else tr("{count} bytes").format(count=f"{size:,}")),
        (tr("Cost"), _cost(cost) if isinstance(cost, Mapping) else None),
    )
    return "\n".join(f"{name}: {visible(str(value))}" for name, value in told if value)


def _cost(cost: Mapping[str, Any]) -> str:
    low, high = cost.get("low"), cost.get("high")
    return range_words(Range(low, high)) if isinstance(low, int) and isinstance(high, int) else ""


def choices(consent: Consent) -> Iterator[tuple[str, str]]:
    """What can be answered, the narrowest yes first: id and words."""
    memory = consent.question.kind is ConsentKind.MEMORY
    if leaves(consent):
        if goes_on(consent) is not None:  # what is new in it stands on the card
            yield str(Scope.ONCE), tr("Send to {name}").format(name=_provider(consent))
        yield REVIEW, tr("Look at it…")
        yield REFUSE, tr("Don't send")
        return
    for scope in consent.question.scopes:
        yield str(scope), tr("Remember it") if memory else _yes(scope)
    yield REFUSE, tr("Don't remember") if memory else tr("Don't allow")


def _yes(scope: Scope) -> str:
    return {
        Scope.ONCE: tr("Allow once"),
        Scope.CHAT: tr("Allow in this chat"),
        Scope.ALWAYS: tr("Always allow"),
    }[scope]


def waiting_words(consent: Consent) -> str:
    """Who waits for the person: for the desktop, so nothing of what it is about. Empty: no answer waits for it."""
    match consent.question.kind:
        case ConsentKind.CLOUD:
            return tr("{name} waits for your yes").format(name=_provider(consent))
        case ConsentKind.TOOL:
            return tr("A tool waits for your yes")
    return ""


def _provider(consent: Consent) -> str:
    return provider_called(str(consent.request.get("provider", ""))) or tr("A provider")


def spoken(consent: Consent) -> str:
    """As a screen reader says it."""
    told = (title_of(consent), because_of(consent), proposed(consent) or request_of(consent))
    return " ".join(words for words in told if words)
