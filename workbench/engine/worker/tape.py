"""The one row of tokens that the context holds: what of it is kept for the next prompt, and reading the rest."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from workbench.engine.worker.abort import Abort
from workbench.engine.worker.model import Model
from workbench.engine.worker.prompt_cache import LEAST_TOKENS, Kept, PromptCache, common
from workbench.engine.worker.sight import Picture, Sight

_ABORTED = "llama_decode returned 2"
_YES, _NO = True, False  # arguments of C have no names
_SPARE_TOKENS = 32  # read again rather than everything
_NO_PICTURES: Mapping[int, Picture] = {}


class Aborted(Exception):  # noqa: N818 - nothing went wrong
    """The computation was stopped by `Abort`."""


class Tape:
    """What `Llama` has read. For the one thread that computes."""

    def __init__(self, model: Model, abort: Abort, cache_bytes: int, sight: Sight | None = None) -> None:
        self._api = model.api
        self._llama = model.llama
        self._batch_tokens = model.batch_tokens
        self._window = int(self._api.llama_model_n_swa(self._llama.model))
        self._memory = self._api.llama_get_memory(self._llama.ctx)
        self._abort = abort
        self._cache = PromptCache(cache_bytes)
        self._slot = 0
        self._sight = sight
        self._narrow: dict[int, int] = {}  # pictures that take fewer positions than places, and by how many
        self.tokens: list[int] = []

    def warm_up(self, token: int) -> None:
        """Compute once with all weights, so that they are in memory before the first question."""
        self._api.llama_set_warmup(self._llama.ctx, _YES)
        self.append([token])
        self._api.llama_set_warmup(self._llama.ctx, _NO)
        self.forget()

    def forget(self) -> None:
        if self._memory is not None:
            self._api.llama_memory_clear(self._memory, _YES)
        self._set([])

    def switch(self, slot: int) -> None:
        """Hold what ``slot`` held last; what is held now waits in memory."""
        if slot == self._slot:
            return
        self._put_away()
        self._slot = slot
        self._take_up(self._cache.take_last(slot))

    def keep(self, prompt: Sequence[int]) -> int:
        """Drop what ``prompt`` does not begin with; how many of its tokens need not be read again. One always must be:
        it tells what comes next."""
        same = common(self.tokens, prompt)
        if same < len(self.tokens) // 2 or not self.tokens:
            self._change_to(prompt, same)
        most = before_picture(prompt, min(common(self.tokens, prompt), len(prompt) - 1))
        if most < len(self.tokens) and not self._cut(most):
            self.forget()
        return len(self.tokens)

    def read(self, prompt: Sequence[int], pictures: Mapping[int, Picture] = _NO_PICTURES) -> Iterator[int]:
        """Read what is not kept of ``prompt``, batch by batch; yields how many are read. ``pictures``: by where they
        begin in it. Raises `Aborted`."""
        while (start := len(self.tokens)) < len(prompt):
            if start in pictures:
                self._look_at(pictures[start])
            else:
                end = min([start + self._batch_tokens, *(at for at in pictures if at > start)])
                self.append(prompt[start:end])
            yield len(self.tokens)

    def append(self, tokens: Sequence[int]) -> None:
        """Read at most a batch. Raises `Aborted`, `RuntimeError` when llama.cpp cannot."""
        try:
            self._llama.eval(tokens)
        except RuntimeError as error:
            if str(error) != _ABORTED:
                self.forget()
                raise
            self._after_abort()
            raise Aborted from error
        self.tokens += tokens

    def _look_at(self, picture: Picture) -> None:
        """Raises `Aborted`, `RuntimeError` when llama.cpp cannot."""
        if self._sight is None or not self._sight.read(picture, self._llama.n_tokens, self._batch_tokens):
            self._after_abort()
            if self._abort:
                raise Aborted
            raise RuntimeError("The picture could not be read.")
        if picture.positions != picture.tokens:
            self._narrow[picture.first] = picture.tokens - picture.positions
        self._set([*self.tokens, *picture.places()])

    def save(self, file: Path) -> int:
        """Write the state to ``file``: there is a whole one, or the one before. Returns its size in bytes.

        Raises `OSError`.
        """
        partial = file.with_name(f".{file.name}.partial")
        if not self.tokens:
            raise OSError("The slot is empty.")
        if not self._narrow.keys().isdisjoint(self.tokens):
            raise OSError("What this model saw cannot be saved.")
        self._step_back()
        tokens = (self._api.llama_token * len(self.tokens))(*self.tokens)
        size = int(
            self._api.llama_state_seq_save_file(self._llama.ctx, os.fsencode(partial), 0, tokens, len(self.tokens))
        )
        if not size:
            partial.unlink(missing_ok=True)
            raise OSError("The state cannot be written.")
        partial.replace(file)
        return size

    def restore(self, file: Path) -> int:
        """Take the state in ``file`` for this one. Returns its size. Raises `OSError` when it does not fit the model."""
        room = self._llama.n_ctx()
        tokens, count = (self._api.llama_token * room)(), ctypes.c_size_t()
        self.forget()
        size = int(
            self._api.llama_state_seq_load_file(
                self._llama.ctx, os.fsencode(file), 0, tokens, room, ctypes.byref(count)
            )
        )
        if not size:
            self.forget()
            raise OSError("The state cannot be read, or is that of another model.")
        self._set(list(tokens[: count.value]))
        return size

    def _after_abort(self) -> None:
        """Whole batches stay; what was read of the last one goes."""
        if not self._cut(len(self.tokens)):
            self.forget()

    def _cut(self, count: int) -> bool:
        """Keep the first ``count`` tokens. False where that cannot be: the state is then of no use."""
        if count and not self._reaches_back(count):
            return False
        if self._memory is None or not self._api.llama_memory_seq_rm(self._memory, 0, self._position(count), -1):
            return False
        self._set(self.tokens[:count])
        return True

    def _step_back(self) -> None:
        """Of a sliding window a state has only what comes next needs, so that nothing can be taken off its end any more.
        Kept from some tokens before, it is of use for a prompt too that goes on otherwise than this one ended."""
        count = before_picture(self.tokens, len(self.tokens) - _SPARE_TOKENS)
        if self._window and count >= LEAST_TOKENS:
            self._cut(count)

    def _reaches_back(self, count: int) -> bool:
        """Whether what a sliding window needs to go on after ``count`` tokens is still there."""
        if not self._window or count == len(self.tokens):
            return True
        first = int(self._api.llama_memory_seq_pos_min(self._memory, 0))
        return first <= max(0, self._position(count) - self._window)

    def _position(self, count: int) -> int:
        """Where the first ``count`` tokens end in the context."""
        return count - sum(self._narrow.get(token, 0) for token in self.tokens[:count]) if self._narrow else count

    def _change_to(self, prompt: Sequence[int], same: int) -> None:
        """Another conversation: put this one away, and take up that one if it was put away before."""
        found = self._cache.take(self._slot, prompt, more_than=same)
        if same < len(self.tokens):
            self._put_away()
        if found is not None:
            self._take_up(found)

    def _take_up(self, found: Kept | None) -> None:
        self.forget()
        if found is None:
            return
        state = (ctypes.c_uint8 * len(found.state)).from_buffer_copy(found.state)
        if self._api.llama_state_seq_set_data(self._llama.ctx, state, len(found.state), 0):
            self._set(list(found.tokens))
        else:
            self.forget()

    def _put_away(self) -> None:
        if len(self.tokens) >= LEAST_TOKENS:
            self._step_back()
        size = int(self._api.llama_state_seq_get_size(self._llama.ctx, 0))
        if len(self.tokens) < LEAST_TOKENS or not self._cache.room_for(size):
            return
        state = (ctypes.c_uint8 * size)()
        written = int(self._api.llama_state_seq_get_data(self._llama.ctx, state, size, 0))
        if written:
            self._cache.put(Kept(tuple(self.tokens), ctypes.string_at(state, written), self._slot))

    def _set(self, tokens: list[int]) -> None:
        """`Llama` counts for itself: `eval` goes on from there."""
        self.tokens = tokens
        self._llama.input_ids[: len(tokens)] = tokens
        self._llama.n_tokens = self._position(len(tokens))


def before_picture(tokens: Sequence[int], count: int) -> int:
    """At most ``count``, so that no picture is cut: its places count down one by one. Pure."""
    while 0 < count < len(tokens) and tokens[count] < 0 and tokens[count] == tokens[count - 1] - 1:
        count -= 1
    return count
