"""The `workbench` command: with no argument the window, else the command line. Imports only what the choice needs."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.serving.switch import OpenApi

NO_DISPLAY = """workbench: there is no display here, so the window cannot open.
Chat on the command line instead:  workbench chat
Over SSH, `ssh -X` brings the display along."""

CHILDREN = {
    "--engine-child": "workbench.engine.launching.native_child",
    "--worker-child": "workbench.engine.worker.worker_child",
    "--extract-child": "workbench.documents.extract.extract_child",
    "--words-child": "workbench.documents.indexing.words_child",
    "--template-child": "workbench.prompts.filling.child",
    "--tokens-child": "workbench.cloud.tokens.child",
    "--keeper-child": "workbench.tools.servers.keeper",
    "--probe-child": "workbench.hardware.probe_child",
}
"""What the frozen program is as a child of itself; elsewhere these modules are started by their names."""


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in CHILDREN:
        child = importlib.import_module(CHILDREN[arguments[0]])
        return int(child.main(arguments))
    if arguments in ([], ["quick"]):
        return _window(quick=bool(arguments))
    try:
        from workbench.cli.main import main as command_line

        return command_line(arguments, open_api)
    except KeyboardInterrupt:  # so early or so late that the command line itself could not say so
        return 130


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a window can be shown: macOS and Windows have a display, others name theirs in the environment."""
    if platform in ("darwin", "win32"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def open_api(workbench: Workbench, port: int) -> OpenApi:
    """The local API, a front end that the others do not know: it is theirs to switch on."""
    from workbench.api.opening import open_api as opened

    return opened(workbench, port)


def _window(*, quick: bool = False) -> int:
    """Open the window, or only its quick entry where one is open already."""
    if quick:
        from workbench.doorbell import QUICK, ring
        from workbench.paths import default_home

        if ring(default_home(), QUICK):
            return 0
    if not has_display(sys.platform, os.environ):
        sys.stderr.write(f"{NO_DISPLAY}\n")
        return 3
    from ui.application import run

    return run(sys.argv[:1], open_api, quick=quick)


if __name__ == "__main__":
    sys.exit(main())
