"""In a child of the pool: reads the files it is handed, one after another, confined before the first one comes.

Each order is a line of JSON with its length before it, and brings an open file. One descriptor is left for it: while a
file is read, no other can be opened. The child ends by itself when it has served enough or grown too large, and when nobody
asks.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from typing import Any, BinaryIO

from workbench.documents.chunking.chunk import chunks
from workbench.documents.collection import Chunk
from workbench.documents.extract import answer, reading
from workbench.documents.extract.channel import ChildEnd
from workbench.documents.extract.confinement import allow_seconds, confine, memory_gauge
from workbench.documents.extract.document import Extracted, Limits

MOST_FILES = 500
ENOUGH_BYTES = 320 << 20
IDLE_SECONDS = 60.0


def serve(limits: Limits) -> int:
    end = ChildEnd(IDLE_SECONDS)
    for name in reading.READERS:
        reading.reader(name).prepare()
    _warm()
    memory = memory_gauge()
    probe = os.dup(0)
    os.close(probe)
    confine(limits, probe + 1, MOST_FILES)
    end.ready()
    for served in range(1, MOST_FILES + 1):
        asked = end.asked()
        if asked is None:
            break
        order, descriptor = asked
        allow_seconds(limits.seconds)
        said = _said(json.loads(order), descriptor, limits)
        last = served == MOST_FILES or memory() > ENOUGH_BYTES
        end.say(said, last=last)
        if last:
            break
    sys.stdout.flush()
    os._exit(0)  # no tidying up by libraries that met strangers' files


def _said(order: dict[str, Any], descriptor: int, limits: Limits) -> bytes:
    name = str(order["name"])
    with os.fdopen(descriptor, "rb") as file:
        said = reading.answered(lambda: _done(order, file, name, limits), name)
        written = answer.written(said) if not isinstance(said, tuple) else answer.written(*said)
    gc.collect(0)
    return written


def _done(
    order: dict[str, Any], file: BinaryIO, name: str, limits: Limits
) -> tuple[Extracted, tuple[Chunk, ...]] | bytes | list[answer.Box]:
    from workbench.documents.extract.readers import pages

    if order["task"] == "draw":
        return pages.draw(file, name, int(order["page"]), int(order["width"]))
    if order["task"] == "find":
        return pages.boxes(file, name, int(order["page"]), str(order["passage"]))
    found, kind = reading.chosen(file, name)
    extracted = reading.read_by(found, file, name, kind, limits)
    return extracted, chunks(extracted, name) if order["task"] == "cut" else ()


def _warm() -> None:
    """What is imported when it is first used: afterwards no file can be opened."""
    import array  # noqa: F401 - receives descriptors
    import zipfile  # noqa: F401

    import workbench.documents.extract.readers.pages  # noqa: F401
