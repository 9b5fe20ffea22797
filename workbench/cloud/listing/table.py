"""The models that come with the program, with their prices: `assets/cloud/models.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

from workbench.cloud.listing.exact import micros_of
from workbench.cloud.provider import MILLION, CloudModel, Price, Rung
from workbench.messages import Effort
from workbench.paths import asset

FILE: Final = "cloud/models.toml"


@dataclass(frozen=True, slots=True)
class OpenModel:
    """Open weights that anybody may host. ``known_as``: the last part of the names that hosts give them, in lower case."""

    id: str
    name: str
    family: str
    efforts: tuple[Effort, ...]
    sees: bool
    calls_tools: bool
    known_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Listed:
    """``until``: the last day of its price, empty: none is known."""

    model: CloudModel
    until: str


@dataclass(frozen=True, slots=True)
class Table:
    """``open_models``: families whose weights anybody may host; ``listed``: models of providers, with what ends when."""

    open_models: tuple[OpenModel, ...]
    listed: tuple[_Listed, ...]

    def models(self, today: date) -> tuple[CloudModel, ...]:
        """As they are on that day: a price that ended is not known any more."""
        day = today.isoformat()
        return tuple(
            replace(one.model, price=None) if one.until and day > one.until else one.model for one in self.listed
        )

    def recognised(self, model: CloudModel) -> CloudModel:
        """``model`` with what is known of open weights of its name."""
        last = model.id.rpartition("/")[2].partition(":")[0].lower()
        known = next((one for one in self.open_models if last in one.known_as), None)
        return model if known is None else of_open(model, known)


@cache
def table() -> Table:
    """As it is shipped, read once."""
    tree = tomllib.loads(asset(FILE).read_text(encoding="utf-8"))
    open_models = tuple(map(_open_model, tree["open_model"]))
    by_id = {one.id: one for one in open_models}
    return Table(open_models, tuple(_listed(row, by_id, tree["date"]) for row in tree["model"]))


def of_open(model: CloudModel, known: OpenModel) -> CloudModel:
    """What its host does not tell is as the weights are."""
    return replace(
        model,
        name=known.name,
        rung=Rung.OPEN,
        family=known.family,
        efforts=known.efforts,
        sees=known.sees if model.sees is None else model.sees,
        calls_tools=known.calls_tools if model.calls_tools is None else model.calls_tools,
        open_model=known.id,
    )


def _open_model(row: Mapping[str, Any]) -> OpenModel:
    return OpenModel(
        row["id"], row["name"], row["family"], _efforts(row), row["sees"], row["calls_tools"], tuple(row["known_as"])
    )


def _listed(row: Mapping[str, Any], open_models: Mapping[str, OpenModel], day: str) -> _Listed:
    model = CloudModel(
        row["provider"],
        row["id"],
        row.get("name", ""),
        Rung.FRONTIER,
        context_tokens=row.get("context"),
        most_output_tokens=row.get("most_output"),
        sees=row.get("sees"),
        calls_tools=row.get("calls_tools"),
        efforts=_efforts(row),
        tokens_per_second=row.get("tokens_per_second"),
        price=_price(row["price"], day) if "price" in row else None,
    )
    if known := open_models.get(row.get("open_model", "")):
        model = of_open(model, known)
    return _Listed(model, row.get("price", {}).get("until", ""))


def _efforts(row: Mapping[str, Any]) -> tuple[Effort, ...]:
    return tuple(map(Effort, row.get("efforts", ())))


def _price(row: Mapping[str, str], day: str) -> Price:
    """Raises `ValueError` for a table that is wrong."""
    found = {name: micros_of(row.get(name), MILLION) for name in ("input", "output", "cached", "cache_write")}
    if found["input"] is None or found["output"] is None:
        raise ValueError(f"no price: {row}")
    return Price(found["input"], found["output"], found["cached"], found["cache_write"], row["source"], day)
