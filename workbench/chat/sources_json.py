"""What an answer stands on, as it is stored and exported. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from workbench.messages import Citation, Passage, Sources, Verdict

MOST = 10_000


def sources_as_json(sources: Sources) -> dict[str, Any]:
    return {
        "passages": [asdict(passage) for passage in sources.passages],
        "citations": [asdict(citation) for citation in sources.citations],
        "note": sources.note,
    }


def sources_from_json(told: Mapping[str, Any]) -> Sources:
    """What `sources_as_json` made, also where a stranger wrote it. Raises `ValueError` for anything else."""
    try:
        return Sources(
            tuple(_passage(one) for one in told.get("passages", ())[:MOST]),
            tuple(_citation(one) for one in told.get("citations", ())[:MOST]),
            str(told.get("note", "")),
        )
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError("sources in another form") from error


def passages_from_json(told: Any) -> tuple[Passage, ...]:
    """As in `sources_as_json`. Raises `ValueError` for anything else."""
    return sources_from_json({"passages": told}).passages


def _passage(told: Mapping[str, Any]) -> Passage:
    page = told.get("page")
    return Passage(
        number=int(told["number"]),
        path=str(told["path"]),
        collection_id=str(told.get("collection_id", "")),
        sha256=str(told.get("sha256", "")),
        start=int(told["start"]),
        end=int(told["end"]),
        text=str(told["text"]),
        page=None if page is None else int(page),
        label=str(told.get("label", "")),
        score=float(told.get("score", 0)),
        context=str(told.get("context", "")),
        private=bool(told.get("private", False)),
        at=None if told.get("at") is None else float(told["at"]),
    )


def _citation(told: Mapping[str, Any]) -> Citation:
    whole = {key: int(told[key]) for key in ("start", "end", "number")}
    return Citation(**whole, verdict=Verdict(told["verdict"]), reason=str(told.get("reason", "")))
