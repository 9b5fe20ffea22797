"""A question to the person, on a terminal: exactly what would be done, and how far a yes goes."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.consents.consent import Consent, ConsentKind, Consents, ConsentState, Scope

if TYPE_CHECKING:
    from workbench.chat.escalating.counts import Count
    from workbench.chat.escalating.escalation import Preview

SHORT_ID = 8
KEYS = {Scope.ONCE: "y", Scope.CHAT: "c", Scope.ALWAYS: "a"}
_MEANING = {Scope.ONCE: "yes, this once", Scope.CHAT: "in this chat", Scope.ALWAYS: "always"}
_ENDS = {
    ConsentKind.TOOL: ("the answer goes on", "the answer goes on without it"),
    ConsentKind.SERVER: ("it may be started", "it may not"),
    ConsentKind.MEMORY: ("it is remembered (--text in other words)", "it is not"),
    ConsentKind.CLOUD: ("it is sent", "it is not"),
}
# Control characters, those that are not seen, and those that turn the direction of what is read.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def can_ask(*, as_json: bool) -> bool:
    """Whether somebody sits at a terminal."""
    return not as_json and sys.stdin is not None and sys.stdin.isatty()


def consent_json(consent: Consent) -> dict[str, Any]:
    question = consent.question
    return {
        "id": consent.id,
        "hash": consent.hash,
        "kind": question.kind.value,
        "state": consent.state.value,
        "title": question.title,
        "because": question.because,
        "subject": question.subject,
        "request": dict(consent.request),
        "scopes": [scope.value for scope in question.scopes],
        "scope": consent.scope.value if consent.state is ConsentState.ACCEPTED else None,
        "conversation": question.conversation_id,
        "message": question.message_id,
        "created_at": consent.created_at,
        "answered_at": consent.answered_at,
    }


def exactly(request: Mapping[str, Any]) -> str:
    """The request in full, as JSON on several lines. What is not seen, or seen elsewhere, is written as ``\\u…``."""
    written = json.dumps(request, ensure_ascii=False, indent=2)
    return "".join(one if one == "\n" else _seen(one) for one in written)


def _seen(one: str) -> str:
    if unicodedata.category(one) not in _UNSEEN:
        return one
    return "".join(f"\\u{half:04x}" for half in _utf16(ord(one)))


def _utf16(point: int) -> tuple[int, ...]:
    if point < 0x10000:
        return (point,)
    point -= 0x10000
    return 0xD800 + (point >> 10), 0xDC00 + (point & 0x3FF)


def question_lines(consent: Consent) -> list[str]:
    """The request first: however long it is, the question stands under it."""
    because = [seen(consent.question.because)] if consent.question.because else []
    return ["", *request_lines(consent), *because, seen(consent.question.title)]


def request_lines(consent: Consent) -> list[str]:
    """The request in full."""
    is_cloud = consent.question.kind is ConsentKind.CLOUD
    return cloud_lines(consent.request) if is_cloud else [exactly(consent.request)]


def cloud_lines(request: Mapping[str, Any]) -> list[str]:
    """What would leave, byte by byte; who gets it, what is hidden in it, and what it may cost."""
    from workbench.cloud.spending.amounts import short

    body, cost, price = str(request["body"]), request["cost_micros"], request["price"]
    hidden = [f"{one['placeholder']} ({one['kind']}, {_times(one['count'])})" for one in request["redactions"]]
    source = f" (price of {price['source']}, {price['date']})" if price and price["source"] else ""
    lines = [
        f"To      {seen(str(request['destination']))}, {seen(str(request['model']))}, mode {request['mode']}",
        f"Exactly {len(body.encode()):,} bytes, sha256 {request['body_sha256']}:",
        "".join(one if one == "\n" else _seen(one) for one in body),
        f"Hidden  {', '.join(hidden) if hidden else 'nothing'}",
    ]
    if cost:
        lines.append(f"Costs   {short(cost['low'])} to {short(cost['high'])}{source}")
    return lines


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def seen(text: str) -> str:
    """A line of text, with nothing in it that is not seen."""
    return "".join(map(_seen, text))


def how_to_answer(consent: Consent) -> list[str]:
    """For whoever reads this later, or elsewhere."""
    short = consent.id[:SHORT_ID]
    lasting = [scope.value for scope in consent.question.scopes if scope is not Scope.ONCE]
    more = f" (--scope {' or '.join(lasting)} for longer)" if lasting else ""
    yes, no = _ENDS[consent.question.kind]
    return [
        f"Waiting for your answer, {short}: {seen(consent.question.title)}",
        f"  workbench consents show {short}      exactly what would be done",
        f"  workbench consents accept {short}    {yes}{more}",
        f"  workbench consents refuse {short}    {no}",
    ]


def ask(consents: Consents, consent: Consent) -> Consent | None:
    """The answered consent; None where the person gave no answer: it goes on waiting. Raises `UsageError` where it was
    answered elsewhere meanwhile."""
    for line in question_lines(consent):
        output.say(line)
    scopes = {KEYS[scope]: scope for scope in consent.question.scopes}
    offered = ", ".join(f"{key} = {_MEANING[scope]}" for key, scope in scopes.items())
    if consent.question.kind is ConsentKind.MEMORY:
        offered = "y = yes"
    while True:
        sys.stderr.write(f"{offered}, n = no; Enter = later: ")
        sys.stderr.flush()
        typed = sys.stdin.readline()
        answer = typed.strip().lower()[:1]
        if not answer:
            if not typed:
                output.say("")
            return None
        if answer == "n":
            return consents.refuse(consent.id)
        if answer in scopes:
            return consents.accept(consent.id, scopes[answer])


def aside_lines(preview: Preview) -> list[str]:
    """What a person wants to know beside the request itself: what stands for what, how long it is, what may be spent."""
    from workbench.chat.escalating.refusing import cap_words
    from workbench.cloud.spending.amounts import short_left

    left = f"{short_left(preview.remaining.micros)} left of the cap {cap_words(preview.remaining.cap)}"
    price = "" if preview.cost is not None else "; its price is not known"
    hidden = [f"{one.placeholder} stands for {seen(one.original)}" for one in preview.redactions]
    return [*hidden, f"{count_words(preview.count)}; {left}{price}."]


def count_words(count: Count) -> str:
    """How long a prompt is, and who says so."""
    if count.by.value in _COUNTED:
        length = f"{count.least:,} to {count.most:,}" if count.least < count.most else f"{count.most:,}"
        return f"{length} tokens, counted {_COUNTED[count.by.value]}"
    why = "" if count.why is None else _UNCOUNTED[count.why.value].format(said=count.said)
    return f"{count.most:,} tokens at most, by an estimate{why}"


def count_fields(count: Count) -> dict[str, Any]:
    """For scripts. Null: it was counted."""
    return {
        "prompt_tokens_least": count.least,
        "prompt_tokens_counted_by": count.by.value,
        "prompt_tokens_not_counted": None if count.why is None else count.why.value,
    }


_COUNTED: Final = {
    "loaded": "by the model that is loaded here",
    "vocabulary": "with the vocabulary of a model on this disk",
    "published": "with the vocabulary that OpenAI has published",
}
_UNCOUNTED: Final = {
    "unpublished": ": the tokenizer of this model is not published",
    "no_file": ": no model with its tokenizer is on this disk",
    "unknown": ": nobody knows which model answers there",
    "coming": "",
    "failed": ", for it could not be counted ({said})",
}
