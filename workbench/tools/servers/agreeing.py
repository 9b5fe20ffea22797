"""What a person agrees to before a server is first started or reached, and whether they have. Pure but for the consents."""

from __future__ import annotations

from workbench.consents.consent import Consent, ConsentKind, Consents, ConsentState, Question, Scope
from workbench.errors import RefusedError
from workbench.tools.servers.definition import Server


class NotAgreedError(RefusedError):
    """Nobody has agreed to this server as it is defined now. ``consent`` waits for an answer."""

    kind = "not_agreed"

    def __init__(self, server: Server, consent: Consent) -> None:
        super().__init__(
            f"{server.name} was not started: nobody has agreed to it yet.",
            hint=f"workbench tools servers start {server.name} shows what would be started, and asks.",
        )
        self.consent = consent


def question(server: Server, *, was_agreed: bool) -> Question:
    """``was_agreed``: to another definition of it."""
    definition = server.definition
    if definition.is_program:
        title = f"Start the program of “{server.name}” on this computer?"
        because = "It can do all that you can do here, whenever one of its tools is called."
    else:
        title = f"Let {definition.destination} offer tools as “{server.name}”?"
        because = f"What its tools are called with goes to {definition.destination}."
    if was_agreed:
        because = f"It is defined differently than when you agreed to it. {because}"
    return Question(ConsentKind.SERVER, subject(server), title, definition.shown(), because, scopes=(Scope.ONCE,))


def subject(server: Server) -> str:
    """Of this definition: another one is asked about again. Before the ``#`` it is for people."""
    return f"{server.name}#{server.id}:{server.definition.hash}"


def answered(consents: Consents, server: Server) -> bool:
    """Whether a question about this very definition was accepted, in whichever process."""
    wanted = subject(server)
    return any(
        consent.question.subject == wanted
        for consent in consents.list(waiting=False)
        if consent.state is ConsentState.ACCEPTED and consent.question.kind is ConsentKind.SERVER
    )
