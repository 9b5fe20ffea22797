"""All tools together: which there are, which a model is offered, and their calls."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

from workbench.errors import Cancelled, ToolError, UsageError, WorkbenchError
from workbench.settings import Tools
from workbench.tools.tool import BUILT_IN, Call, Outcome, Place, ToolSource, ToolSpec
from workbench.tools.validating import arguments_of, checked_arguments

log = logging.getLogger(__name__)

MOST_OFFERED: Final = 64  # more than a small model can tell apart
_LONGEST_NAME: Final = 64
_NOT_OF_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """A tool, and whether it is offered where tools are. ``is_there`` False: it has nothing to do now, as web search has
    where nobody is asked."""

    spec: ToolSpec
    enabled: bool
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class _Held:
    """``spec``: as the model knows it; ``own_name``: as its source does."""

    spec: ToolSpec
    source: ToolSource
    own_name: str


class ToolDesk:
    """Any thread."""

    def __init__(
        self,
        sources: Sequence[ToolSource],
        settings: Callable[[], Tools],
        capable: Callable[[str], bool | None],
        change: Callable[[str], None] = lambda _off: None,
        known: Sequence[ToolSpec] = (),
    ) -> None:
        """``sources``: the first one's names stay as they are. ``capable``: whether a model of this name was seen to call
        tools properly; None: nobody looked. ``change`` keeps another value of the setting `tools.off`. ``known``: tools
        that there are also where they have nothing to do."""
        self._sources = tuple(sources)
        self._settings = settings
        self._capable = capable
        self._change = change
        self._known = tuple(known)

    def list(self, place: Place = Place()) -> tuple[Listed, ...]:  # noqa: B008 - a frozen value
        """All that can be called there, those that are switched off too."""
        off = self._off()
        return tuple(Listed(held.spec, held.spec.name not in off) for held in self._held(place))

    def known(self) -> tuple[Listed, ...]:
        """All that there are anywhere, those first that come along."""
        off, there = self._off(), {one.spec.name: one for one in self.list()}
        ours = tuple(there.pop(spec.name, Listed(spec, spec.name not in off, is_there=False)) for spec in self._known)
        return (*ours, *there.values())

    def offered(self, place: Place, names: Collection[str] | None, model: str) -> tuple[ToolSpec, ...]:
        """What a model of this name is told of. ``names``: what a chat or project chose; None: it says nothing, so that
        only models that were seen to call tools properly are offered them. One that was seen to fail never is."""
        if names is not None and not names:
            return ()
        capable = self._capable(model) if names is not None or self._settings().in_chats == "auto" else False
        if capable is False or (names is None and not capable):
            return ()
        listed = (one.spec for one in self.list(place) if one.enabled)
        return tuple(spec for spec in listed if names is None or spec.name in names)[:MOST_OFFERED]

    def read(self, spec: ToolSpec, written: str) -> Mapping[str, Any]:
        """See `validating.arguments_of`."""
        return arguments_of(written, spec)

    def call(self, spec: ToolSpec, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """``arguments`` are checked again. Raises `ToolError` for whatever goes wrong, `Cancelled`. A model elsewhere is
        told only what a tool itself says: what else fails may name folders of this computer."""
        held = self._find(spec, call.place)
        checked_arguments(arguments, spec)
        try:
            return held.source.call(held.own_name, arguments, call)
        except (Cancelled, ToolError):
            raise
        except WorkbenchError as error:
            if call.place.outward:
                log.warning("the tool %s failed: %s", spec.name, error.message)
                raise ToolError(f"“{spec.title}” failed.", detail=error.message) from error
            raise ToolError(error.message, hint=error.hint, detail=error.detail) from error
        except Exception as error:  # the answer goes on, whatever a tool does
            log.exception("the tool %s failed", spec.name)
            raise ToolError(f"“{spec.title}” failed.", detail=repr(error)) from error

    def switch(self, name: str, *, on: bool) -> ToolSpec:
        """Offer a tool where tools are, or nowhere. Raises `UsageError` for one that there is not, `StorageError`."""
        found = self._named(name)
        off = [one for one in self._off() if one != name]
        self._change(" ".join(off if on else [*off, name]))
        return found

    def chosen(self, words: str) -> tuple[str, ...]:
        """Names with commas or spaces between, ``none`` for none. Raises `UsageError` for one that there is not."""
        names = words.replace(",", " ").split()
        return () if names == ["none"] else tuple(self._named(name).name for name in dict.fromkeys(names))

    def _named(self, name: str) -> ToolSpec:
        known = {one.spec.name: one.spec for one in self.known()}
        if name not in known:
            raise UsageError(f"There is no tool {name!r}.", hint=f"There are: {', '.join(known) or 'none'}.")
        return known[name]

    def _off(self) -> tuple[str, ...]:
        return tuple(self._settings().off.split())

    def _find(self, spec: ToolSpec, place: Place) -> _Held:
        """The tool that a model was offered as ``spec``, if it still is the same."""
        found = next((held for held in self._held(place) if held.spec.name == spec.name), None)
        if found is None or spec.name in self._off():
            raise ToolError(f"The tool {spec.name} is not there any more.")
        if (found.spec.subject, found.spec.fingerprint) != (spec.subject, spec.fingerprint):
            raise ToolError(f"The tool {spec.name} is another one now, so it was not called.")
        return found

    def _held(self, place: Place) -> Iterator[_Held]:
        taken: set[str] = set()
        for source in self._sources:
            for spec in self._specs(source, place):
                name = free_name(spec, taken)
                taken.add(_folded(name))
                yield _Held(spec if name == spec.name else replace(spec, name=name), source, spec.name)

    def _specs(self, source: ToolSource, place: Place) -> tuple[ToolSpec, ...]:
        try:
            return source.specs(place)
        except WorkbenchError as error:
            log.warning("a source of tools cannot say what it offers: %s", error.message)
            return ()


def free_name(spec: ToolSpec, taken: Collection[str]) -> str:
    """The name that a model calls a tool by: its own where models can write that and no other tool is called so or nearly
    so, else with its server's name before it. ``taken``: folded names."""
    name = _spelled(spec.name)
    if _folded(name) not in taken:
        return name
    source = _spelled("" if spec.source == BUILT_IN else spec.source) or "other"
    spelled = (f"{source}{'' if number == 1 else number}__{name}"[:_LONGEST_NAME] for number in count(1))
    return next(one for one in spelled if _folded(one) not in taken)


def _spelled(name: str) -> str:
    return _NOT_OF_NAMES.sub("_", name).strip("_")[:_LONGEST_NAME] or "tool"


def _folded(name: str) -> str:
    """Names that look alike to a person or a model are the same."""
    return name.casefold().replace("-", "_")
