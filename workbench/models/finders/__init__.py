"""Finders of models that other programs keep on this disk: one module for each program. Nothing is ever written there.

A finder takes its folders and a `CancelToken`, and gives `Candidate`s, unread; what cannot be read is passed over.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.models.adoption import Candidate
from workbench.models.finders import folder, hugging_face, lm_studio, ollama
from workbench.models.finders.places import Places


def find_everywhere(cancel: CancelToken, places: Places | None = None) -> Iterator[Candidate]:
    """What all programs have, wherever this system keeps it. Raises `Cancelled`."""
    places = places or Places(Path.home(), os.environ, sys.platform)
    yield from lm_studio.find(lm_studio.folders(places), cancel)
    yield from ollama.find(ollama.folders(places), cancel)
    yield from hugging_face.find(hugging_face.folders(places), cancel)
    yield from folder.find(folder.folders(places), cancel)
