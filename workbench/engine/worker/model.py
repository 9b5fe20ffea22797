"""A loaded model as the rest of the worker sees it: its vocabulary, its template, its sizes.

Safe to ask from any thread: nothing here touches the context.
"""

from __future__ import annotations

import ctypes
from functools import cached_property, lru_cache
from typing import Any

_PIECE_BYTES = 512


class Model:
    """``api``: the module `llama_cpp.llama_cpp`."""

    def __init__(self, api: Any, llama: Any, *, context_tokens: int) -> None:
        self.api = api
        self.llama = llama
        self.context_tokens = min(context_tokens, llama.n_ctx())
        self.batch_tokens: int = llama.n_batch
        self._vocab = api.llama_model_get_vocab(llama.model)
        self.piece = lru_cache(maxsize=1 << 15)(self._piece)

    @property
    def vocab(self) -> Any:
        return self._vocab

    @cached_property
    def template(self) -> str:
        """The file's own; empty when it has none."""
        found = self.api.llama_model_chat_template(self.llama.model, None)
        return found.decode("utf-8", "replace") if found else ""

    @cached_property
    def architecture(self) -> str:
        return str(self.llama.metadata.get("general.architecture", ""))

    @cached_property
    def bos(self) -> str:
        return self._special(self.api.llama_vocab_bos(self._vocab))

    @cached_property
    def eos(self) -> str:
        return self._special(self.api.llama_vocab_eos(self._vocab))

    @cached_property
    def adds_bos(self) -> bool:
        return bool(self.api.llama_vocab_get_add_bos(self._vocab))

    @cached_property
    def adds_eos(self) -> bool:
        return bool(self.api.llama_vocab_get_add_eos(self._vocab))

    def tokenize(self, text: str, *, add_special: bool = True, parse_special: bool = True) -> list[int]:
        encoded = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()
        room = len(encoded) + 2
        tokens = (self.api.llama_token * room)()
        count = self.api.llama_tokenize(self._vocab, encoded, len(encoded), tokens, room, add_special, parse_special)
        if count < 0:
            raise ValueError("The text cannot be cut into tokens.")
        return list(tokens[:count])

    def prompt_tokens(self, prompt: str) -> list[int]:
        """Of a rendered prompt. What the tokenizer adds by itself does not stand in it twice."""
        return self.tokenize(self.without_ends(prompt))

    def without_ends(self, prompt: str) -> str:
        if self.adds_bos and self.bos:
            prompt = prompt.removeprefix(self.bos)
        if self.adds_eos and self.eos:
            prompt = prompt.removesuffix(self.eos)
        return prompt

    def ends(self, token: int) -> bool:
        """Whether ``token`` ends an answer."""
        return bool(self.api.llama_vocab_is_eog(self._vocab, token))

    def _piece(self, token: int, special: bool) -> bytes:
        """The bytes of ``token``: a part of a character, perhaps. Markers are empty unless ``special``."""
        room = _PIECE_BYTES
        while True:
            buffer = ctypes.create_string_buffer(room)
            size = self.api.llama_token_to_piece(self._vocab, token, buffer, room, 0, special)
            if size >= 0:
                return buffer.raw[:size]
            room = -size

    def _special(self, token: int) -> str:
        return self._piece(token, True).decode("utf-8", "replace") if token >= 0 else ""  # noqa: FBT003
