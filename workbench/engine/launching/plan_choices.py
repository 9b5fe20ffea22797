"""Each decision of a launch plan beside the amounts of `models.sizing.serving`: the value, and why, in a sentence. Pure.

A choice is None where there is nothing to decide: experts of a model that has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from workbench.engine.launching.ground import EngineSettings, Ground
from workbench.hardware.machine import Machine
from workbench.models.gguf.header import Header
from workbench.models.sizing.estimate import Fit, KvType
from workbench.models.sizing.memory import cache_bytes, device_overhead_bytes
from workbench.models.sizing.placement import CARD_RESERVE_BYTES, Placement, memory_reserve_bytes
from workbench.models.sizing.serving import Serving
from workbench.models.sizing.shape import CacheKind, ModelShape
from workbench.ports import Choice
from workbench.sizes import memory_words

YOURS: Final = "You chose it."
ALL_LAYERS: Final = 999  # more than any model has: all of them

# llama.cpp keeps up to 8 GiB of old prompts by default; an eighth of what is left holds several conversations.
LEAST_PROMPT_CACHE_BYTES: Final = 64 << 20
MOST_PROMPT_CACHE_BYTES: Final = 2 << 30
LEFT_SHARE: Final = 8
# llama.cpp keeps 32 of them by default, whatever they take.
MOST_CHECKPOINTS: Final = 32
MOST_CHECKPOINTS_BYTES: Final = 4 << 30

_EXPERTS: Final = re.compile(r"blk\.(\d+)\..*_exps\.")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that decides. ``machine`` has only the GPUs that the engine drives."""

    header: Header
    shape: ModelShape
    machine: Machine
    serving: Serving
    settings: EngineSettings
    ground: Ground

    @property
    def placement(self) -> Placement:
        return self.serving.placement

    @property
    def gpus(self) -> bool:
        """Whether a GPU takes part, as far as the model finds room on it."""
        return bool(self.machine.gpus)

    @property
    def processor_bytes(self) -> int:
        """Weights that the processor reads."""
        if not self.gpus or self.serving.fit in (Fit.CPU, Fit.NONE):
            return self.shape.weights_bytes
        return self.placement.expert_bytes_on_cpu

    @property
    def in_memory(self) -> bool:
        """Whether weights that are read for an answer lie in the machine's own memory."""
        return self.processor_bytes > 0 or self.placement.way.unified

    @property
    def left_bytes(self) -> int:
        """What the machine's memory has left beside the model and the person's programs."""
        devices, way = self.placement.devices, self.placement.way
        taken = devices[-1].bytes if way.gpus and not way.unified else sum(device.bytes for device in devices)
        return max(0, self.machine.memory_available_bytes - memory_reserve_bytes(self.machine) - taken)


# Devices --------------------------------------------------------------------------------------------------------------


def gpu_layers(case: Circumstances) -> tuple[int | None, Choice]:
    """How many layers the GPU computes; None: the engine's own fit."""
    name, chosen = "Layers on the GPU", case.settings.gpu_layers
    if chosen is not None:
        return chosen, Choice(name, str(chosen), YOURS, own=True)
    if not case.gpus:
        because = "No graphics processor is there that this engine drives, so the processor computes all."
        return None, Choice(name, "none", because)
    if case.ground.fits_itself:
        because = _FIT_WORDS[case.serving.fit]
        return None, Choice(name, "as many as fit", because)
    if case.serving.fit in (Fit.GPU, Fit.EXPERTS_ON_CPU):
        return all_layers(case)
    layers = _layers_that_fit(case)
    return layers, Choice(name, str(layers), "More do not fit into the memory of the GPU.")


_FIT_WORDS: Final = {
    Fit.GPU: "The whole model fits on the GPU, which is fastest; the engine checks it against what is free.",
    Fit.EXPERTS_ON_CPU: "The engine keeps what each token needs on the GPU, and experts in memory.",
    Fit.CPU: "The engine puts as many layers on the GPU as there is room for; the processor computes the others.",
    Fit.NONE: "The engine puts as many layers on the GPU as there is room for; the processor computes the others.",
}


def all_layers(_case: Circumstances) -> tuple[int, Choice]:
    return ALL_LAYERS, Choice("Layers on the GPU", "all", "What each token needs lies on the GPU, which is fastest.")


def _layers_that_fit(case: Circumstances) -> int:
    """Of a model that is too large for the cards, where the engine does not count by itself."""
    shape, cards = case.shape, [gpu for gpu in case.machine.gpus or () if not gpu.unified]
    if not cards:
        return 0  # it is the machine's own memory, which is too small
    taken = CARD_RESERVE_BYTES + case.placement.compute_bytes + device_overhead_bytes(cards[0].backend or "")
    free = sum(max(0, (gpu.memory_free_bytes or gpu.memory_total_bytes or 0) - taken) for gpu in cards)
    each = (shape.weights_bytes - shape.embedding_bytes + cache_bytes(shape, case.serving.request)) // max(
        1, shape.layers
    )
    return min(shape.layers, free // max(1, each))


def experts(case: Circumstances) -> tuple[int | None, Choice | None]:
    """The experts of the first how many layers the processor computes; None: none, or the engine's own fit."""
    name, chosen, numbers = "Experts on the processor", case.settings.expert_layers_on_cpu, expert_layers(case.header)
    if not numbers:
        return None, None
    if not case.gpus:
        because = "The processor computes the whole model anyway."
        return None, Choice(name, "all", because, own=chosen is not None)
    if chosen is not None:
        return min(chosen, case.shape.layers), Choice(name, f"of {chosen} layers", YOURS, own=True)
    if case.ground.fits_itself and case.settings.gpu_layers is None:
        return None, Choice(name, "as many as must be", _EXPERT_WORDS[case.placement.expert_layers_on_cpu > 0])
    if case.settings.gpu_layers is not None and case.settings.gpu_layers < case.shape.layers:
        return None, Choice(name, "none", "You chose how many layers the GPU has, and their experts go with them.")
    count = case.placement.expert_layers_on_cpu
    if not count:
        return None, Choice(name, "none", _EXPERT_WORDS[False])
    return numbers[count - 1] + 1, Choice(name, f"of {count} layers", _EXPERT_WORDS[True])


_EXPERT_WORDS: Final = {
    False: "All experts fit on the GPU.",
    True: "Only a few experts are used for each token, so they are what costs least beside the GPU.",
}


def expert_layers(header: Header) -> tuple[int, ...]:
    """The numbers of the layers that have experts; the first ones of many models have none."""
    found = {int(match[1]) for tensor in header.tensors if (match := _EXPERTS.match(tensor.name))}
    return tuple(sorted(found))


def threads(case: Circumstances) -> tuple[int, Choice]:
    """One thread a core: a second one on the same core only waits for the same memory."""
    if case.settings.threads:
        return case.settings.threads, Choice("Threads", str(case.settings.threads), YOURS, own=True)
    count = max(1, case.machine.physical_cores)
    because = "One for each core of the processor; a second one on the same core waits for the same memory."
    return count, Choice("Threads", str(count), because)


# Cache ----------------------------------------------------------------------------------------------------------------


def cache_type(case: Circumstances) -> tuple[str, Choice]:
    kv = case.serving.kv
    own = case.settings.cache_type is not None
    return str(kv), Choice("Cache", str(kv), case.serving.kv_because, own)


def flash_attention(case: Circumstances) -> tuple[bool | None, Choice]:
    """Measured on processors: 27 to 40 % fewer tokens a second with it, at some hundred tokens of context."""
    name, chosen = "Flash attention", case.settings.flash_attention
    if case.serving.kv is not KvType.F16:
        because = "A compressed cache works only with it."
        return True, Choice(name, "on", because if chosen is not False else f"{because} Choose f16 to switch it off.")
    if chosen is not None:
        return chosen, Choice(name, "on" if chosen else "off", YOURS, own=True)
    if case.gpus:
        return None, Choice(name, "auto", "The engine uses it where the GPU can: it saves memory and time.")
    return False, Choice(name, "off", "Measured: on a processor it slows answers by a quarter and more.")


def prompt_cache(case: Circumstances) -> tuple[int, Choice]:
    name, chosen = "Kept prompts", case.settings.prompt_cache_bytes
    if chosen is not None:
        return chosen, Choice(name, memory_words(chosen) if chosen else "none", YOURS, own=True)
    size = min(MOST_PROMPT_CACHE_BYTES, max(LEAST_PROMPT_CACHE_BYTES, case.left_bytes // LEFT_SHARE))
    size -= size % (1 << 20)
    because = "Chats that were read stay in memory, so that going back to one is quick; an eighth of what is left."
    return size, Choice(name, memory_words(size), because)


def checkpoints(case: Circumstances) -> tuple[int | None, Choice | None]:
    each = checkpoint_bytes(case)
    if not each:
        return None, None
    room = min(MOST_CHECKPOINTS_BYTES, case.left_bytes // LEFT_SHARE) // case.serving.slots
    count = max(1, min(MOST_CHECKPOINTS, room // each))
    because = (
        "Layers with a window or a state cannot go back by themselves, so a changed question starts from one of these;"
        f" each takes {memory_words(each)}."
    )
    return count, Choice("Points to go back to", f"{count} of each chat", because)


def checkpoint_bytes(case: Circumstances) -> int:
    """What one of them takes: the windows and states of one slot."""
    kinds = (CacheKind.SLIDING, CacheKind.RECURRENT)
    groups = tuple(group for group in case.shape.cache if group.kind in kinds)
    one = replace(case.serving, slots=1).request
    return cache_bytes(replace(case.shape, cache=groups), one) if groups else 0


def states(case: Circumstances) -> tuple[Path | None, Choice]:
    name, size, folder = "Chats read before", case.settings.saved_states_bytes, case.ground.state_folder
    if not size or folder is None:
        because = "You chose to keep none." if folder is not None else "There is no place to keep them."
        return None, Choice(name, "not kept", because, own=folder is not None)
    because = "What the model has read of a chat is kept on the disk, so that it answers at once after a restart."
    return folder, Choice(name, f"up to {memory_words(size)} on the disk", because)


# Memory ---------------------------------------------------------------------------------------------------------------


def repack(case: Circumstances) -> tuple[bool, Choice | None]:
    """Whether weights are copied into the form that the processor reads fastest, beside the file that is mapped."""
    size = case.processor_bytes
    if not size:
        return True, None
    name = "Repacked weights"
    if case.left_bytes + memory_reserve_bytes(case.machine) >= size and case.placement.fits:
        return True, Choice(
            name, "yes", f"The processor reads prompts faster from its own copy of {memory_words(size)}."
        )
    because = f"A second copy of {memory_words(size)} does not fit beside the file; prompts are read more slowly."
    return False, Choice(name, "no", because)


def memory_map(case: Circumstances) -> tuple[bool, Choice]:
    name, chosen = "Mapped file", case.settings.memory_map
    if chosen is not None:
        return chosen, Choice(name, "on" if chosen else "off", YOURS, own=True)
    because = "The file is used where it lies: a second start is quick, and the system can take back what it must."
    return True, Choice(name, "on", because)


def lock_memory(case: Circumstances) -> tuple[bool, Choice | None]:
    if not case.settings.keep_ready:
        return False, None
    name = "Kept in memory"
    if not case.in_memory:
        return False, Choice(name, "no", "The model lies on the GPU, where nothing is paged out.")
    if not case.placement.fits:
        return False, Choice(name, "no", "It takes more than what is free: other programs would have nothing left.")
    return True, Choice(name, "yes", "You chose to keep the model ready: it is never paged out.", own=True)


def projector(case: Circumstances) -> Choice | None:
    if case.ground.projector is None:
        return None
    size = memory_words(case.ground.projector_bytes)
    return Choice("Pictures", "yes", f"Its projector, {case.ground.projector.name}, takes {size} and lets it see.")
