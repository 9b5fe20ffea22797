"""Who may come in: Host, Origin, token, method and kind of body of a request, before anything of it is read. Pure.

A web page that a person merely visits can send requests to this machine. It cannot know the token, it cannot choose its
Origin, and one that made its own name point here still sends that name as Host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from workbench.api.faults import INVALID, REFUSED, Fault

MOST_BODY_BYTES = 8 << 20
MODEL_PREFIX = "/v1/models/"
METHODS: Mapping[str, str] = {
    "/health": "GET",
    "/v1/models": "GET",
    "/v1/chat/completions": "POST",
    "/v1/embeddings": "POST",
    "/v1/consents": "GET",
}
CONSENT_PREFIX = "/v1/consents/"
CONSENT_ROUTE = f"{CONSENT_PREFIX}…"
UNKNOWN_ROUTE = "unknown"
PREFLIGHT = "preflight"


class DoorError(Exception):
    """Turned away; ``fault`` is the answer."""

    def __init__(self, fault: Fault, *, allow: str = "") -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.allow = allow


@dataclass(frozen=True, slots=True)
class Head:
    """A request without its body. Names of ``headers`` in small letters, in the order they came."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key == name)

    def one(self, name: str) -> str:
        """The value of a header; empty when it is missing."""
        return next(iter(self.all(name)), "")

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def route(self) -> str:
        """One of ours, for the activity list: a path that nobody knows may hold anything."""
        if self.path.startswith(MODEL_PREFIX):
            return MODEL_PREFIX + "…"
        if self.path.startswith(CONSENT_PREFIX):
            return CONSENT_ROUTE
        return self.path if self.path in METHODS else UNKNOWN_ROUTE

    @property
    def consent(self) -> tuple[str, str]:
        """The id of `/v1/consents/ID/accept`, and what is to be done with it."""
        consent_id, _slash, done = self.path.removeprefix(CONSENT_PREFIX).partition("/")
        return consent_id, done

    @property
    def model(self) -> str:
        """The model that `/v1/models/…` names; names may hold slashes."""
        return unquote(self.path.removeprefix(MODEL_PREFIX))


@dataclass(frozen=True, slots=True)
class Entry:
    """Let in. ``origin``: the web page that asks and may read the answer, if it is one."""

    route: str
    origin: str = ""


def admit(head: Head, port: int, origins: str, matches: Callable[[bytes], bool]) -> Entry:
    """Let the request in, or raise `DoorError`. ``origins``: listed by hand; ``matches``: whether this is the token.

    A preflight carries no token, as browsers make it; it is answered for listed origins only.
    """
    _check_shape(head)
    _check_host(head, port)
    origin = allowed_origin(head, origins)
    if head.method == "OPTIONS" and origin and head.one("access-control-request-method"):
        return Entry(PREFLIGHT, origin)
    _check_token(head, matches)
    _check_route(head)
    if origin and head.path.startswith("/v1/consents"):  # a page may ask a model, and never say yes for the person
        raise DoorError(Fault(403, REFUSED, "forbidden_origin", "Web pages may not answer for you."))
    if head.method == "POST":
        _check_body(head)
    return Entry(head.route, origin)


def allowed_origin(head: Head, origins: str) -> str:
    """The page that asks, when it is listed; empty for a program that is no page. Raises `DoorError` for any other page."""
    given = head.all("origin")
    if not given:
        return ""
    if len(given) == 1 and given[0] in listed(origins):
        return given[0]
    raise DoorError(Fault(403, REFUSED, "forbidden_origin", "Web pages of this origin may not ask here."))


def listed(origins: str) -> tuple[str, ...]:
    """The origins of the setting. ``null`` and ``*`` are none: any page can be the first, every page is the second."""
    return tuple(origin for origin in origins.split() if origin.startswith(("http://", "https://")))


def cors_headers(origin: str) -> tuple[tuple[str, str], ...]:
    """What lets a listed page read the answer; nothing for anybody else."""
    return (("Access-Control-Allow-Origin", origin), ("Vary", "Origin")) if origin else ()


def preflight_headers(head: Head) -> tuple[tuple[str, str], ...]:
    """Beside `cors_headers`, the answer to a browser that asks whether this listed page may ask."""
    wanted = head.one("access-control-request-headers")
    names = [name.strip() for name in wanted.split(",") if name.strip().replace("-", "").isalnum()]
    private = head.one("access-control-request-private-network") == "true"
    return (
        ("Access-Control-Allow-Methods", "GET, POST"),
        ("Access-Control-Allow-Headers", ", ".join(names) or "authorization, content-type"),
        *((("Access-Control-Allow-Private-Network", "true"),) if private else ()),
    )


def _check_shape(head: Head) -> None:
    if not head.target.startswith("/"):
        raise DoorError(Fault(400, INVALID, "bad_target", "The path of a request begins with a slash."))
    if head.all("transfer-encoding") and head.all("content-length"):
        raise DoorError(Fault(400, INVALID, "two_lengths", "A request has a length or comes in chunks, not both."))


def _check_host(head: Head, port: int) -> None:
    """Exactly one of the three names of this machine, with the port: anything else may be a name that was made to lie."""
    names = tuple(value.lower() for value in head.all("host"))
    if names not in {(f"{name}:{port}",) for name in ("127.0.0.1", "localhost", "[::1]")}:
        raise DoorError(Fault(403, REFUSED, "forbidden_host", f"Ask at 127.0.0.1:{port} or localhost:{port}."))


def _check_token(head: Head, matches: Callable[[bytes], bool]) -> None:
    given = head.all("authorization")
    scheme, _space, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not matches(token.strip().encode("latin-1", "replace")):
        hint = "Give the token as the API key; `workbench serve --token` prints it."
        raise DoorError(Fault(401, "authentication_error", "invalid_api_key", f"The token is missing or wrong. {hint}"))


def _check_route(head: Head) -> None:
    method = "GET" if head.route.startswith(MODEL_PREFIX) else METHODS.get(head.route)
    if head.route.startswith(CONSENT_PREFIX):
        method = "POST"
    if method is None:
        known = ", ".join(METHODS)
        raise DoorError(Fault(404, INVALID, "unknown_route", f"There is nothing at this path. There is: {known}."))
    if head.method != method:
        raise DoorError(Fault(405, INVALID, "method_not_allowed", f"Ask here with {method}."), allow=method)


def _check_body(head: Head) -> None:
    """Only as JSON: a form of a web page can send text/plain without asking first."""
    kinds = head.all("content-type")
    if len(kinds) != 1 or kinds[0].partition(";")[0].strip().lower() != "application/json":
        raise DoorError(Fault(415, INVALID, "unsupported_media_type", "Send the body as application/json."))
    if head.one("content-encoding").lower() not in ("", "identity"):
        raise DoorError(Fault(415, INVALID, "unsupported_encoding", "Send the body as it is, not packed."))
    lengths = head.all("content-length")
    if lengths and lengths[0].isdigit() and int(lengths[0]) > MOST_BODY_BYTES:
        raise DoorError(too_large())


def too_large() -> Fault:
    return Fault(413, INVALID, "body_too_large", f"A request may have {MOST_BODY_BYTES >> 20} MB.")


def lower(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Headers as they come from the wire."""
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
