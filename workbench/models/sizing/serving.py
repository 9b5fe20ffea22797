"""What an engine is asked for: context, slots, cache type and batch of a model on a machine. Pure.

`models estimate` shows it and the launch plan does it, so that both speak of the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.models.sizing.estimate import DEFAULT_CONTEXT_TOKENS, UNCORRECTED, Correction, Fit, KvType, Request
from workbench.models.sizing.fit import NO_OTHER_ENGINES, best_placement, reading_speed, writing_speed
from workbench.models.sizing.memory import cache_bytes
from workbench.models.sizing.placement import Placement
from workbench.models.sizing.shape import CacheKind, ModelShape
from workbench.sizes import memory_words

LEAST_CONTEXT_TOKENS: Final = 1024
LARGER_CONTEXTS: Final = (32_768, 16_384)
MOST_SLOTS: Final = 2
SMALL_SHARE: Final = 1 / 32  # of the weights: a cache that hardly counts beside them
ROOM_SHARE: Final = 0.5  # of what the weights leave: what a second slot and a larger context may take of it

# Stopping takes effect between batches. A processor reads larger ones hardly faster, and slow ones take smaller ones; a GPU
# is busy with 512; beside experts in the machine's memory a larger one copies them to the GPU less often.
CPU_BATCH_TOKENS: Final = 256
SMALLER_CPU_BATCHES: Final = (128, 64)
GPU_BATCH_TOKENS: Final = 512
EXPERT_BATCHES: Final = (2048, 1024)
BATCH_SECONDS: Final = 1.5
# Of an answer's speed: what must stay of it beside the buffers of a larger batch, and a second slot or a larger context.
LEAST_SHARE_WITH_BATCH, LEAST_SHARE_WITH_ROOM = 0.97, 0.93
LEAST_SHARE_OF_READING: Final = 0.85  # of the speed of reading: what must stay of it with a batch that stops sooner

QUANTIZED_BLOCK: Final = 32  # numbers of a head that a compressed cache packs together
WITHOUT_FLASH_ATTENTION: Final = frozenset({"grok"})

# Kinds of a fit that are about as fast: experts in memory cost less than a model off the GPU.
_RANKS: Final = {Fit.GPU: 0, Fit.EXPERTS_ON_CPU: 0, Fit.CPU: 1, Fit.NONE: 2}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person chose; None: decided here. ``compressed`` False: the cache must stay f16 unless ``kv`` says else."""

    context_tokens: int | None = None
    slots: int | None = None
    kv: KvType | None = None
    batch_tokens: int | None = None
    compressed: bool = True


NO_WISHES: Final = Wishes()


@dataclass(frozen=True, slots=True)
class Serving:
    """``context_tokens`` of each slot. ``placement``: where all would lie. The others: why it is so, a sentence each."""

    context_tokens: int
    slots: int
    kv: KvType
    batch_tokens: int
    placement: Placement
    context_because: str
    slots_because: str
    kv_because: str
    batch_because: str

    @property
    def request(self) -> Request:
        return _request(self.context_tokens, self.slots, self.kv, self.batch_tokens)

    @property
    def fit(self) -> Fit:
        return self.placement.fit if self.placement.fits else Fit.NONE


def serve(
    shape: ModelShape,
    machine: Machine,
    wishes: Wishes = NO_WISHES,
    correction: Correction = UNCORRECTED,
    engines: Engines = NO_OTHER_ENGINES,
) -> Serving:
    """What to ask of an engine that drives what ``machine`` says it drives, or of one of ``engines`` that can be had.

    A wish is kept as far as it can be.

    What is decided here never makes a worse fit than one slot of `DEFAULT_CONTEXT_TOKENS` has.
    """
    case = _Case(shape, machine, wishes, correction, engines)
    serving = case.base()
    serving = case.with_slots(serving)
    serving = case.with_context(serving)
    return case.with_batch(serving)


def compressible(shape: ModelShape) -> bool:
    """Whether the engine can keep keys and values of this model in eight bits."""
    attention = [group for group in shape.cache if group.kind is not CacheKind.RECURRENT]
    lengths = [length for group in attention for length in (group.key_length, group.value_length)]
    packed = bool(attention) and all(length % QUANTIZED_BLOCK == 0 for length in lengths)
    return packed and shape.architecture not in WITHOUT_FLASH_ATTENTION


def _request(context_tokens: int, slots: int, kv: KvType, batch_tokens: int) -> Request:
    return Request(context_tokens * slots, slots, kv, batch_tokens, unified=False)


@dataclass(frozen=True, slots=True)
class _Case:
    shape: ModelShape
    machine: Machine
    wishes: Wishes
    correction: Correction
    engines: Engines

    def place(self, request: Request) -> Placement:
        return best_placement(self.shape, self.machine, request, self.engines, self.correction)

    def base(self) -> Serving:
        """One slot of the wanted context, or of what fits of it; the cache compressed where only that fits."""
        most = self.shape.context_length or DEFAULT_CONTEXT_TOKENS
        wish = self.wishes.context_tokens
        wanted = max(1, min(wish or DEFAULT_CONTEXT_TOKENS, most))
        tokens, kv, placement = self._fitting(wanted)
        return Serving(
            tokens,
            1,
            kv,
            self._first_batch(placement),
            placement,
            _context_words(tokens, wanted, wish, most, fits=placement.fits),
            "",
            self._kv_words(kv, tokens),
            "",
        )

    def _fitting(self, wanted: int) -> tuple[int, KvType, Placement]:
        kinds = self._kinds()
        tokens = wanted
        while True:
            tried = [(tokens, kv, self.place(_request(tokens, 1, kv, GPU_BATCH_TOKENS))) for kv in kinds]
            found = min(tried, key=lambda one: _rank(one[2]))
            if found[2].fits:
                return found
            if self.wishes.context_tokens is not None:
                return tried[-1]  # it is what was wanted; the smallest cache gives it the best chance
            if tokens // 2 < LEAST_CONTEXT_TOKENS:
                return self._bearable(wanted)
            tokens //= 2

    def _bearable(self, wanted: int) -> tuple[int, KvType, Placement]:
        """Nothing fits. A cache that is small beside the weights does not make it worse, and a chat needs one."""
        kv, tokens = self._kinds()[0], wanted
        while tokens // 2 >= LEAST_CONTEXT_TOKENS and self._cache(tokens, kv) > self.shape.weights_bytes * SMALL_SHARE:
            tokens //= 2
        return tokens, kv, self.place(_request(tokens, 1, kv, GPU_BATCH_TOKENS))

    def _cache(self, tokens: int, kv: KvType) -> int:
        return cache_bytes(self.shape, _request(tokens, 1, kv, GPU_BATCH_TOKENS))

    def _kinds(self) -> tuple[KvType, ...]:
        if self.wishes.kv is not None:
            return (self.wishes.kv,)
        return (KvType.F16, KvType.Q8_0) if self.wishes.compressed and compressible(self.shape) else (KvType.F16,)

    def _kv_words(self, kv: KvType, tokens: int) -> str:
        if self.wishes.kv is not None:
            return "You chose it."
        if kv is KvType.F16:
            return "Keys and values are kept as exactly as the model computes them."
        return f"Kept in eight bits, {tokens} tokens fit; in sixteen they do not. It costs next to no quality."

    def _first_batch(self, placement: Placement) -> int:
        if self.wishes.batch_tokens is not None:
            return self.wishes.batch_tokens
        on_gpu = placement.fits and bool(placement.way.gpus)
        return GPU_BATCH_TOKENS if on_gpu else CPU_BATCH_TOKENS

    def with_slots(self, serving: Serving) -> Serving:
        if self.wishes.slots is not None:
            return self._asking(serving, slots=self.wishes.slots, slots_because="You chose it.")
        second = self._asking(serving, slots=MOST_SLOTS)
        if self._roomy(serving, second):
            because = "A second window, a program or a task in the background is answered while an answer runs."
            return replace(second, slots_because=because)
        because = "The memory of a second one is worth more elsewhere, so a second question waits for the first."
        return self._asking(serving, slots_because=because)

    def with_context(self, serving: Serving) -> Serving:
        """Larger than usual where there is room."""
        most = self.shape.context_length or DEFAULT_CONTEXT_TOKENS
        if self.wishes.context_tokens is not None or serving.context_tokens < min(DEFAULT_CONTEXT_TOKENS, most):
            return serving
        for tokens in LARGER_CONTEXTS:
            larger = self._asking(serving, context_tokens=min(tokens, most))
            if larger.context_tokens > serving.context_tokens and self._roomy(serving, larger):
                size = memory_words(cache_bytes(self.shape, larger.request))
                because = (
                    f"There is room for long chats: they take {size} in all."
                    if larger.context_tokens < most
                    else "It is all that the model was made for."
                )
                return replace(larger, context_because=because)
        return serving

    def with_batch(self, serving: Serving) -> Serving:
        """The batch, and what is only right once it is known."""
        if self.wishes.batch_tokens is not None:
            return replace(serving, batch_because="You chose it.")
        if serving.fit is Fit.EXPERTS_ON_CPU and not serving.placement.way.unified:
            for tokens in EXPERT_BATCHES:
                larger = self._asking(serving, batch_tokens=tokens)
                if self._worth_it(serving, larger):
                    because = "Experts in memory are copied to the GPU for each batch, so a large one reads faster."
                    return replace(larger, batch_because=because)
        if serving.batch_tokens == CPU_BATCH_TOKENS:
            because = "A stop takes effect between batches: the processor reads this many tokens in a moment."
            return replace(self._quick_to_stop(serving), batch_because=because)
        return replace(serving, batch_because="It keeps the GPU busy, and a stop takes effect at once.")

    def _quick_to_stop(self, serving: Serving) -> Serving:
        """With a batch that the processor reads in `BATCH_SECONDS`, as far as this machine is known.

        Each batch reads all weights once: a smaller one is not taken where that makes a long text much slower.
        """
        most = self._reading(serving)
        for tokens in SMALLER_CPU_BATCHES:
            smaller = self._asking(serving, batch_tokens=tokens)
            quick = serving.batch_tokens / self._reading(serving) <= BATCH_SECONDS
            if quick or self._reading(smaller) < LEAST_SHARE_OF_READING * most:
                break
            serving = smaller
        return serving

    def _reading(self, serving: Serving) -> float:
        """Tokens of a prompt a second, as this machine has shown."""
        speed = reading_speed(serving.placement, self.shape, self.machine, serving.batch_tokens)
        return speed * self.correction.prompt

    def _worth_it(self, serving: Serving, larger: Serving) -> bool:
        if larger.fit is not serving.fit:
            return False
        before, after = (
            reading_speed(one.placement, self.shape, self.machine, one.batch_tokens) for one in (serving, larger)
        )
        kept = self._as_quick(serving, larger, LEAST_SHARE_WITH_BATCH)
        return kept and after > before and larger.batch_tokens / after <= BATCH_SECONDS

    def _as_quick(self, before: Serving, after: Serving, share: float) -> bool:
        speeds = [writing_speed(one.placement, self.shape, self.machine) for one in (before, after)]
        return speeds[1] >= share * speeds[0]

    def _asking(self, serving: Serving, **changes: object) -> Serving:
        """The same with changes, and where it would lie then."""
        asked: Serving = replace(serving, **changes)  # type: ignore[arg-type]
        return replace(asked, placement=self.place(asked.request))

    def _roomy(self, before: Serving, after: Serving) -> bool:
        """Whether ``after`` runs as ``before`` does and its cache leaves as much room as it takes."""
        if not after.placement.fits or after.fit is not before.fit:
            return False
        if after.fit is Fit.EXPERTS_ON_CPU:  # there is room for more, but other experts would have to leave the GPU
            return self._as_quick(before, after, LEAST_SHARE_WITH_ROOM)
        taken = cache_bytes(self.shape, after.request)
        return taken <= (after.placement.slack + taken) * ROOM_SHARE


def _rank(placement: Placement) -> int:
    return _RANKS[placement.fit if placement.fits else Fit.NONE]


def _context_words(tokens: int, wanted: int, wish: int | None, most: int, *, fits: bool) -> str:
    if wish is not None:
        return "You chose it." if wish <= most else f"You chose {wish}; the model was made for {most}."
    if not fits and tokens == wanted:
        return "The model takes more than the memory that is free; a smaller context would hardly help."
    if not fits:
        return "The model itself takes all the memory that is free, so it is as small as is useful."
    if tokens < wanted:
        return "More does not fit into the memory that is free."
    if tokens == most:
        return "It is all that the model was made for."
    return "It is enough for most chats; more would take memory that is worth more elsewhere."
