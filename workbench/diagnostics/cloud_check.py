"""The doctor's line about the cloud: whether anything can leave, to whom, and for how much. Nobody is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from workbench.cloud.cloud import Cloud
from workbench.cloud.provider import CloudModel
from workbench.cloud.spending.amounts import words
from workbench.cloud.spending.money import Cap, CapKind, Ledger
from workbench.diagnostics.checks import Check, Status
from workbench.errors import WorkbenchError

_SHOWN = 3
_PER = {CapKind.REQUEST: "a question", CapKind.DAY: "a day", CapKind.MONTH: "a month"}


@dataclass(frozen=True, slots=True)
class CloudSeen:
    """``keyed``: names of providers with a key. ``for_now``: of those, the ones whose key no keychain has. ``problems``: of
    the keychain, and of addresses in the settings. ``proposed``: the model that is proposed."""

    enabled: bool
    keyed: tuple[str, ...] = ()
    for_now: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    caps: tuple[Cap, ...] = ()
    proposed: CloudModel | None = None
    proposed_keyed: bool = False
    unpriced: int = 0


def see_cloud(cloud: Cloud, ledger: Ledger, addresses: Iterable[str] = ()) -> CloudSeen:
    """Asks the keychain, but only while the cloud is on. ``addresses``: names of those in the settings. Raises
    `StorageError`."""
    if not cloud.enabled:
        return CloudSeen(enabled=False)
    keyed, for_now, problems = {}, [], list(_wrong(cloud, addresses))
    for provider in cloud.providers():
        state = cloud.key_state(provider.id)
        if state.last_four:
            keyed[provider.id] = provider.name
            for_now += [provider.name] if state.note else []
        elif state.note and state.note not in problems:
            problems.append(state.note)
    proposed = None
    if not problems:
        with suppress(WorkbenchError):
            proposed = cloud.proposed()
    return CloudSeen(
        enabled=True,
        keyed=tuple(keyed.values()),
        for_now=tuple(for_now),
        problems=tuple(problems),
        caps=ledger.caps(),
        proposed=proposed,
        proposed_keyed=proposed is not None and proposed.provider in keyed,
        unpriced=sum(one.price is None for one in cloud.models() if one.provider in keyed),
    )


def check_cloud(seen: CloudSeen) -> Check:
    """Pure. A warning where a question could not be taken there, or its price would have to be asked for."""
    if not seen.enabled:
        return Check("cloud", Status.OK, "off: nothing goes to a provider")
    told = ["on", f"keys of {_listed(seen.keyed)}" if seen.keyed else "no provider has a key", _caps_words(seen.caps)]
    if seen.unpriced:
        told.append(f"{seen.unpriced:,} of their models have no known price, which is asked for")
    warning, hint = _trouble(seen)
    told += [warning] if warning else []
    return Check("cloud", Status.WARNING if warning else Status.OK, "; ".join(filter(None, told)), hint)


def _trouble(seen: CloudSeen) -> tuple[str, str]:
    """The first thing that stands in the way, and what to do."""
    if seen.problems:
        hint = "Unlock the keychain of your system, or correct `cloud.addresses` in the settings."
        return " ".join(seen.problems), hint
    if not seen.keyed:
        return "nobody can be asked", "`workbench cloud login PROVIDER` takes a key; by hand it works without one."
    if seen.for_now:
        return f"no keychain has the key of {_listed(seen.for_now)}", "It is asked for again after the next start."
    if seen.proposed is not None and not seen.proposed_keyed:
        return (
            f"{seen.proposed.full_name} is proposed, but has no key",
            f"`workbench cloud login {seen.proposed.provider}` takes one; Settings > Cloud chooses another model.",
        )
    if seen.proposed is not None and seen.proposed.price is None:
        return (
            f"the price of {seen.proposed.full_name}, which is proposed, is not known",
            "Refresh the models of its provider, or give a price: Settings > Cloud.",
        )
    return "", ""


def _wrong(cloud: Cloud, addresses: Iterable[str]) -> Iterable[str]:
    for name in addresses:
        try:
            cloud.provider(name)
        except WorkbenchError as error:
            yield error.message


def _caps_words(caps: Sequence[Cap]) -> str:
    told = [f"{words(cap.micros)} {_PER[cap.kind]}" for cap in caps if cap.kind in _PER]
    return f"at most {', '.join(told)}" if told else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
