"""The list of models that a provider gives, read with tolerance: whoever wrote it may be careless or hostile. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from workbench.cloud.listing.prices import FREE, least_surcharged, price_of
from workbench.cloud.provider import CloudModel, Dialect, Provider
from workbench.messages import Effort

MOST_MODELS: Final = 5000
MOST_ID: Final = 200
MOST_NAME: Final = 120
MOST_TOKENS: Final = 1_000_000_000
_MOST_DIGITS: Final = 18

_CONTEXT: Final = ("context_length", "context_window", "max_context_length", "max_input_tokens", "max_model_len")
_OUTPUT: Final = ("max_completion_tokens", "max_output_tokens", "max_output_length")
# In lists that do not say what a model is for.
_OTHER_USES: Final = (
    "embed", "whisper", "tts", "dall-e", "-image", "moderation", "transcribe", "realtime", "-audio", "sora", "rerank",
    "guard", "imagen", "veo-",
)  # fmt: skip
_LEVELS: Final = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)


@dataclass(frozen=True, slots=True)
class ModelList:
    """One page. ``next``: the query or path of the next one; empty: this is the last."""

    models: tuple[CloudModel, ...]
    next: str = ""


def read_list(content: bytes, provider: Provider, day: str) -> ModelList:
    """``day``: on which it was asked, ISO. Junk within it is left out; of two of one name the first counts.

    Raises `ValueError` for what is no list of models.
    """
    try:
        document = json.loads(content, parse_float=Decimal, parse_int=_whole, parse_constant=lambda _name: None)
    except RecursionError as error:
        raise ValueError("nested without end") from error
    rows = document if isinstance(document, list) else _mapping(document).get("data")
    if not isinstance(rows, list):
        raise ValueError("there is no list in it")  # noqa: TRY004 - all that is no list is one mistake
    return ModelList(tuple(_models(rows, provider, day)), _next(_mapping(document), provider))


def _models(rows: list[Any], provider: Provider, day: str) -> Iterator[CloudModel]:
    seen = set[str]()
    for row in rows[:MOST_MODELS]:
        model_id = _id(_mapping(row).get("id"))
        if model_id and model_id not in seen and _chats(row, model_id):
            seen.add(model_id)
            yield _model(row, model_id, provider, day)


def _model(row: Mapping[str, Any], model_id: str, provider: Provider, day: str) -> CloudModel:
    within = (row, _mapping(row.get("top_provider")))
    most = (*_OUTPUT, "max_tokens") if provider.dialect is Dialect.ANTHROPIC else _OUTPUT
    pricing = _mapping(row.get("pricing"))
    surcharged = least_surcharged(pricing)
    limits = [one for one in (_tokens(within[:1], _CONTEXT), surcharged) if one is not None]
    return CloudModel(
        provider.id,
        model_id,
        _name(row.get("name")) or _name(row.get("display_name")),
        context_tokens=min(limits, default=None),
        most_output_tokens=_tokens(within, most),
        sees=_sees(row),
        calls_tools=_calls_tools(row),
        efforts=_efforts(row),
        price=price_of(pricing, provider, day, free=model_id.endswith(FREE)),
    )


def _id(found: Any) -> str:
    """Empty for none: what can be neither shown nor typed names no model."""
    if not isinstance(found, str):
        return ""
    found = found.removeprefix("models/")  # Gemini's
    good = 0 < len(found) <= MOST_ID and found.isprintable() and not any(map(str.isspace, found))
    return found if good else ""


def _name(found: Any) -> str:
    if not isinstance(found, str):
        return ""
    shown = "".join(letter if letter.isprintable() else " " for letter in found[: MOST_NAME * 2])
    return " ".join(shown.split())[:MOST_NAME]


def _chats(row: Mapping[str, Any], model_id: str) -> bool:
    out = _mapping(row.get("architecture")).get("output_modalities")
    if isinstance(out, list):
        return "text" in out
    if isinstance(kind := row.get("type"), str) and kind not in ("model", ""):
        return kind in ("chat", "language", "code")
    if isinstance(chats := _mapping(row.get("capabilities")).get("completion_chat"), bool):
        return chats
    return not any(word in model_id.lower() for word in _OTHER_USES)


def _sees(row: Mapping[str, Any]) -> bool | None:
    taken = _mapping(row.get("architecture")).get("input_modalities")
    if isinstance(taken, list):
        return "image" in taken
    can = _mapping(row.get("capabilities"))
    return _said(can.get("vision"), _mapping(can.get("image_input")).get("supported"), row.get("supports_image_input"))


def _calls_tools(row: Mapping[str, Any]) -> bool | None:
    taken = row.get("supported_parameters")
    if isinstance(taken, list):
        return "tools" in taken
    return _said(_mapping(row.get("capabilities")).get("function_calling"), row.get("supports_tools"))


def _efforts(row: Mapping[str, Any]) -> tuple[Effort, ...]:
    taken = row.get("supported_parameters")
    if isinstance(taken, list):
        return _LEVELS if "reasoning_effort" in taken else ()
    levels = _mapping(_mapping(row.get("capabilities")).get("effort"))
    return tuple(one for one in _LEVELS if _mapping(levels.get(one.value)).get("supported") is True)


def _said(*found: Any) -> bool | None:
    return next((one for one in found if isinstance(one, bool)), None)


def _tokens(places: Iterable[Mapping[str, Any]], names: Iterable[str]) -> int | None:
    for place in places:
        for name in names:
            found = place.get(name)
            if isinstance(found, int) and not isinstance(found, bool) and 0 < found <= MOST_TOKENS:
                return found
    return None


def _next(document: Mapping[str, Any], provider: Provider) -> str:
    if provider.dialect is Dialect.ANTHROPIC and document.get("has_more") is True:
        return _id(document.get("last_id"))
    link = _mapping(document.get("links")).get("next")
    return link if isinstance(link, str) and link.startswith("/") and link.isascii() and link.isprintable() else ""


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}
