"""Attention heads set by hand: one copies the code of the token before, others tell which of some markers came last.

A query and a key meet under rotary embedding as ``|q||k| cos(distance * frequency + angle)`` for each pair of numbers, so
the angles of constant vectors say how much a distance is liked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.tiny_models.chain import BEFORE, CODE, CONSTANT, FEATURE_SIZE, FEATURES, FLAGS, WIDTH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

HEADS, KV_HEADS, HEAD = 4, 2, 32
GROUP = HEADS // KV_HEADS
PAIRS = HEAD // 2
NEAR_PAIRS = 10  # the quick frequencies that find the token before
NEAR_LEAD = 30.0  # by which the token before leads all others, in nats
REACH = 4_096  # tokens within which the later marker wins
RECENT = 0.5  # radians: where the slope of the cosine begins
LOUD = 12_000.0  # the height of a marker in nats; the slope with distance is 1.6 a token
REST = 0.3  # what every key has besides, so that a key norm has something to keep


@dataclass(frozen=True, slots=True)
class Marker:
    """A token with ``flag``; with ``before``: only where that token stands before it. ``strength`` of its key."""

    flag: int
    before: int | None = None
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Feature:
    """+1 where the last of ``markers`` has flag ``yes``, else -1. ``lasting``: wherever it was, not only if the last."""

    name: str
    markers: tuple[Marker, ...]
    yes: int
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Attention:
    """Weights as numpy has them (outputs, inputs). ``q_norm``, ``k_norm``: for models that have them."""

    q: Matrix
    k: Matrix
    v: Matrix
    o: Matrix
    q_norm: Matrix
    k_norm: Matrix


@dataclass(frozen=True, slots=True)
class Geometry:
    """``normed``: queries and keys are normed; ``scale`` of the scores; ``length`` of the stream where a layer reads it."""

    base: float
    scale: float
    normed: bool
    values_normed: bool = False

    def frequencies(self) -> Matrix:
        import numpy as np

        return np.asarray(self.base ** (-np.arange(PAIRS) / PAIRS), np.float32)


def random_attention(seed: int, size: float = 1e-4) -> Attention:
    """Four heads of noise. ``size``: the weight of their word."""
    import numpy as np

    noise = np.random.default_rng(seed)
    shapes = ((HEADS * HEAD, WIDTH), (KV_HEADS * HEAD, WIDTH), (KV_HEADS * HEAD, WIDTH), (WIDTH, HEADS * HEAD))
    q, k, v, o = (
        noise.standard_normal(shape).astype(np.float32) / np.sqrt(shape[1], dtype=np.float32) for shape in shapes
    )
    ones = np.ones(HEAD, np.float32)
    return Attention(q, k, v, o * np.float32(size), ones, ones.copy())


def copy_before(geometry: Geometry, length: float, seed: int) -> Attention:
    """The code of the token before is written to its place. ``length`` of the stream that is normed on the way in."""
    import numpy as np

    made = random_attention(seed)
    unit = np.sqrt(WIDTH) / length
    frequencies = geometry.frequencies()[:NEAR_PAIRS].astype(float)
    distances = np.delete(np.arange(-1, 20_000), 1)[:, None]
    worst = np.min(np.sum(1 - np.cos(distances * frequencies), axis=1))
    size = np.sqrt(NEAR_LEAD / worst / geometry.scale)
    key = pairs(dict.fromkeys(range(NEAR_PAIRS), (1.0, 0.0)))
    query = pairs({pair: (1.0, -float(frequencies[pair])) for pair in range(NEAR_PAIRS)})
    made.k[:], made.v[:] = 0, 0
    for half in range(KV_HEADS):
        rows = slice(half * HEAD, half * HEAD + 28)
        made.k[half * HEAD : (half + 1) * HEAD, CONSTANT] = key * size / unit
        made.v[rows, CODE.start + half * 28 : CODE.start + half * 28 + 28] = np.eye(28)
        head = half * GROUP
        made.q[head * HEAD : (head + 1) * HEAD] = 0
        made.q[head * HEAD : (head + 1) * HEAD, CONSTANT] = query * size / unit
        gain = 1 / np.sqrt(2 * HEAD) if geometry.values_normed else 1 / unit
        made.o[:, head * HEAD : (head + 1) * HEAD] = 0
        made.o[BEFORE.start + half * 28 : BEFORE.start + half * 28 + 28, head * HEAD : head * HEAD + 28] = (
            np.eye(28) * gain
        )
    loudness = size * np.sqrt(NEAR_PAIRS / HEAD)
    made.q_norm[:], made.k_norm[:] = loudness, loudness
    return made


def watch_markers(features: Sequence[Feature], code: Matrix, geometry: Geometry, length: float, seed: int) -> Attention:
    """Each feature gets a head: the heads 0 and 2 are for those that the last marker decides, 1 for a lasting one."""
    import numpy as np

    made = random_attention(seed)
    unit = np.sqrt(WIDTH) / length
    made.k[:], made.v[:] = 0, 0
    frequencies = geometry.frequencies()
    slow = int(np.argmin(np.abs(np.log(frequencies * REACH / (np.pi / 2 - RECENT)))))
    size = np.sqrt(LOUD / geometry.scale)
    places = iter((0, 2))
    counts = [0] * KV_HEADS
    heads = {one.name: 1 if one.lasting else next(places) for one in features}
    for one in features:
        counts[heads[one.name] // GROUP] += 1
    for number, one in enumerate(features):
        head = heads[one.name]
        kv = head // GROUP
        pair, angle = (PAIRS - 1, 0.0) if one.lasting else (slow, RECENT)
        key = pairs({pair: (1.0, 0.0)}) * size / unit
        made.k[kv * HEAD : (kv + 1) * HEAD] += np.outer(key, _indicator(one.markers, code))
        query = np.zeros((HEAD, WIDTH), np.float32)
        query[:, CONSTANT] = pairs({pair: (1.0, angle)}) * size / unit
        made.q[head * HEAD : (head + 1) * HEAD] = query
        row = kv * HEAD + number
        made.v[row, CONSTANT], made.v[row, FLAGS + one.yes] = -1, 2
        made.o[:, head * HEAD : (head + 1) * HEAD] = 0
        gain = np.sqrt(counts[kv] / HEAD) if geometry.values_normed else 1 / unit
        made.o[FEATURES + number, head * HEAD + number] = FEATURE_SIZE * gain
    for kv in range(KV_HEADS):
        made.k[kv * HEAD, CONSTANT] += REST * size / unit
    loudness = size / np.sqrt(HEAD)
    made.q_norm[:], made.k_norm[:] = loudness, loudness
    return made


def pairs(parts: dict[int, tuple[float, float]]) -> Matrix:
    """A vector of one head from (size, angle) by number of the rotary pair; its two numbers stand half a head apart."""
    import numpy as np

    vector = np.zeros(HEAD, np.float32)
    for pair, (size, angle) in parts.items():
        vector[pair], vector[pair + PAIRS] = size * np.cos(angle), size * np.sin(angle)
    return vector


def _indicator(markers: Sequence[Marker], code: Matrix) -> Matrix:
    """What, times the stream, is 1 at a marker, about 0 at half of one and -1 elsewhere."""
    import numpy as np

    row = np.zeros(WIDTH, np.float32)
    row[CONSTANT] = -1
    befores = set()
    for marker in markers:
        row[FLAGS + marker.flag] += marker.strength + (marker.before is None)
        befores |= {marker.before} - {None}
    for before in befores:
        row[BEFORE] += code[before]
    return row
