"""Draws the next token, in the order and with the defaults of llama.cpp's server; with a grammar, only what it allows."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any

from workbench.engine.worker.model import Model

_LAST_TOKENS = 64  # that penalties look at
_RANDOM_SEED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Sampling:
    """The values of a request; llama.cpp's own where it says nothing. ``seed`` -1: a random one."""

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    seed: int = -1

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Sampling:
        """Raises `ValueError` for a value that is no number."""
        chosen: dict[str, Any] = {}
        for field in fields(cls):
            value = body.get(field.name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"{field.name} must be a number.")  # noqa: TRY004 - it is a value of a request
            chosen[field.name] = int(value) if field.name in ("top_k", "seed") else float(value)
        return cls(**chosen)


class Sampler:
    """For one answer. Frees llama.cpp's part when it is closed."""

    def __init__(self, model: Model, sampling: Sampling, grammar: str = "") -> None:
        """``grammar``: GBNF. Raises `ValueError` for one that llama.cpp cannot read."""
        internals = import_module("llama_cpp._internals")
        self._api = model.api
        self._llama = model.llama
        self._grammar: Any = None
        if grammar:
            self._grammar = self._api.llama_sampler_init_grammar(model.vocab, grammar.encode(), b"root")
            if not self._grammar:
                raise ValueError("The grammar of the answer's schema cannot be used.")
            self._candidates = internals.LlamaTokenDataArray(n_vocab=self._llama.n_vocab())
        self._chain = internals.LlamaSampler()
        _fill(self._chain, self._llama.n_vocab(), sampling)

    def close(self) -> None:
        self._chain.close()
        if self._grammar:
            self._api.llama_sampler_free(self._grammar)
            self._grammar = None

    def see(self, prompt: Iterable[int]) -> None:
        """The end of the prompt counts for penalties too; pictures do not."""
        for token in tuple(prompt)[-_LAST_TOKENS:]:
            if token >= 0:
                self._chain.accept(token)

    def draw(self, *, within_grammar: bool) -> int:
        """The next token after what was computed last."""
        if self._grammar is None or not within_grammar:
            return int(self._chain.sample(self._llama._ctx))  # noqa: SLF001 - `Llama` has no name for it
        token = self._choose()
        if not self._allowed(token):
            token = self._choose(self._grammar)
        self._chain.accept(token)
        self._api.llama_sampler_accept(self._grammar, token)
        return token

    def take(self, token: int) -> bool:
        """Take ``token`` without drawing it, if the grammar allows it."""
        if not self._allowed(token):
            return False
        self._chain.accept(token)
        self._api.llama_sampler_accept(self._grammar, token)
        return True

    def wants(self, token: int) -> bool:
        """Whether it would draw ``token`` now, if there were no grammar."""
        return self._choose() == token

    def _choose(self, *first: Any) -> int:
        """A token out of the whole vocabulary, without accepting it."""
        numpy = import_module("numpy")
        logits = self._api.llama_get_logits_ith(self._llama.ctx, -1)
        self._candidates.copy_logits(numpy.ctypeslib.as_array(logits, shape=(self._candidates.n_vocab,)))
        candidates = self._candidates.candidates
        candidates.selected = -1
        for sampler in (*first, self._chain.sampler):
            self._api.llama_sampler_apply(sampler, ctypes.byref(candidates))
        return int(candidates.data[candidates.selected].id)

    def _allowed(self, token: int) -> bool:
        one = self._api.llama_token_data(token, 1.0, 0.0)
        only = self._api.llama_token_data_array(ctypes.pointer(one), 1, -1, False)  # noqa: FBT003 - a structure of C
        self._api.llama_sampler_apply(self._grammar, ctypes.byref(only))
        return bool(only.data[0].logit != float("-inf"))


def _fill(chain: Any, vocabulary: int, sampling: Sampling) -> None:
    penalties = (sampling.repeat_penalty, sampling.frequency_penalty, sampling.presence_penalty)
    if penalties != (1.0, 0.0, 0.0):
        chain.add_penalties(vocabulary, _LAST_TOKENS, *penalties)
    if sampling.temperature <= 0:
        chain.add_greedy()
        return
    chain.add_top_k(sampling.top_k)
    chain.add_top_p(sampling.top_p, 1)
    chain.add_min_p(sampling.min_p, 1)
    chain.add_temp(sampling.temperature)
    chain.add_dist(sampling.seed if 0 <= sampling.seed < _RANDOM_SEED else _RANDOM_SEED)
