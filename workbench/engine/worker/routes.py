"""What each address does. Knows nothing of connections: bodies in, answers or jobs out."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from workbench.engine.worker.chunks import MODEL
from workbench.engine.worker.faults import BadRequest, Fault, NotFound, NotSupported
from workbench.engine.worker.generation import Generation, News
from workbench.engine.worker.jobs import Work
from workbench.engine.worker.model import Model
from workbench.engine.worker.question import Question, Reading
from workbench.engine.worker.sampling import Sampler
from workbench.engine.worker.tape import Tape
from workbench.engine.worker.voice import Voice

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_SLOT = re.compile(r"/slots/(\d{1,4})")
_MOST_INPUTS = 2048

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chat:
    """To be computed and sent as it comes."""

    question: Question
    work: Work


@dataclass(frozen=True, slots=True)
class Task:
    """To be computed; the only thing that ``work`` yields is the answer."""

    work: Work


Answer = dict[str, Any] | Chat | Task


@dataclass(frozen=True, slots=True)
class Routes:
    """``state_folder`` None: nothing is saved. ``embeddings``: the model makes vectors, and no words."""

    model: Model
    tape: Tape
    reading: Reading
    voice: Voice
    slots: int = 1
    state_folder: Path | None = None
    embeddings: bool = False

    def get(self, path: str) -> Answer:
        """Raises `NotFound`."""
        if path in ("/v1/models", "/models"):
            return {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "llama-cpp-python"}]}
        raise NotFound("There is nothing here.")

    def post(self, target: str, body: Body) -> Answer:
        """Raises `Fault`."""
        address = urlsplit(target)
        if slot := _SLOT.fullmatch(address.path):
            return self._slot(int(slot[1]), parse_qs(address.query).get("action", [""])[0], body)
        routes: dict[str, Callable[[Body], Answer]] = {
            "/v1/chat/completions": self._chat,
            "/chat/completions": self._chat,
            "/apply-template": lambda body: {"prompt": self.reading.prompt(body)},
            "/tokenize": self._tokenize,
            "/v1/embeddings": self._embed,
        }
        route = routes.get(address.path)
        if route is None:
            raise NotFound("There is nothing here.")
        return route(body)

    def _chat(self, body: Body) -> Chat:
        if self.embeddings:
            raise NotSupported("This model makes vectors and cannot chat.")
        question = self.reading.question(body)
        if (question.slot or 0) >= self.slots:
            raise BadRequest(f"There are {self.slots} slots.")
        try:
            sampler = Sampler(self.model, question.sampling, question.grammar)
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return Chat(question, partial(self._generate, question, sampler))

    def _generate(self, question: Question, sampler: Sampler) -> Iterator[News]:
        try:
            yield from Generation(self.model, self.tape, self.voice, question, sampler).run()
        finally:
            sampler.close()

    def _tokenize(self, body: Body) -> dict[str, Any]:
        content = body.get("content", "")
        if not isinstance(content, str):
            raise BadRequest("'content' must be a text.")
        add, parse = body.get("add_special") is True, body.get("parse_special") is not False
        return {"tokens": self.model.tokenize(content, add_special=add, parse_special=parse)}

    def _embed(self, body: Body) -> Task:
        if not self.embeddings:
            raise NotSupported("This model was not started for embeddings.")
        given = body.get("input")
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            raise BadRequest("'input' must be a text, or a list of texts.")
        if len(texts) > _MOST_INPUTS:
            raise BadRequest(f"At most {_MOST_INPUTS} texts at a time.")
        longest = max(len(self.model.tokenize(text)) for text in texts)
        if longest > self.model.batch_tokens:
            raise BadRequest(
                f"input ({longest} tokens) is too large to process. increase the physical batch size (current batch size:"
                f" {self.model.batch_tokens})"
            )
        return Task(partial(self._vectors, texts))

    def _vectors(self, texts: list[str]) -> Iterator[dict[str, Any]]:
        vectors, count = self.model.llama.embed(texts, truncate=False, return_count=True)
        yield {
            "object": "list",
            "model": MODEL,
            "data": [
                {"object": "embedding", "index": index, "embedding": _unit(vector)}
                for index, vector in enumerate(vectors)
            ],
            "usage": {"prompt_tokens": count, "total_tokens": count},
        }

    def _slot(self, slot: int, action: str, body: Body) -> Task:
        if self.state_folder is None or self.embeddings:
            raise NotSupported("This engine was not started to save slots.")
        if slot >= self.slots or action not in ("save", "restore", "erase"):
            raise BadRequest(f"There are {self.slots} slots, with save, restore and erase.")
        if action == "erase":
            return Task(partial(self._erase, slot))
        name = body.get("filename")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise BadRequest("'filename' must be a plain name.")
        return Task(partial(self._save if action == "save" else self._restore, slot, self.state_folder / name))

    def _erase(self, slot: int) -> Iterator[dict[str, Any]]:
        self.tape.switch(slot)
        count = len(self.tape.tokens)
        self.tape.forget()
        yield {"id_slot": slot, "n_erased": count}

    def _save(self, slot: int, file: Path) -> Iterator[dict[str, Any]]:
        started = time.perf_counter()
        self.tape.switch(slot)
        held = len(self.tape.tokens)
        try:
            size = self.tape.save(file)
        except OSError as error:
            raise Fault(f"Unable to save slot: {error}") from error
        yield {
            "id_slot": slot,
            "filename": file.name,
            "n_saved": held,  # what it was asked to save; of a sliding window the last few are read again
            "n_written": size,
            "timings": {"save_ms": (time.perf_counter() - started) * 1000},
        }

    def _restore(self, slot: int, file: Path) -> Iterator[dict[str, Any]]:
        started = time.perf_counter()
        self.tape.switch(slot)
        try:
            size = self.tape.restore(file)
        except OSError as error:
            raise BadRequest(f"Unable to restore slot: {error}") from error
        yield {
            "id_slot": slot,
            "filename": file.name,
            "n_restored": len(self.tape.tokens),
            "n_read": size,
            "timings": {"restore_ms": (time.perf_counter() - started) * 1000},
        }


def _unit(vector: Any) -> list[float]:
    """Of length 1. Raises `Fault` for what is not one vector a text."""
    if not vector or isinstance(vector[0], list):
        raise Fault("This model makes a vector for each token, not for a text.")
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else vector
