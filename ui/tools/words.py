"""What a tool does and where it reaches, in words. Pure."""

from __future__ import annotations

from ui.translation import tr
from workbench.tools.tool import BUILT_IN, Harm, ToolSpec


def reach(spec: ToolSpec) -> str:
    """Where a call of it goes, and whether it asks first."""
    match spec.harm:
        case Harm.READ:
            words = tr("Nothing leaves this computer.")
        case Harm.FETCH:
            words = tr("What it is called with goes to {host}.").format(host=spec.destination or tr("the internet"))
        case Harm.WRITE:
            words = tr("Changes something on this computer, and asks before.")
        case Harm.SEND:
            words = tr("Sends to {host}, and asks before.").format(host=spec.destination or tr("another machine"))
        case Harm.RUN:
            words = tr("Runs a program on this computer, and asks before.")
    if spec.asks_first and not spec.harm.acts:
        first = tr("The first call in a chat is shown before.")
        return f"{words} {first}"
    return words


def from_where(spec: ToolSpec) -> str:
    """Whose it is; empty for one that comes with the program."""
    return "" if spec.source == BUILT_IN else spec.source


def subject_words(subject: str) -> str:
    """What a lasting yes is for: the tool, its server, where it reaches."""
    name = subject.partition("#")[0]
    source, _, tool = name.rpartition("/")
    tool, _, host = tool.partition("@")
    pieces = [tool or name]
    if source and source != BUILT_IN:
        pieces.append(tr("of {server}").format(server=source))
    if host:
        pieces.append(tr("at {host}").format(host=host))
    return " ".join(pieces)
