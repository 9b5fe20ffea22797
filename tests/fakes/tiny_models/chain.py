"""What makes a random model speak: embedding and output rows that hold a chain from token to token.

The stream of numbers through the model has four parts: a code for the token, the code of the token before it (written by
the first layer's attention), flags, and features (written by the second layer's attention: +1 or -1 each). An output row
is the sum of the codes after which its token follows. Where a token has several successors, the token before it or a
feature decides. Everything is checked here, on ideal numbers, before a model is written.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

WIDTH = 128
CODE = slice(0, 56)
BEFORE = slice(56, 112)
CONSTANT, UNFLAGGED = 112, 113
FLAGS = 114  # and the next ones
FEATURES = 122  # and the next ones

FEATURE_SIZE = 0.7
BEFORE_WEIGHT = 1.0  # of an output row
LEAN_WEIGHT = 0.6
CHOSEN, CANDIDATES = 200, 300  # so many codes are chosen, each among so many
MARGIN = 0.25  # by which the next token leads, in units of one code
ROW_SIZE = 30.0


@dataclass(frozen=True, slots=True)
class Path:
    """After the two tokens of ``after`` comes ``text``, when the features are as in ``when``.

    ``lean``: what makes the first token of ``text`` likelier: features, and "constant" for all of the time.
    """

    after: tuple[int, int]
    text: tuple[int, ...]
    when: Mapping[str, int] = field(default_factory=dict)
    lean: Mapping[str, float] = field(default_factory=dict)

    def steps(self) -> Iterable[tuple[int, int, int]]:
        line = (*self.after, *self.text)
        return zip(line, line[1:], line[2:], strict=False)


def codes(count: int, apart: Sequence[int], spoken: Sequence[int], seed: int) -> Matrix:
    """A random code for each token; each half of it has the same length, together 1.

    ``apart``: up to four tokens whose codes have nothing in common with any other. ``spoken``: those of the script, whose
    codes are chosen to differ well.
    """
    import numpy as np

    draw = np.random.default_rng(seed)
    made = _halves(draw.standard_normal((count, 2, 28)))
    for number, token in enumerate(apart):
        pole = np.zeros((2, 28))
        pole[:, number // 2] = 1, (-1) ** number
        made[token] = pole.ravel() / np.sqrt(2)
    chosen: list[int] = []
    for token in list(dict.fromkeys(spoken))[:CHOSEN]:
        if token not in apart:
            candidates = _halves(draw.standard_normal((CANDIDATES, 2, 28)))
            likeness = np.max(candidates @ made[chosen].T, axis=1, initial=0)
            made[token] = candidates[np.argmin(likeness)]
            chosen.append(token)
    return np.asarray(made, np.float32)


def _halves(values: Any) -> Any:
    """``values`` (count, 2, 28), of which the first two of each half are left to the tokens that stand apart."""
    import numpy as np

    values[:, :, :2] = 0
    return (values / np.linalg.norm(values, axis=2, keepdims=True) / np.sqrt(2)).reshape(-1, 56)


def embeddings(code: Matrix, flagged: Mapping[int, int]) -> Matrix:
    """``flagged``: the flag of a token by its number. All rows have the same length."""
    import numpy as np

    rows = np.zeros((len(code), WIDTH), np.float32)
    rows[:, CODE] = code
    rows[:, CONSTANT] = 1
    for token in range(len(code)):
        rows[token, FLAGS + flagged[token] if token in flagged else UNFLAGGED] = 1
    return rows


def output_rows(code: Matrix, paths: Sequence[Path], features: Sequence[str]) -> Matrix:
    """The output matrix, checked. Raises `ValueError` naming the step at which the chain would go astray."""
    import numpy as np

    rows = np.zeros((len(code), WIDTH), np.float32)
    steps = {step for path in paths for step in path.steps()}
    for cur, after in {(cur, after) for _, cur, after in steps}:
        rows[after, CODE] += code[cur]
    for before, after in {(before, after) for before, _, after in steps}:
        rows[after, BEFORE] += BEFORE_WEIGHT * code[before]
    for path in paths:
        for name, weight in path.lean.items():
            at = CONSTANT if name == "constant" else FEATURES + features.index(name)
            rows[path.text[0], at] = LEAN_WEIGHT * weight
    silent = np.setdiff1d(np.arange(len(code)), [after for _, _, after in steps])
    rows[silent, CONSTANT] = -1
    _check(rows, code, paths, features)
    return rows * ROW_SIZE


def _check(rows: Matrix, code: Matrix, paths: Sequence[Path], features: Sequence[str]) -> None:
    import numpy as np

    for path in paths:
        for states in itertools.product((-1, 1), repeat=len(features)):
            named = dict(zip(features, states, strict=True))
            if any(named[name] != value for name, value in path.when.items()):
                continue
            for before, cur, after in path.steps():
                values = rows @ _ideal(code, before, cur, states)
                lead = values[after] - np.max(np.delete(values, after))
                if lead < MARGIN:
                    rival = int(np.argsort(values)[-1] if values.argmax() != after else np.argsort(values)[-2])
                    raise ValueError(f"after tokens {before}, {cur}: {after} leads {rival} by {lead:.2f} with {named}")


def _ideal(code: Matrix, before: int, cur: int, states: Sequence[int]) -> Any:
    import numpy as np

    stream = np.zeros(WIDTH, np.float32)
    stream[CODE], stream[BEFORE], stream[CONSTANT] = code[cur], code[before], 1
    stream[FEATURES : FEATURES + len(states)] = np.multiply(states, FEATURE_SIZE)
    return stream
