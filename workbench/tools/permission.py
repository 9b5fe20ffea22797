"""Whether a call is made, asked about or refused: by what the tool does, what the model has read, and what a person has
allowed. Pure, and total: every case has an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.consents.consent import Scope
from workbench.tools.tool import BUILT_IN, Harm, ToolSpec

ONLY_ONCE = (Scope.ONCE,)
IN_A_CHAT = (Scope.ONCE, Scope.CHAT)
LASTING = (Scope.ONCE, Scope.CHAT, Scope.ALWAYS)

PRIVATE = "What is private is in this chat, and what this tool is called with could take some of it elsewhere."
UNTRUSTED = "The model has read text that others wrote, and it may be following that text and not you."
COMPOSED = (
    "The model put this address together itself after it had read text that others wrote: it could carry what was read."
)
HIDDEN = "It is called with what is hidden from the model that calls it, and would take that elsewhere."
CHANGED = "This tool is not what it was when you allowed it."
REFUSED = "The person has refused this very call before. Answer without it."
NOBODY = "This needs a person's leave, and there is nobody here to ask. Answer without it."

_WITHOUT_MORE = frozenset({"$schema", "title", "description", "type", "properties", "required", "additionalProperties"})


@dataclass(frozen=True, slots=True)
class Allowed:
    """The call is made."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A person is asked. ``scopes``: how far their yes may go. ``because``: why it is asked although it might have been
    allowed before; empty for a tool that is asked about as a matter of course."""

    scopes: tuple[Scope, ...]
    because: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The call is not made; ``because`` is its result, for the model."""

    because: str


def decide(
    spec: ToolSpec,
    *,
    tainted: bool,
    private: bool,
    standing: Scope | None = None,
    changed: bool = False,
    composed: bool = False,
    hidden: bool = False,
    refused: bool = False,
    nobody: bool = False,
) -> Allowed | Ask | Refused:
    """``tainted``: text of others is in the branch. ``private``: what may not leave is in it. ``standing``: the lasting yes
    for exactly this tool, the widest. ``changed``: there is one for the tool as it was before. ``composed``: it would go to
    an address that nobody but the model has written. ``hidden``: what was hidden from the model stands in the call.
    ``refused``: this very call was, in this answer. ``nobody``: there is no chat to wait in."""
    question = _question(spec, tainted, private, standing, CHANGED if changed else "", composed=composed, hidden=hidden)
    if question is None:
        return Allowed()
    if refused:
        return Refused(REFUSED)
    if nobody:
        return Refused(NOBODY)
    return question


def _question(
    spec: ToolSpec, tainted: bool, private: bool, standing: Scope | None, changed: str, *, composed: bool, hidden: bool
) -> Ask | None:
    """None: there is nothing to ask. Where nothing lasting is offered, nothing lasting counts."""
    if private and leaves(spec) and can_carry_text(spec.parameters):
        return Ask(ONLY_ONCE, PRIVATE)
    if hidden and leaves(spec):
        return Ask(ONLY_ONCE, HIDDEN)
    if spec.harm.acts:
        if tainted:
            return Ask(ONLY_ONCE, UNTRUSTED)
        return None if standing is Scope.CHAT else Ask(IN_A_CHAT, changed)
    if composed and tainted and leaves(spec):
        return Ask(ONLY_ONCE, COMPOSED)
    if spec.asks_first or spec.source != BUILT_IN:
        return None if standing in (Scope.CHAT, Scope.ALWAYS) else Ask(LASTING, changed)
    return None


def leaves(spec: ToolSpec) -> bool:
    """What it is called with may leave this machine. Of a program of others nobody knows."""
    return spec.harm in (Harm.FETCH, Harm.SEND, Harm.RUN) or bool(spec.destination) or spec.source != BUILT_IN


def can_carry_text(schema: Mapping[str, Any]) -> bool:
    """Whether arguments of this schema can hold words. Surely not: a closed list of properties, each of them one of a few
    given values."""
    if schema.get("additionalProperties") is not False or not _WITHOUT_MORE.issuperset(schema):
        return True
    properties = schema.get("properties", {})
    return not isinstance(properties, Mapping) or not all(map(_is_a_choice, properties.values()))


def _is_a_choice(schema: Any) -> bool:
    return isinstance(schema, Mapping) and ("enum" in schema or "const" in schema or schema.get("type") == "boolean")
