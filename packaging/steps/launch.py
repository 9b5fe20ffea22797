"""`run`: the window where there is a screen, the chat where there is a terminal, one answered question elsewhere."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from enum import Enum

from steps import environment, system
from steps.places import PYTHON, ROOT
from steps.process import call, say

QUESTION = "In one sentence: what is the sea?"
MOST_TOKENS = "200"  # a small model does not always find its end
WORKBENCH = [str(PYTHON), "-m", "workbench.entry"]


class Front(Enum):
    """What a person meets."""

    WINDOW = "window"
    CHAT = "chat"
    QUESTION = "question"


def decide(platform: str, environ: Mapping[str, str], *, is_terminal: bool) -> Front:
    """Which front fits this machine. `platform` is `sys.platform`; `is_terminal`: somebody can type."""
    if has_display(platform, environ):
        return Front.WINDOW
    return Front.CHAT if is_terminal else Front.QUESTION


def has_display(platform: str, environ: Mapping[str, str]) -> bool:
    """Linux and the BSDs name their display; macOS and Windows have one unless we came in over SSH."""
    if platform in ("darwin", "win32"):
        return not environ.get("SSH_CONNECTION")
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def run() -> int:
    """Set everything up, fetch the starter model, and open Workbench. Returns its exit status."""
    system.ensure(system.WINDOW, "the window")
    environment.ensure(environment.RUNTIME)
    fetch_starter()
    front = decide(sys.platform, os.environ, is_terminal=sys.stdin.isatty() and sys.stdout.isatty())
    return FRONTS[front]()


def fetch_starter() -> None:
    """Fetch the starter model unless there is a model. Without one the program still opens, and says so itself."""
    if has_model():
        return
    if call([*WORKBENCH, "models", "pull", "starter"]) != 0:
        say("No model yet: without a connection none can be fetched. Later: .venv/bin/workbench models pull starter")


def has_model() -> bool:
    """Whether the model library holds a model that can be used."""
    listed = subprocess.run(
        [*WORKBENCH, "models", "list", "--json"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    try:
        found = json.loads(listed.stdout)
    except ValueError:
        return False
    return isinstance(found, list) and any(not model.get("problem") for model in found)


def _open_window() -> int:
    return call(WORKBENCH)


def _open_chat() -> int:
    say("This machine has no display: Workbench opens as a chat in the terminal. Ctrl-D ends it.")
    return call([*WORKBENCH, "chat"])


def _ask_question() -> int:
    say(f"Neither a display nor a terminal is here, so the model answers one question.\n\n> {QUESTION}")
    command = [*WORKBENCH, "chat", "--json", "--max-tokens", MOST_TOKENS, QUESTION]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT) as child:
        for line in child.stdout or ():
            print(shown(line), end="", flush=True)
    return child.returncode


def shown(line: str) -> str:
    """What a person sees of one line of `chat --json`: the text as it comes, the speed at the end, or the error."""
    event = json.loads(line)
    error = event.get("error", event)
    if "hint" in error:
        return f"{error.get('message', '')} {error['hint'] or ''}\n"
    if event.get("event") == "text":
        return str(event["text"])
    return speed(event.get("timings") or {}) if event.get("event") == "end" else ""


def speed(timings: Mapping[str, float | None]) -> str:
    """The line of figures under an answer; what the engine did not measure is left out."""
    figures = (
        ("{:.1f} tokens per second", timings.get("generation_tokens_per_second")),
        ("first token after {:.2f} s", timings.get("first_token_seconds")),
        ("{:.1f} s in all", timings.get("total_seconds")),
    )
    known = [form.format(value) for form, value in figures if value is not None]
    return f"\n\n{' · '.join(known)}\n" if known else "\n"


FRONTS: dict[Front, Callable[[], int]] = {
    Front.WINDOW: _open_window,
    Front.CHAT: _open_chat,
    Front.QUESTION: _ask_question,
}
