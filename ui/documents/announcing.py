"""When a screen reader is told how the reading of a folder goes: at its beginning and end, and now and then. Pure."""

from __future__ import annotations

from ui.documents.words import files_words, progress_words
from ui.translation import tr
from workbench.documents.collection import CollectionState, FileStatus, Phase
from workbench.messages import Id

EVERY_SECONDS = 30.0
BUSY = (Phase.SCANNING, Phase.READING)


class Announcer:
    """Remembers what was said of each folder."""

    def __init__(self) -> None:
        self._said: dict[Id, tuple[Phase, float]] = {}

    def news(self, state: CollectionState, now: float) -> str:
        """What is to be said of a folder now; usually nothing. ``now``: seconds of any clock that goes forward."""
        phase = state.progress.phase
        before, at = self._said.get(state.collection.id, (Phase.IDLE, now - EVERY_SECONDS))
        name = state.collection.name
        if phase not in BUSY:
            self._said[state.collection.id] = (phase, at)
            if before in BUSY:
                read = files_words(state.counts.get(FileStatus.INDEXED, 0))
                return tr("{folder} is read: {files}").format(folder=name, files=read)
            return ""
        if phase is Phase.READING and (before is not phase or now - at >= EVERY_SECONDS):
            self._said[state.collection.id] = (phase, now)
            return f"{name}: {progress_words(state.progress)}"
        self._said[state.collection.id] = (phase, at)
        return ""
