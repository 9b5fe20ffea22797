"""A preview as it is kept until its answer is there. Pure. The body itself is kept beside, byte by byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from workbench.chat.escalating.counts import Count, CountedBy, Uncounted
from workbench.chat.escalating.escalation import Draft, Mode, Piece, PieceKind, Preview
from workbench.cloud.asking import Outgoing
from workbench.cloud.hiding.redaction import Hidden, Redaction
from workbench.cloud.provider import CloudModel, Dialect, Price, Provider, Retention, Rung
from workbench.cloud.spending.money import Cap, CapKind, Range, Remaining
from workbench.messages import Effort

Made = TypeVar("Made")


def preview_json(preview: Preview) -> dict[str, Any]:
    provider = asdict(preview.provider)
    return {
        "draft": asdict(preview.draft),
        "provider": {**provider, "quirks": sorted(provider["quirks"])},
        "url": preview.outgoing.url,
        "headers": dict(preview.outgoing.headers),
        "prompt_tokens": preview.prompt_tokens,
        "counted": preview.counted,
        "count": asdict(preview.count),
        "redactions": [asdict(one) for one in preview.redactions],
        "cost": None if preview.cost is None else asdict(preview.cost),
        "remaining": asdict(preview.remaining),
    }


def preview_from_json(told: Mapping[str, Any], body: bytes) -> Preview:
    """What `preview_json` wrote, of this version or an earlier one. Raises `KeyError`, `TypeError` or `ValueError`."""
    cap = told["remaining"]["cap"]
    return Preview(
        _draft(told["draft"]),
        _provider(told["provider"]),
        Outgoing(told["url"], dict(told["headers"]), body),
        _count(told),
        tuple(_of(Redaction, one, kind=Hidden(one["kind"])) for one in told["redactions"]),
        None if told["cost"] is None else _of(Range, told["cost"]),
        Remaining(told["remaining"]["micros"], _of(Cap, cap, kind=CapKind(cap["kind"]))),
    )


def _count(told: Mapping[str, Any]) -> Count:
    """An earlier version kept the most alone, and whether a loaded model had counted."""
    count = told.get("count")
    if count is None:
        most, counted = told["prompt_tokens"], bool(told.get("counted"))
        return Count(most, most, CountedBy.LOADED if counted else CountedBy.ESTIMATE)
    return _of(Count, count, by=CountedBy(count["by"]), why=_or_none(Uncounted, count["why"]))


def _draft(told: Mapping[str, Any]) -> Draft:
    return _of(
        Draft,
        told,
        model=_model(told["model"]),
        mode=Mode(told["mode"]),
        pieces=tuple(_of(Piece, one, kind=PieceKind(one["kind"])) for one in told["pieces"]),
        effort=_or_none(Effort, told["effort"]),
        shown=tuple(told["shown"]),
    )


def _model(told: Mapping[str, Any]) -> CloudModel:
    return _of(
        CloudModel,
        told,
        rung=_or_none(Rung, told["rung"]),
        efforts=tuple(map(Effort, told["efforts"])),
        price=None if told["price"] is None else _of(Price, told["price"]),
    )


def _provider(told: Mapping[str, Any]) -> Provider:
    return _of(
        Provider,
        told,
        dialect=Dialect(told["dialect"]),
        retention=_of(Retention, told["retention"]),
        quirks=frozenset(told["quirks"]),
    )


def _of(made: type[Made], told: Mapping[str, Any], /, **read: Any) -> Made:
    """``read``: what is more than text and numbers. What this version does not know is left out."""
    known = {field.name for field in fields(made)}  # type: ignore[arg-type]  # all of them are dataclasses
    return made(**{key: value for key, value in {**told, **read}.items() if key in known})


def _or_none(kind: Any, value: Any) -> Any:
    return None if value is None else kind(value)
