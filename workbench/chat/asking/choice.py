"""A choice of model for a question, and what came of it. Pure values, and how they are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.messages import Effort


@dataclass(frozen=True, slots=True)
class Choice:
    """``model``: as `Options.model` names it. ``why``: in one line, for a person: "gpt-oss-20b, high effort, because there
    is code (rule code)". ``rule``: its name in the rules, empty: none fitted. ``most_tokens``, ``most_seconds`` None: as
    usual. ``propose``: a stronger model is offered beside the answer; nothing is sent by it, and ``proposal`` is the
    sentence why. ``standing``: this chat has a lasting yes and a cap of its own, so that what is proposed may follow.
    ``deep``: this machine has nothing better. ``private``: nothing of it may leave. ``sent``: by that yes it was sent to
    ``model`` of a provider, and ``why`` is the whole sentence."""

    model: str
    effort: Effort | None
    why: str
    rule: str = ""
    propose: bool = False
    most_tokens: int | None = None
    most_seconds: float | None = None
    proposal: str = ""
    standing: bool = False
    deep: bool = False
    private: bool = False
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Routed:
    """What a turn remembers. ``doubts``: what is plainly wrong with the answer, in sentences. ``overruled``: the model that
    the person had answer instead of the chosen one. ``sent``: the question was taken on to a stronger model by the chat's
    own yes; ``held``: what kept it here although there is one, a sentence."""

    choice: Choice
    doubts: tuple[str, ...] = ()
    overruled: str = ""
    sent: bool = False
    held: str = ""

    @property
    def line(self) -> str:
        """For the details of an answer."""
        return self.choice.why if self.choice.sent else f"Chosen: {self.choice.why}"

    @property
    def proposal(self) -> str:
        """Why a stronger model, or a deeper answer, is offered; empty: it is not."""
        if self.overruled or self.sent:
            return ""
        return self.doubts[0] if self.doubts else self.choice.proposal if self.choice.propose else ""

    @property
    def may_follow(self) -> bool:
        """Whether it is worth asking if the question goes on to a stronger model by the chat's own yes."""
        choice, over = self.choice, self.overruled or self.sent or self.held
        return choice.propose and choice.standing and not choice.private and not over


def choice_json(choice: Choice) -> dict[str, Any]:
    """Of a choice, as it is kept and told to scripts."""
    return {
        "model": choice.model,
        "effort": choice.effort.value if choice.effort else None,
        "why": choice.why,
        "rule": choice.rule,
        "propose": choice.propose,
        "proposal": choice.proposal,
        "standing": choice.standing,
        "deep": choice.deep,
        "private": choice.private,
        "sent": choice.sent,
        "most_tokens": choice.most_tokens,
        "most_seconds": choice.most_seconds,
    }


def choice_from_json(told: Mapping[str, Any]) -> Choice:
    """What `choice_json` made. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
    tokens, seconds = told.get("most_tokens"), told.get("most_seconds")
    return Choice(
        str(told["model"]),
        Effort(told["effort"]) if told.get("effort") else None,
        str(told["why"]),
        str(told.get("rule", "")),
        bool(told.get("propose")),
        None if tokens is None else int(tokens),
        None if seconds is None else float(seconds),
        str(told.get("proposal", "")),
        bool(told.get("standing")),
        bool(told.get("deep")),
        bool(told.get("private")),
        bool(told.get("sent")),
    )


def routed_of(choice: str | None, outcome: str | None) -> Routed | None:
    """Of a turn's row: the texts of its choice and its outcome; None where it was not routed, or by another version."""
    if choice is None:
        return None
    try:
        found = json.loads(outcome) if outcome else {}
        doubts = tuple(str(one["words"]) for one in found.get("doubts", ()))
        overruled, held = str(found.get("overruled", "")), str(found.get("held", ""))
        return Routed(choice_from_json(json.loads(choice)), doubts, overruled, bool(found.get("sent")), held)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
