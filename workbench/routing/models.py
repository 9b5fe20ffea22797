"""Which model and how much effort a rule means here. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.chat.asking.choice import Choice
from workbench.messages import Effort
from workbench.routing.facts import Facts
from workbench.routing.rules import Budget, Rule, Rules, Use, because


@dataclass(frozen=True, slots=True)
class Model:
    """``id``: as `Options.model` names it. ``efforts`` None: nobody can tell yet, so none is asked for."""

    id: str
    name: str
    efforts: tuple[Effort, ...] | None = None


@dataclass(frozen=True, slots=True)
class Local:
    """The models that may be chosen. ``seeing``: of this machine that take pictures, the best first."""

    fast: Model
    deep: Model
    seeing: tuple[Model, ...] = ()


ORDER: Final = (Effort.OFF, Effort.LOW, Effort.MEDIUM, Effort.HIGH, Effort.ON)


def choice_of(rule: Rule, rules: Rules, facts: Facts, local: Local, effort: Effort | None = None) -> Choice:
    """``effort``: as the person asked, None: they did not."""
    deep = rule.then.use is not Use.FAST
    model, note = _seeing(local.deep if deep else local.fast, facts, local)
    wanted = rule.then.effort or (Effort.HIGH if deep else Effort.LOW)
    chosen = effort or nearest(wanted, model.efforts, up=deep)
    budget = rules.budgets.get(_budget_key(chosen, wanted), Budget())
    propose = rule.then.use is Use.PROPOSE and not facts.private
    return Choice(
        model.id,
        chosen,
        _why(model, chosen, rule, note, own=effort is not None),
        rule.name,
        propose,
        rule.then.most_tokens or budget.most_tokens,
        rule.then.most_seconds or budget.most_seconds,
        _sentence(because(rule)) if propose else "",
        deep=deep,
        private=facts.private,
    )


def nearest(wanted: Effort, known: Sequence[Effort] | None, *, up: bool) -> Effort | None:
    """The effort of ``known`` that is nearest to ``wanted``, of two the greater one where ``up``; None: there is no choice,
    or nobody can tell."""
    if not known:
        return None
    place = ORDER.index(wanted)
    return min(known, key=lambda one: (abs(ORDER.index(one) - place), -ORDER.index(one) if up else ORDER.index(one)))


def _budget_key(chosen: Effort | None, wanted: Effort) -> Effort:
    """A model that thinks or does not has the budgets of much and of little."""
    return {Effort.OFF: Effort.LOW, Effort.ON: Effort.HIGH}.get(chosen or wanted, chosen or wanted)


def _seeing(model: Model, facts: Facts, local: Local) -> tuple[Model, str]:
    if not facts.picture or not local.seeing or any(one.id == model.id for one in local.seeing):
        return model, ""
    return local.seeing[0], ", which sees pictures"


def _why(model: Model, effort: Effort | None, rule: Rule, note: str, *, own: bool) -> str:
    pieces = [model.name + note]
    if effort is not None:
        pieces.append(_EFFORT_WORDS[effort] + (" as you asked" if own else ""))
    named = f" (rule {rule.name})" if rule.name else ""
    return f"{', '.join(pieces)}, because {because(rule)}{named}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"


_EFFORT_WORDS: Final = {
    Effort.OFF: "without thinking",
    Effort.LOW: "low effort",
    Effort.MEDIUM: "medium effort",
    Effort.HIGH: "high effort",
    Effort.ON: "thinking",
}
