"""What a person chose for each model: kept, and put together with what is known of the model for each turn."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.asking.resolve import (
    BOUNDS,
    NAMES,
    REASONING_BOUNDS,
    WHOLE,
    KnownModel,
    ModelOptions,
    Resolved,
    check_effort,
    resolve,
    sampling_of,
)
from workbench.db import Database
from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.messages import Effort
from workbench.ports import BackendInfo, Clock

KEYS = ("effort", "reasoning_tokens", *NAMES)


class ModelOptionsService:
    """The only SQL about them. Any thread. A model is named as in `Options.model`; empty: the preferred one."""

    def __init__(self, database: Database, clock: Clock, bus: Bus, known: Callable[[str], KnownModel]) -> None:
        """``known`` may raise `ModelError` for a name that nobody knows."""
        self._db = database
        self._clock = clock
        self._bus = bus
        self._known = known

    def known(self, model: str) -> KnownModel:
        """What is known of the model. Raises `ModelError`."""
        return self._known(model)

    def own(self, model: str) -> ModelOptions:
        """What the person chose for it. Raises `ModelError`."""
        return self._load(self._known(model).key)

    def explain(self, model: str, defaults: Options = AS_SET) -> Resolved:
        """How a question would be asked now, with where each value comes from. Raises `ModelError`."""
        known = self._known(model)
        return resolve(replace(AS_SET, model=model), defaults, self._load(known.key), known)

    def without_own(self, model: str) -> Resolved:
        """As `explain`, if the person had chosen nothing but the effort, which publishers sample by."""
        known = self._known(model)
        return resolve(replace(AS_SET, model=model), AS_SET, ModelOptions(effort=self._load(known.key).effort), known)

    def complete(self, asked: Options, defaults: Options, info: BackendInfo | None = None) -> Options:
        """The options of a turn. ``info``: of the backend that will answer, which knows its efforts for certain.

        Raises `UsageError` for an effort that the model does not know, `ModelError` for an unknown model.
        """
        known = self._known(asked.model or defaults.model)
        if info is not None:
            known = replace(known, efforts=info.efforts, limits_reasoning=info.limits_reasoning)
        return resolve(asked, defaults, self._load(known.key), known).options

    def change(self, model: str, changes: Mapping[str, str | float | None]) -> ModelOptions:
        """Use these values for the model from now on; None: no choice of one's own. Keys: `KEYS`.

        Raises `UsageError` for an unknown key or a bad value, `ModelError` for an unknown model.
        """
        known = self._known(model)
        own = self._load(known.key)
        for key, value in changes.items():
            own = changed(own, key, value)
        if own.effort is not None and "effort" in changes:
            check_effort(own.effort, known)
        self._keep(known.key, own)
        return own

    def reset(self, model: str) -> None:
        """No choice of one's own is left."""
        self._keep(self._known(model).key, ModelOptions())

    def _load(self, key: str) -> ModelOptions:
        row = self._db.row("SELECT options FROM model_options WHERE model = ?", (key,))
        try:
            return from_json(json.loads(row["options"])) if row else ModelOptions()
        except (KeyError, TypeError, ValueError):
            return ModelOptions()  # of a version that wrote other things

    def _keep(self, key: str, own: ModelOptions) -> None:
        with self._db.write() as tx:
            tx.execute(
                "INSERT OR REPLACE INTO model_options (model, options, updated_at) VALUES (?, ?, ?)",
                (key, json.dumps(as_json(own)), self._clock.now()),
            )
        self._bus.publish(Topic.SETTINGS)


def changed(own: ModelOptions, key: str, value: str | float | None) -> ModelOptions:
    """``own`` with another value, which may be its text. Raises `UsageError`."""
    if key == "effort":
        return replace(own, effort=None if value is None else _effort(str(value)))
    if key == "reasoning_tokens":
        return replace(own, reasoning_tokens=None if value is None else int(number(key, value)))
    if key not in NAMES:
        raise UsageError(f"There is no option {key!r}.", hint=f"Options: {', '.join(KEYS)}.")
    chosen = own.sampling.chosen() | ({} if value is None else {key: number(key, value)})
    return replace(
        own, sampling=sampling_of({name: one for name, one in chosen.items() if name != key or value is not None})
    )


def number(key: str, value: str | float) -> float | int:
    """A value within its bounds. Raises `UsageError` with the bounds."""
    least, most = REASONING_BOUNDS if key == "reasoning_tokens" else BOUNDS[key]
    whole = key == "reasoning_tokens" or key in WHOLE
    try:
        found = float(value)
    except (OverflowError, ValueError):
        found = math.nan
    if not least <= found <= most or (whole and found % 1):
        kind = "a whole number" if whole else "a number"
        raise UsageError(
            f"{key} must be {kind} from {least:,} to {most:,}, not {value!r}.", hint="Nothing was changed."
        )
    return int(found) if whole else found


def _effort(text: str) -> Effort:
    try:
        return Effort(text)
    except ValueError:
        names = ", ".join(Effort)
        raise UsageError(
            f"There is no effort {text!r}.", hint=f"Efforts: {names}; not every model knows each."
        ) from None


def as_json(own: ModelOptions) -> dict[str, Any]:
    """Only what was chosen."""
    told = {"effort": own.effort.value if own.effort else None, "reasoning_tokens": own.reasoning_tokens}
    return {**{key: value for key, value in told.items() if value is not None}, **own.sampling.chosen()}


def from_json(told: Mapping[str, Any]) -> ModelOptions:
    """What `as_json` wrote. Raises `TypeError` or `ValueError` for anything else."""
    effort, tokens = told.get("effort"), told.get("reasoning_tokens")
    return ModelOptions(sampling_of(told), Effort(effort) if effort else None, int(tokens) if tokens else None)


def turn_options(options: Options) -> dict[str, Any]:
    """What is kept with an answer: how it was asked for. Texts and schemas are not."""
    made = as_json(ModelOptions(options.sampling, options.effort, options.reasoning_tokens))
    limits = {"max_tokens": options.max_tokens, "schema": True if options.schema is not None else None}
    return {**made, **{key: value for key, value in limits.items() if value is not None}}
