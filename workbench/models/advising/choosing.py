"""Which model for this machine and this person: the choice. Pure.

The choice is made by how good the answer is, less a price for the seconds that it takes to finish one: not by tokens a
second. docs/decisions/0067-seconds-per-answer.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.models.advising import words
from workbench.models.advising.advice import Pick, Preference, Recommendation, Use
from workbench.models.advising.candidates import (
    BEARABLE_SECONDS,
    CONTEXTS,
    DISK_MARGIN,
    NOTHING_INSTALLED,
    Candidate,
    Corrections,
    Situation,
    answer_seconds,
    at_each_effort,
    candidates,
    nothing_measured,
    task_for,
)
from workbench.models.advising.quality import efforts, quality
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.sizing.estimate import Estimate, Fit, Range, Request

BRIDGE_BYTES: Final = (2_000_000_000, 6_000_000_000)
POINTS_A_MINUTE: Final = 2.0  # that fetching the bridge costs: it is only for the time until the other one is there
# Of other models beside the recommended one: at most so many, in so much of its seconds or bytes, so much better; and none
# that is far worse, or that nobody waits for.
AT_MOST: Final = 2
FASTER, SMALLER = 0.6, 0.6
BETTER_POINTS: Final = 1.5
WORSE_POINTS: Final = 12.0


def recommend(
    catalog: Sequence[CatalogModel],
    machine: Machine,
    engines: Engines = NOTHING_INSTALLED,
    use: Use = Use.CHAT,
    preference: Preference = Preference.BALANCED,
    corrections: Corrections = nothing_measured,
) -> Recommendation:
    """One model, at most two others, a bridge, and what should be known beside."""
    situation = Situation(machine, engines, corrections)
    fitting = _all(catalog, situation, use, preference)
    roomy = [one for one in fitting if situation.has_disk_for(one)]
    possible = _each_models_best(roomy, preference)
    best = _best((candidate for candidate in possible if candidate.sure), preference)
    later = _when_tidied(catalog, situation, use, preference, best)
    if best is None:
        nearest = _nearest(catalog, situation, use)
        notes = (*words.nothing_fits(machine, disk=bool(fitting), nearest=nearest), *later)
        return Recommendation(use, preference, None, (), None, notes)
    others = tuple(_others(best, possible))
    bridge = _bridge(best, roomy, situation)
    return Recommendation(
        use,
        preference,
        _pick(best, words.RECOMMENDED, situation, use),
        tuple(_pick(other, role, situation, use, best) for role, other in others),
        _pick(bridge, words.BRIDGE, situation, use, best) if bridge else None,
        (*later, *_notes(catalog, situation, use, best, others, fitting)),
    )


def _all(catalog: Sequence[CatalogModel], situation: Situation, use: Use, preference: Preference) -> list[Candidate]:
    return [candidate for model in catalog for candidate in candidates(model, situation, use, preference)]


def _when_tidied(
    catalog: Sequence[CatalogModel],
    situation: Situation,
    use: Use,
    preference: Preference,
    now: Candidate | None,
) -> Iterator[str]:
    """The better model that would be recommended with less going on in the machine."""
    tidied = situation.tidied
    if tidied is None:
        return
    found = (one for one in _all(catalog, tidied, use, preference) if one.sure and tidied.has_disk_for(one))
    best = _best(found, preference)
    if best and (now is None or best.quality.points >= now.quality.points + BETTER_POINTS):
        yield words.when_tidied(best.model, best.estimate.total_bytes, tidied.usual_bytes)


def _best(found: Iterable[Candidate], preference: Preference) -> Candidate | None:
    """The most valuable. Of equals: the one whose content is known, then the smaller one, then by name."""
    return min(
        found,
        key=lambda one: (
            -round(one.value(preference), 1),
            not (one.file.sha256 or any(one.file.shard_sha256)),
            one.download_bytes,
            one.model.id,
            one.file.reference,
        ),
        default=None,
    )


def _each_models_best(found: Iterable[Candidate], preference: Preference) -> list[Candidate]:
    """Of each model one build, effort and context: of a build without doubts where there is one."""
    by_model: dict[str, list[Candidate]] = {}
    for candidate in found:
        by_model.setdefault(candidate.model.id, []).append(candidate)
    best = (_best((one for one in of if one.sure), preference) or _best(of, preference) for of in by_model.values())
    return [candidate for candidate in best if candidate]


def _others(best: Candidate, possible: Sequence[Candidate]) -> Iterator[tuple[str, Candidate]]:
    """At most two other models, each with the reason for it."""
    roles: tuple[tuple[str, Preference, Callable[[Candidate], bool]], ...] = (
        (words.FASTER, Preference.SPEED, lambda one: one.seconds.expected <= FASTER * best.seconds.expected),
        (words.BETTER, Preference.QUALITY, lambda one: one.quality.points >= best.quality.points + BETTER_POINTS),
        (words.SMALLER, Preference.BALANCED, lambda one: one.download_bytes <= SMALLER * best.download_bytes),
    )
    bearable = max(BEARABLE_SECONDS, best.seconds.expected)
    near = [
        one
        for one in possible
        if one.quality.counted
        and one.quality.points >= best.quality.points - WORSE_POINTS
        and one.seconds.expected <= bearable
    ]
    taken = {best.model.id}
    for role, preference, wanted in roles:
        found = [one for one in near if one.model.id not in taken and wanted(one)]
        other = _best((one for one in found if one.sure), preference) or _best(found, preference)
        if other and len(taken) <= AT_MOST:
            taken.add(other.model.id)
            yield role, other


def _bridge(best: Candidate, possible: Sequence[Candidate], situation: Situation) -> Candidate | None:
    """A small model to talk to while ``best`` is fetched, with room on the disk for both."""
    least, most = BRIDGE_BYTES
    if best.download_bytes <= most:
        return None
    free = situation.machine.disk_free_bytes
    small = (
        one
        for one in possible
        if one.sure
        and least <= one.download_bytes <= most
        and one.seconds.expected <= max(BEARABLE_SECONDS, best.seconds.expected)
        and (free is None or (one.download_bytes + best.download_bytes) * DISK_MARGIN <= free)
    )
    return max(small, key=_worth_as_bridge, default=None)


def _worth_as_bridge(one: Candidate) -> tuple[float, str]:
    minutes = words.download_minutes(one.download_bytes)
    return round(one.value(Preference.BALANCED) - POINTS_A_MINUTE * minutes, 1), one.file.reference


def _pick(candidate: Candidate, role: str, situation: Situation, use: Use, instead_of: Candidate | None = None) -> Pick:
    pick = Pick(
        model=candidate.model,
        file=candidate.file,
        estimate=candidate.estimate,
        role=role,
        reasons=(),
        task=candidate.task,
        effort=candidate.effort,
        quality=candidate.quality.points,
        answer_seconds=candidate.seconds,
        quality_spread=candidate.quality.spread,
        engine_bytes=situation.engine_bytes(candidate.estimate),
    )
    beside = instead_of.seconds.expected if instead_of else None
    return replace(pick, reasons=words.reasons(pick, candidate.quality, situation.machine, use, beside))


def _notes(
    catalog: Sequence[CatalogModel],
    situation: Situation,
    use: Use,
    best: Candidate,
    others: Iterable[tuple[str, Candidate]],
    fitting: Sequence[Candidate],
) -> Iterator[str]:
    """The well-known model that is not for this machine, the next better one, and what the disk is too small for."""
    here = {candidate.model.id for candidate in fitting}
    absent = [model for model in catalog if model.id not in here]
    for model in absent:
        if model.well_known and (file := _known_build(model)):
            smallest = situation.estimate(model, file, Request(CONTEXTS[use][-1][0]))
            alone = situation.estimate(model, file, Request(CONTEXTS[Use.CHAT][-1][0]))
            free = situation.with_browser.machine.memory_available_bytes
            yield words.not_for_this_machine(model, smallest, alone, free, best.model.name)
            break
    most = max([best.quality.points, *(other.quality.points for _, other in others)])
    bigger = [
        (situation.estimate(model, file, best.estimate.request).total_bytes, model)
        for model in absent
        if not (model.doubt or model.well_known)
        and (file := _known_build(model))
        and _most_points(model, use) >= most + BETTER_POINTS
    ]
    if bigger:
        need, model = min(bigger, key=lambda pair: (pair[0], pair[1].id))
        yield words.bigger(model, need)
    if blocked := [one for one in fitting if one.sure and not situation.has_disk_for(one)]:
        one = max(blocked, key=lambda candidate: candidate.quality.points)
        if one.quality.points > best.quality.points:
            yield words.no_disk(one.model, one.download_bytes, situation.machine.disk_free_bytes or 0)


def _known_build(model: CatalogModel) -> CatalogFile | None:
    """The build of a model to speak about where none fits: the first with a known size."""
    return next((file for file in model.files if file.size_bytes), None) if model.shape_known else None


def _most_points(model: CatalogModel, use: Use) -> float:
    """At its best effort; 0 where nothing is published of it."""
    known = (quality(model, use, effort, "Q4") for effort in efforts(model, use))
    return max((found.points for found in known if found.counted), default=0.0)


def _nearest(catalog: Sequence[CatalogModel], situation: Situation, use: Use) -> tuple[CatalogModel, Estimate] | None:
    """The model that misses this machine by least."""
    request = Request(CONTEXTS[use][-1][0])
    found = [
        (model, situation.estimate(model, file, request))
        for model in catalog
        if model.shape_known and not model.doubt
        for file in model.files
        if file.size_bytes
    ]
    return min(found, key=lambda pair: (pair[1].total_bytes, pair[0].id), default=None)


def overview(
    catalog: Sequence[CatalogModel],
    machine: Machine,
    engines: Engines = NOTHING_INSTALLED,
    use: Use = Use.CHAT,
    corrections: Corrections = nothing_measured,
) -> tuple[Pick, ...]:
    """Each model with its best build here; one that does not fit with its first build and what that would need.

    Models whose shape or size nobody recorded are not among them: nothing can be said before their header is read.
    """
    situation = Situation(machine, engines, corrections)
    return tuple(pick for model in catalog if (pick := _best_here(model, situation, use)))


def _best_here(model: CatalogModel, situation: Situation, use: Use) -> Pick | None:
    for best in _each_models_best(candidates(model, situation, use), Preference.BALANCED):
        return _pick(best, "", situation, use)
    file = _known_build(model)
    if file is None:
        return None
    contexts = [context for context, _ in CONTEXTS[use] if context <= model.context_length]
    estimate = situation.estimate(model, file, Request(contexts[-1] if contexts else model.context_length))
    effort = efforts(model, use, file.effort)[-1]
    task = task_for(model, use, effort)
    seconds = answer_seconds(estimate, task) or Range(0.0, 0.0, 0.0)
    points = quality(model, use, effort, file.quantization)
    return _pick(Candidate(model, file, use, estimate, effort, task, seconds, points, 0.0), "", situation, use)


def best_build(model: CatalogModel, situation: Situation, request: Request) -> CatalogFile | None:
    """The build of ``model`` that is advised with ``request``: what a bare id stands for. None: no size is known."""
    for judged in (situation.with_browser, situation):
        found = [
            candidate
            for file in model.files
            if file.size_bytes and judged.estimate(model, file, request).fit is not Fit.NONE
            for candidate in at_each_effort(
                model, file, situation.estimate(model, file, request), Use.CHAT, Preference.BALANCED
            )
        ]
        for best in _each_models_best(found, Preference.BALANCED):
            return best.file
    return next((file for file in model.files if file.size_bytes), None)
