"""The options of a model as a person reads them: names, what each does, where a value comes from. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ui.translation import marked, tr
from workbench.chat.asking.resolve import ModelOptions, Resolved, Source, Value


@dataclass(frozen=True, slots=True)
class Words:
    """``note``: what the option does."""

    name: str
    note: str


OPTIONS = {
    "temperature": Words(marked("Temperature"), marked("0: always the likeliest word; 1: as it learnt")),
    "top_p": Words(marked("Top p"), marked("The likeliest words with this share together")),
    "top_k": Words(marked("Top k"), marked("So many of the likeliest words; 0: all")),
    "min_p": Words(marked("Min p"), marked("No words below this share of the likeliest one")),
    "repeat_penalty": Words(marked("Repeat penalty"), marked("Above 1: less of what was said lately")),
    "presence_penalty": Words(marked("Presence penalty"), marked("Above 0: less of what was said at all")),
    "frequency_penalty": Words(marked("Frequency penalty"), marked("Above 0: less of what was said often")),
    "seed": Words(marked("Seed"), marked("The same seed gives the same answer again")),
    "reasoning_tokens": Words(marked("Longest thinking"), marked("In tokens; then it answers with what it has")),
}

SOURCES = {
    Source.QUESTION: marked("this question"),
    Source.SETTINGS: marked("settings"),
    Source.OWN: marked("yours"),
    Source.PUBLISHER: marked("publisher"),
    Source.ENGINE: marked("engine"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the panel. ``text``: the person's own value, empty without; ``placeholder``: what counts then."""

    key: str
    text: str
    placeholder: str


def fields(own: ModelOptions, without: Resolved, *, limits_reasoning: bool) -> tuple[Field, ...]:
    """``without``: what would count if the person had chosen nothing. A limit of thoughts only where it is kept to."""
    mine = {**own.sampling.chosen(), "reasoning_tokens": own.reasoning_tokens}
    values = {value.name: value for value in without.values}
    keys = [key for key in OPTIONS if key != "reasoning_tokens" or limits_reasoning]
    return tuple(Field(key, number_words(mine.get(key)), default_words(values[key])) for key in keys)


def number_words(value: float | str | None) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def default_words(value: Value) -> str:
    """ "0.7 (publisher)", or that the engine decides."""
    if value.value is None:
        said = {"seed": tr("another each time"), "reasoning_tokens": tr("no limit")}
        return said.get(value.name, tr("as the engine does"))
    return f"{number_words(value.value)} ({tr(SOURCES[value.source])})"


def refusal_words(key: str, message: str) -> str:
    """Why a value was refused, with the option's name in place of its key."""
    return message.replace(key, tr(OPTIONS[key].name), 1)
