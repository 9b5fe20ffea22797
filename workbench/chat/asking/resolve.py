"""Who decides how a turn is run: this question, the settings, the person's choice for the model, its publisher, and where
none of them says anything, the engine. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Final

from workbench.chat.asking.options import Options
from workbench.errors import UsageError
from workbench.messages import Effort, Sampling


class Source(StrEnum):
    """Where a value comes from; as a person reads it."""

    QUESTION = "this question"
    SETTINGS = "the settings"
    OWN = "your choice for this model"
    PUBLISHER = "the model's publisher"
    ENGINE = "the engine"


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What a person chose for one model. None: not chosen."""

    sampling: Sampling = Sampling()
    effort: Effort | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class KnownModel:
    """What decides for a model when the person does not.

    ``key``: what the person's choice is kept under. ``efforts``: that it knows; None: nobody can tell yet.
    ``default_effort``: what it does without being told. ``publisher``: recommended sampling by effort, under None for
    all others. ``publisher_effort``: the effort that its publisher means when none is named. ``limits_reasoning``: it
    thinks, and ends its thoughts after so many tokens where it is told to. ``thoughts``: how long it thinks beside others.
    """

    key: str
    name: str = ""
    efforts: tuple[Effort, ...] | None = None
    default_effort: Effort | None = None
    publisher: Mapping[Effort | None, Mapping[str, float]] = field(default_factory=dict)
    publisher_effort: Effort | None = None
    limits_reasoning: bool = True
    thoughts: float = 1.0


@dataclass(frozen=True, slots=True)
class Value:
    """One parameter of a turn. ``value`` None: as the engine does by itself."""

    name: str
    value: float | int | str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Resolved:
    """``values``: the same as ``options``, each with where it comes from; the effort first, then sampling."""

    options: Options
    values: tuple[Value, ...]


NAMES: Final = tuple(one.name for one in fields(Sampling))
WHOLE: Final = frozenset({"top_k", "seed"})
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "temperature": (0.0, 5.0),
    "top_p": (0.0, 1.0),
    "top_k": (0, 1000),
    "min_p": (0.0, 1.0),
    "repeat_penalty": (0.1, 3.0),
    "presence_penalty": (-2.0, 2.0),
    "frequency_penalty": (-2.0, 2.0),
    "seed": (0, 2**32 - 2),
}
"""Beyond these every engine either refuses or writes nonsense; one more than the largest seed means: any."""
REASONING_BOUNDS: Final = (1, 1 << 20)


def resolve(asked: Options, defaults: Options, own: ModelOptions, known: KnownModel) -> Resolved:
    """How a turn is run that was ``asked`` for so. ``defaults``: of the settings.

    Raises `UsageError` when an effort is asked for that the model does not know; the person's kept choice is passed over
    then, because it was made for what the model's file or engine was before.
    """
    if asked.effort is not None:
        check_effort(asked.effort, known)
    efforts = [
        (asked.effort, Source.QUESTION),
        (_known_only(defaults.effort, known), Source.SETTINGS),
        (_known_only(own.effort, known), Source.OWN),
        (_known_only(known.publisher_effort, known), Source.PUBLISHER),
    ]
    effort, effort_source = next((one for one in efforts if one[0] is not None), (None, Source.ENGINE))
    layers = (
        (asked.sampling, Source.QUESTION),
        (defaults.sampling, Source.SETTINGS),
        (own.sampling, Source.OWN),
        (recommended(known, effort), Source.PUBLISHER),
    )
    values = [_first(name, layers) for name in NAMES]
    budget = _budget(asked, defaults, own, known)
    options = replace(
        asked.over(defaults),
        effort=effort,
        sampling=sampling_of({value.name: value.value for value in values}),
        reasoning_tokens=budget.value if isinstance(budget.value, int) else None,
    )
    shown = effort or known.default_effort
    return Resolved(options, (Value("effort", shown.value if shown else None, effort_source), *values, budget))


def effort_named(text: str, known: KnownModel) -> Effort:
    """The effort of this name. Raises `UsageError` when the model knows none of it, naming those that it knows."""
    try:
        effort = Effort(text.strip().lower())
    except ValueError:
        efforts = tuple(Effort) if known.efforts is None else known.efforts
        raise _unknown_effort(text, known.name, efforts) from None
    check_effort(effort, known)
    return effort


def check_effort(effort: Effort, known: KnownModel) -> None:
    """Raises `UsageError` for an effort that the model does not know, naming those that it does."""
    if known.efforts is None or effort in known.efforts:
        return
    raise _unknown_effort(effort.value, known.name, known.efforts)


def _unknown_effort(text: str, name: str, efforts: Sequence[Effort]) -> UsageError:
    name = name or "This model"
    if not efforts:
        return UsageError(f"{name} has no choice of effort.", hint="Ask it without one, or choose another model.")
    return UsageError(f"{name} does not know the effort {text!r}.", hint=f"It knows {listed(efforts)}.")


def listed(efforts: Sequence[Effort]) -> str:
    """ "low, medium and high"."""
    words = [effort.value for effort in efforts]
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def recommended(known: KnownModel, effort: Effort | None) -> Sampling:
    """What the publisher recommends at this effort; what is no parameter of ours is left out."""
    wanted = effort or known.publisher_effort or known.default_effort
    return sampling_of(known.publisher.get(wanted, known.publisher.get(None, {})))


def sampling_of(values: Mapping[str, object]) -> Sampling:
    numbers = {name: value for name, value in values.items() if name in NAMES and isinstance(value, int | float)}
    return Sampling(**{name: int(one) if name in WHOLE else one for name, one in numbers.items()})  # type: ignore[arg-type]


def _known_only(effort: Effort | None, known: KnownModel) -> Effort | None:
    return effort if effort is not None and effort in (known.efforts or ()) else None


def _budget(asked: Options, defaults: Options, own: ModelOptions, known: KnownModel) -> Value:
    """Only asked for in so many words is it sent to a model that may not think at all: it does no harm there."""
    if asked.reasoning_tokens is not None:
        return Value("reasoning_tokens", asked.reasoning_tokens, Source.QUESTION)
    if known.limits_reasoning:
        for tokens, source in ((defaults.reasoning_tokens, Source.SETTINGS), (own.reasoning_tokens, Source.OWN)):
            if tokens is not None:
                return Value("reasoning_tokens", tokens, source)
    return Value("reasoning_tokens", None, Source.ENGINE)


def _first(name: str, layers: Sequence[tuple[Sampling, Source]]) -> Value:
    found = ((getattr(sampling, name), source) for sampling, source in layers)
    value, source = next((one for one in found if one[0] is not None), (None, Source.ENGINE))
    return Value(name, value, source)
