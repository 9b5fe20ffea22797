"""A model that sees: its projector turns pictures into what stands in the prompt beside tokens.

A picture's place in the row of tokens is held by negative numbers made of its digest, so that whatever compares rows (what
was read before, what lies in memory, what was saved) tells one picture from another without looking at it.
"""

from __future__ import annotations

import ctypes
import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from workbench.engine.worker.faults import BadRequest

_TEXT, _IMAGE = 0, 1
_WARNING = 3
_PLACES = 1 << 30
_YES, _NO = True, False  # arguments of C have no names


@dataclass(frozen=True, slots=True)
class Picture:
    """One piece of a prompt that is no text. ``first``: the number that stands in its first place; its ``tokens`` take
    ``positions`` of the context, which is less for some models. ``chunk``: llama.cpp's own, alive as long as ``owner``."""

    first: int
    tokens: int
    positions: int
    chunk: Any = field(compare=False, repr=False)
    owner: Any = field(compare=False, repr=False)

    def places(self) -> range:
        return range(self.first, self.first - self.tokens, -1)


@dataclass(frozen=True, slots=True)
class Row:
    """A prompt as a row of tokens, and the pictures in it by the index of their first place."""

    tokens: tuple[int, ...]
    pictures: Mapping[int, Picture] = field(default_factory=dict)


class Sight:
    """The projector of a loaded model. `row` may be called in any thread, `read` only in the one that computes."""

    def __init__(self, path: str, llama: Any, *, threads: int, gpu: bool) -> None:
        """Raises `ValueError` for a file that is no projector of this model; llama.cpp's own words are in the log."""
        self._api = import_module("llama_cpp.mtmd_cpp")
        self._llama = llama
        self.marker = f"<__media_{secrets.token_hex(8)}__>"  # nobody else can write it
        self._log = _warnings_only(self._api)
        parameters = self._api.mtmd_context_params_default()
        parameters.use_gpu = gpu
        parameters.print_timings = False
        parameters.n_threads = threads
        parameters.media_marker = self.marker.encode()
        self._context = self._api.mtmd_init_from_file(path.encode(), llama.model, parameters)
        if not self._context:
            raise ValueError(f"failed to load multimodal model, '{path}'")
        if not self._api.mtmd_support_vision(self._context):
            raise ValueError(f"failed to load multimodal model, '{path}': it does not see")

    def row(self, prompt: str, pictures: Sequence[bytes]) -> Row:
        """``prompt`` with a marker for each of ``pictures``. Raises `BadRequest`."""
        encoded = prompt.encode("utf-8", "replace")
        with ExitStack() as stack:
            bitmaps = [stack.enter_context(self._bitmap(picture)) for picture in pictures]
            chunks = _Chunks(self._api)
            text = self._api.mtmd_input_text(encoded, len(encoded), _YES, _YES)
            array = (self._api.mtmd_bitmap_p_ctypes * len(bitmaps))(*bitmaps)
            status = self._api.mtmd_tokenize(self._context, chunks.pointer, ctypes.byref(text), array, len(bitmaps))
        if status:
            raise BadRequest("The pictures do not fit their places." if status == 1 else "Failed to load image.")
        return self._row(chunks)

    def read(self, picture: Picture, position: int, batch_tokens: int) -> bool:
        """Compute ``picture`` into the context from ``position`` on. False: it was stopped, or could not be."""
        after = self._api.llama_cpp.llama_pos(position)
        return not self._api.mtmd_helper_eval_chunk_single(
            self._context, self._llama.ctx, picture.chunk, position, 0, batch_tokens, _NO, ctypes.byref(after)
        )

    @contextmanager
    def _bitmap(self, file: bytes) -> Iterator[Any]:
        """``file``, unpacked and named by its content. Raises `BadRequest`."""
        buffer = (ctypes.c_uint8 * len(file)).from_buffer_copy(file)
        bitmap = self._api.mtmd_helper_bitmap_init_from_buf(self._context, buffer, len(file), _NO)
        if not bitmap:
            raise BadRequest("Failed to load image: its file is damaged.")
        try:
            self._api.mtmd_bitmap_set_id(bitmap, hashlib.sha256(file).hexdigest().encode())
            yield bitmap
        finally:
            self._api.mtmd_bitmap_free(bitmap)

    def _row(self, chunks: _Chunks) -> Row:
        tokens: list[int] = []
        pictures: dict[int, Picture] = {}
        for number, chunk in enumerate(chunks):
            if self._api.mtmd_input_chunk_get_type(chunk) == _TEXT:
                count = ctypes.c_size_t()
                found = self._api.mtmd_input_chunk_get_tokens_text(chunk, ctypes.byref(count))
                tokens += found[: count.value]
                continue
            picture = self._picture(chunk, chunks, number)
            pictures[len(tokens)] = picture
            tokens += picture.places()
        return Row(tuple(tokens), pictures)

    def _picture(self, chunk: Any, chunks: _Chunks, number: int) -> Picture:
        if self._api.mtmd_input_chunk_get_type(chunk) != _IMAGE:
            raise BadRequest("Failed to load image.")
        name = self._api.mtmd_input_chunk_get_id(chunk) or b""
        # One picture may be cut into several pieces: each has its own place.
        digest = hashlib.sha256(name + number.to_bytes(4, "big")).digest()
        return Picture(
            -2 - _PLACES + int.from_bytes(digest[:4], "big") % _PLACES,
            self._api.mtmd_input_chunk_get_n_tokens(chunk),
            self._api.mtmd_input_chunk_get_n_pos(chunk),
            chunk,
            chunks,
        )


class _Chunks:
    """Freed with the last of its pictures."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self.pointer = api.mtmd_input_chunks_init()

    def __iter__(self) -> Iterator[Any]:
        for index in range(self._api.mtmd_input_chunks_size(self.pointer)):
            yield self._api.mtmd_input_chunks_get(self.pointer, index)

    def __del__(self) -> None:
        self._api.mtmd_input_chunks_free(self.pointer)


def _warnings_only(api: Any) -> Any:
    """Else each picture writes to the log how long it took. Returns what is called: it must be kept."""
    say = import_module("workbench.engine.worker.loading").say
    shown = False

    @api.llama_cpp.llama_log_callback  # type: ignore[untyped-decorator, unused-ignore]
    def write(level: int, text: bytes, _data: Any) -> None:
        nonlocal shown
        if level <= _WARNING + 1:  # above: the rest of the line before
            shown = level >= _WARNING
        if shown:
            say((text or b"").decode("utf-8", "replace").rstrip("\n"))

    api.mtmd_helper_log_set(write, None)
    return write
