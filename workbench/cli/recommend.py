"""`workbench models recommend`: which model for this machine, or for another one, and what it costs."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.hardware.machine import describe
from workbench.models.advising.advice import Pick, Preference, Recommendation, Use

if TYPE_CHECKING:
    from workbench.app import Workbench


def register(actions: Any) -> None:
    command = add_action(
        actions,
        "recommend",
        "which model for this machine: how good, how fast, and what it takes",
        "workbench models recommend --for documents --prefer quality",
        run,
    )
    command.add_argument(
        "--for",
        dest="use",
        choices=[str(use) for use in Use],
        default=str(Use.CHAT),
        help="what it is for (default: chat)",
    )
    command.add_argument(
        "--prefer",
        choices=[str(preference) for preference in Preference],
        default=str(Preference.BALANCED),
        help="what counts more (default: balanced)",
    )
    command.add_argument(
        "--machine", metavar="FILE", type=Path, help="answer for the machine of a `workbench doctor --json` document"
    )


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.hardware.machine_file import read_machine_file

    machine = read_machine_file(arguments.machine) if arguments.machine else None
    advisor = workbench.advisor
    found = advisor.recommend(Use(arguments.use), Preference(arguments.prefer), machine)
    for notice in advisor.notices():
        output.say(output.safe(str(notice)))
    if arguments.json:
        output.document(as_json(found))
    else:
        here = describe((machine or advisor.machine()).as_json())
        output.write(output.safe(f"For {arguments.use} on {here}\n\n{in_words(found)}"))
    return output.OK


def as_json(found: Recommendation) -> dict[str, Any]:
    from workbench.models.advising.words import DOWNLOAD_MEGABITS

    return {
        "recommended": pick_json(found.recommended),
        "alternatives": [pick_json(pick) for pick in found.alternatives],
        "bridge": pick_json(found.bridge),
        "notes": list(found.notes),
        "for": str(found.use),
        "prefer": str(found.preference),
        "assumed_download_megabits_per_second": DOWNLOAD_MEGABITS,
    }


def pick_json(pick: Pick | None) -> dict[str, Any] | None:
    """One model as scripts read it; ``memory`` is the document of `workbench models estimate`."""
    if pick is None:
        return None
    from workbench.models.advising.words import download_minutes

    model, file, estimate = pick.model, pick.file, pick.estimate
    memory = estimate.as_json()
    return {
        "model": model.id,
        "repository": file.repository,
        "file": file.file,
        "bytes": file.size_bytes,
        "context": pick.context,
        "fit": str(estimate.fit),
        "reasons": list(pick.reasons),
        "answer_seconds": pick.answer_seconds.as_json(),
        "prompt_tokens_per_second": memory["prompt_tokens_per_second"],
        "generation_tokens_per_second": memory["generation_tokens_per_second"],
        "name": model.name,
        "role": pick.role,
        "reference": file.reference,
        "quantization": file.quantization,
        "sha256": file.sha256,
        "effort": pick.effort,
        "task": asdict(pick.task),
        "quality": round(pick.quality, 1),
        "quality_spread": round(pick.quality_spread, 1),
        "memory": memory,
        "needs_engine": estimate.needs_engine,
        "engine_bytes": pick.engine_bytes,
        "projector": file.projector or None,
        "projector_bytes": file.projector_bytes,
        "download_bytes": pick.download_bytes,
        "download_minutes": round(download_minutes(pick.download_bytes + pick.engine_bytes), 1),
        "licence": model.licence,
    }


def in_words(found: Recommendation) -> str:
    picks = [found.recommended, *found.alternatives, found.bridge]
    parts = [_pick_in_words(pick) for pick in picks if pick]
    if found.recommended:
        parts.append(f"Fetch it: workbench models pull {found.recommended.file.reference}\n")
    return "\n".join([*parts, *(f"{note}\n" for note in found.notes)])


def _pick_in_words(pick: Pick) -> str:
    head = f"{pick.role}: {pick.model.name}, {pick.file.quantization} ({pick.model.id})"
    return "\n".join([head, *(f"  - {reason}" for reason in pick.reasons)]) + "\n"
