"""The providers that come with the program: `assets/cloud/providers.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from workbench.cloud.provider import Dialect, Provider, Retention
from workbench.paths import asset

FILE: Final = "cloud/providers.toml"


@dataclass(frozen=True, slots=True)
class Row:
    """``key_check``: a path that only a good key may read, where everybody may read the list of models."""

    provider: Provider
    key_check: str = ""


@cache
def rows() -> tuple[Row, ...]:
    """In the order of the file."""
    return tuple(map(_row, tomllib.loads(asset(FILE).read_text(encoding="utf-8"))["provider"]))


def listed_providers() -> tuple[Provider, ...]:
    return tuple(row.provider for row in rows())


def _row(written: Mapping[str, Any]) -> Row:
    provider = Provider(
        written["id"],
        written["name"],
        written["base_url"],
        Dialect(written.get("dialect", Dialect.OPENAI)),
        written.get("key_page", ""),
        written.get("chat_page", ""),
        Retention(**written.get("retention", {})),
        frozenset(written.get("quirks", ())),
    )
    return Row(provider, written.get("key_check", ""))
