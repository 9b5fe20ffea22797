"""The child that counts tokens by the published vocabulary, so that the window's own process need not hold it.

Each order is a line of JSON, a list of texts; each answer is one: ``{"tokens": N}`` or ``{"error", "hint"}``. It ends with
its input, and reaches nobody.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, Final

CHILD_FLAG: Final = "--tokens-child"


def command() -> list[str]:
    """What starts this module as a process; the frozen app starts itself, with a flag that its entry looks for."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    return [sys.executable, "-m", "workbench.cloud.tokens.child"]


def main(_arguments: Sequence[str] = ()) -> int:
    from workbench.cloud.tokens.vocabulary import published
    from workbench.engine.launching import containment
    from workbench.errors import WorkbenchError

    containment.lower_rights()
    try:
        encoding = published()
    except WorkbenchError as error:
        _say({"error": error.message, "hint": error.hint})
        return 5
    for line in sys.stdin.buffer:
        _say({"tokens": sum(map(encoding.count, json.loads(line)))})
    return 0


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
