"""What providers and their models are called, by the ids that are kept with an answer. Reads the tables that come with the
program, once; an id that is in none is its own name."""

from __future__ import annotations

from functools import cache
from typing import Final

from workbench.cloud.listing.rows import listed_providers
from workbench.cloud.listing.table import table
from workbench.cloud.provider import CloudModel

_LONGEST_NAME: Final = 120  # what stands in a chat that came from elsewhere may be anything


@cache
def _providers() -> dict[str, str]:
    return {one.id: one.name for one in listed_providers()}


@cache
def _models() -> dict[str, str]:
    return {one.model.full_name: one.model.name for one in table().listed if one.model.name}


def provider_called(provider_id: str) -> str:
    """ "Groq" for "groq"; a name of the person's own is called as it is."""
    return _providers().get(provider_id, _one_line(provider_id))


def model_called(full_name: str) -> str:
    """ "gpt-oss 120B" for "groq/openai/gpt-oss-120b"; of one that is in no table the last part of its id."""
    if full_name in _models():
        return _models()[full_name]
    provider, _slash, own = full_name.partition("/")
    name = table().recognised(CloudModel(provider, own)).name if own else ""
    return name or _one_line(full_name.rpartition("/")[2] or full_name)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_NAME]
