"""The local API on a free port, over a scripted backend: real sockets, real HTTP, no model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.fakes.backend import ScriptedBackend
from workbench.api.desk import AnswerDesk
from workbench.api.faults import UnknownModelError
from workbench.api.listening import MOST_CONNECTIONS, Listener
from workbench.api.told import ListedModel
from workbench.cancel import CancelToken
from workbench.chat.asking.choice import Choice
from workbench.clock import SystemClock
from workbench.errors import EngineError
from workbench.messages import ChatRequest, Effort
from workbench.paths import Paths
from workbench.ports import BackendInfo, ChatBackend, Embedder
from workbench.serving.activity import Activity
from workbench.serving.token import ApiToken
from workbench.settings import Api


class WordEmbedder:
    """Two numbers for each text: its words and its letters, as a unit vector would have them but easier to read."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        cancel.check()
        if any(len(text) > 1000 for text in texts):
            raise EngineError("A text is too long for this model.")
        self.texts += texts
        return tuple((float(len(text.split())), float(len(text))) for text in texts)


class OneModel:
    """A `ModelSource` with one model that writes and one that embeds."""

    def __init__(self, backend: ChatBackend) -> None:
        self.backend = backend
        self.embeds = WordEmbedder()

    def list(self) -> Sequence[ListedModel]:
        return [
            ListedModel("fake-model", "Fake 1B", "this-machine"),
            ListedModel("folder/vectors", "Vectors", "this-machine"),
        ]

    def chat(self, name: str, cancel: CancelToken) -> tuple[str, ChatBackend]:
        cancel.check()
        if name not in ("default", "fake-model"):
            raise UnknownModelError("There is no model of this name here.")
        return "fake-model", self.backend

    def choose(self, name: str, request: ChatRequest) -> Choice | None:
        """`auto` is the one model, with high effort."""
        return Choice("fake-model", Effort.HIGH, "Fake 1B, because “so” it is\n!") if name == "auto" else None

    def complete(self, name: str, request: ChatRequest, info: BackendInfo) -> ChatRequest:
        return request

    def embedder(self, name: str, cancel: CancelToken) -> tuple[str, Embedder]:
        if name not in ("default", "folder/vectors"):
            raise UnknownModelError("There is no embedding model of this name here.")
        return "folder/vectors", self.embeds


class RunningApi:
    """Listens from its construction to `close`. ``wanted`` may be replaced while it runs, as settings are."""

    def __init__(
        self, home: Path, backend: ScriptedBackend, *, most: int = MOST_CONNECTIONS, answer_seconds: float = 60.0
    ) -> None:
        paths = Paths(home)
        paths.prepare()
        self.wanted = Api(enabled=True)
        self.tokens = ApiToken(paths)
        self.token = self.tokens.current()
        self.activity = Activity(SystemClock())
        self.models = OneModel(backend)
        desk = AnswerDesk(
            self.models, self.tokens.matches, lambda: self.wanted, self.activity, answer_seconds=answer_seconds
        )
        self._listener = Listener(0, desk, most)
        self.port = desk.port = self._listener.port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._listener.close()
