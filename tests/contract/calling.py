"""Asks a tiny model one question in a chat of a home, with a clock that never answers, until it is killed.

Run: ``python -m tests.contract.calling HOME MODEL``. The file HOME/reached is there once the tool is called.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.app import build
from workbench.chat.asking.options import Options
from workbench.jobs import quiet_job
from workbench.paths import Paths
from workbench.tools.builtin.now import Now
from workbench.tools.tool import Call, Outcome


def main(home: Path, model: str) -> None:
    def hang(self: Now, arguments: Mapping[str, Any], _call: Call) -> Outcome:
        (home / "reached").touch()
        _call.cancel.wait(600)
        return Outcome("")

    Now.call = hang  # type: ignore[method-assign]
    workbench = build(Paths(home))
    try:
        workbench.chat.send(None, "What time is it?", quiet_job(), Options(model=model, tools=("now",)))
    finally:
        workbench.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
