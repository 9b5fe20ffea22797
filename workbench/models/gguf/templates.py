"""Chat templates that publishers shipped, known by their sha256, and what to say of a file that has another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from workbench.paths import asset

CHANGED: Final = (
    "Its chat template is not one that {publisher} published: whoever packed this file has changed it. That may mend a "
    "fault or cause one; the check-up shows whether it works."
)


@dataclass(frozen=True, slots=True)
class Published:
    """The templates of one model, old and new, by the sha256 of their text."""

    publisher: str
    sha256: frozenset[str]


@cache
def published() -> dict[str, Published]:
    """By catalog id; models whose publisher's template nobody recorded are not in it."""
    table = json.loads(asset("chat_templates.json").read_text("utf-8"))
    return {
        model: Published(entry["publisher"], frozenset(entry["sha256"]))
        for entry in table["templates"]
        for model in entry["models"]
    }


def fingerprint(template: str) -> str:
    """The sha256 of the text as such: line ends and the white space around it do not count."""
    return hashlib.sha256(template.replace("\r\n", "\n").strip().encode()).hexdigest()


def note(template: str | None, catalog_id: str, table: Mapping[str, Published] | None = None) -> str:
    """In words, that ``template`` is not the publisher's; empty when it is, or nothing is known of the model."""
    known = (published() if table is None else table).get(catalog_id)
    if not template or known is None or fingerprint(template) in known.sha256:
        return ""
    return CHANGED.format(publisher=known.publisher)
