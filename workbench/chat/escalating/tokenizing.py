"""Counts what a request holds, by the most exact that there is: in memory, on this disk, published, else an estimate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.chat.escalating.counting import (
    estimated,
    of_template,
    of_texts,
    texts_of_messages,
    texts_of_tools,
    without_pictures,
)
from workbench.chat.escalating.counts import Count, CountedBy, Counter, Uncounted, counter_for, tokenizer_of
from workbench.cloud.provider import CloudModel, Provider
from workbench.engine.counting.keeper import Keeper
from workbench.errors import Cancelled, WorkbenchError
from workbench.messages import ChatRequest
from workbench.ports import ChatBackend


@dataclass(frozen=True, slots=True)
class Found:
    """A model on this disk. ``id``: its own in the catalog."""

    tokenizer: str
    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Sources:
    """``loaded``: the model in memory with the name of its tokenizer, None: there is none. ``found``: those on this disk.
    ``vocabularies`` and ``published`` live in processes of their own, while they are used."""

    loaded: Callable[[], tuple[str, ChatBackend] | None]
    found: Callable[[], Sequence[Found]]
    vocabularies: Keeper[tuple[Path, ChatRequest]]
    published: Keeper[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Way:
    """How long somebody waits."""

    wait: bool
    cancel: CancelToken


class TokenCounts:
    """`CountsTokens`. Any thread."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def __call__(
        self,
        provider: Provider,
        model: CloudModel,
        request: ChatRequest,
        *,
        wait: bool,
        cancel: CancelToken | None = None,
    ) -> Count:
        loaded, found = self._there(model)
        way, failed = Way(wait, cancel or CancelToken()), ""
        while True:
            tokenizer = "" if loaded is None else loaded[0]
            counter = counter_for(provider, model, {one.tokenizer for one in found}, tokenizer)
            if counter.why is not None:
                return estimated(request, Uncounted.FAILED if failed else counter.why, failed)
            try:
                counted = self._count(counter, model, request, loaded, found, way)
                return counted or estimated(request, Uncounted.COMING)
            except Cancelled:  # the program ends, or nobody wants it any more
                return estimated(request, Uncounted.COMING)
            except WorkbenchError as error:
                failed = error.message
            if counter.by is CountedBy.PUBLISHED:
                return estimated(request, Uncounted.FAILED, failed)
            loaded, found = _next_best(counter, loaded, found)

    def close(self) -> None:
        """End what counts; for good."""
        self._sources.vocabularies.close()
        self._sources.published.close()

    def _there(self, model: CloudModel) -> tuple[tuple[str, ChatBackend] | None, Sequence[Found]]:
        """Nothing is looked at for models that are on no disk."""
        tokenizer = tokenizer_of(model.family, model.open_model)
        if not tokenizer:
            return None, ()
        loaded = self._sources.loaded()
        return loaded, () if loaded is not None and loaded[0] == tokenizer else self._sources.found()

    def _count(
        self,
        counter: Counter,
        model: CloudModel,
        request: ChatRequest,
        loaded: tuple[str, ChatBackend] | None,
        found: Sequence[Found],
        way: Way,
    ) -> Count | None:
        """None: it takes longer. Raises `WorkbenchError`."""
        if counter.by is CountedBy.PUBLISHED:
            return self._published(counter, request, way)
        bare = without_pictures(request)
        if counter.by is CountedBy.LOADED and loaded is not None:
            return of_template(loaded[1].count_tokens(bare, way.cancel), request, counter.by)
        path = min((one for one in found if one.tokenizer == counter.tokenizer), key=lambda one: _rank(one, model)).path
        tokens = self._sources.vocabularies.count((path, bare), wait=way.wait, cancel=way.cancel)
        return None if tokens is None else of_template(tokens, request, counter.by)

    def _published(self, counter: Counter, request: ChatRequest, way: Way) -> Count | None:
        count = partial(self._sources.published.count, wait=way.wait, cancel=way.cancel)
        messages = count(texts_of_messages(request))
        told = texts_of_tools(request)
        tools = count(told) if told and messages is not None else 0
        return None if messages is None or tools is None else of_texts(messages, tools, request, counter.frames)


def _rank(found: Found, model: CloudModel) -> tuple[bool, str]:
    """The very model before its kin, whose template may differ."""
    return found.id != model.open_model, str(found.path)


def _next_best(
    counter: Counter, loaded: tuple[str, ChatBackend] | None, found: Sequence[Found]
) -> tuple[tuple[str, ChatBackend] | None, Sequence[Found]]:
    """What is left when this one has failed."""
    if counter.by is CountedBy.LOADED:
        return None, found
    return loaded, [one for one in found if one.tokenizer != counter.tokenizer]
