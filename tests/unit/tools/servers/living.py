"""A program that starts servers of tools and then waits to be killed: ``python -m ... HOME FILE FILE``."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from tests.unit.tools.servers.conftest import Desk, fake
from workbench.paths import Paths
from workbench.tools.servers.limits import Limits


def main(home: str, *files: str) -> None:
    paths = Paths(Path(home))
    paths.prepare()
    desk = Desk(paths, Limits(start=60.0))
    for number, file in enumerate(files):
        desk.start(f"fake-{number}", fake("stubborn", file))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
