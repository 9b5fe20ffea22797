"""How a server of tools is, and what its tools are, in words. Pure."""

from __future__ import annotations

from ui.chat.steps import one_line
from ui.translation import tr
from workbench.tools.servers.definition import Definition, Server
from workbench.tools.servers.offer import Health, State
from workbench.tools.servers.offered import OfferedTool


def place_of(definition: Definition) -> str:
    """What is started or reached, in a line."""
    if definition.url:
        return one_line(definition.url)
    return one_line(" ".join((definition.command, *definition.arguments)))


def how_it_is(server: Server, health: Health, tools: tuple[OfferedTool, ...]) -> str:
    """In a line: off, never agreed to, running, failed."""
    if not server.enabled:
        return tr("Off") if server.agreed else tr("Off. Nobody has agreed to it yet.")
    if not server.is_agreed:
        return tr("It is defined differently now: nobody has agreed to that yet.")
    on = sum(one.enabled for one in tools)
    offered = tr("{on} of {count} tools are offered").format(on=on, count=f"{len(tools):,}")
    match health.state:
        case State.READY:
            return " · ".join((tr("Running"), offered))
        case State.STARTING:
            return tr("Starting…")
        case State.FAILED:
            return one_line(health.words) or tr("It does not work.")
        case State.STOPPED:
            return " · ".join((tr("Starts when a tool of it is called"), offered))


def tool_note(tool: OfferedTool) -> str:
    """What there is to know of one of its tools."""
    words = one_line(tool.description)
    return f"{words[:200]}…" if len(words) > 200 else words


def harm_words(tool: OfferedTool, *, program: bool) -> str:
    if tool.reads:
        return tr("You said that it only reads: it asks less often.")
    if program:
        return tr("Asks before each call: it runs a program.")
    return tr("Asks before each call: it sends something.")
