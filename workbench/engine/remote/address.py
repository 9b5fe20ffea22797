"""The address of another machine's server: what may be typed, and which addresses plain http may go to. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from workbench.errors import RefusedError, UsageError

# What no router of the internet carries. Carrier-grade NAT (100.64.0.0/10) is missing: it is shared with strangers.
PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip
# What people copy along with the address.
_API_PATHS = re.compile(r"(/v1)?(/chat/completions|/completions|/models)?/?$")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?")
_HOME_NAMES = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localhost")
_DEFAULT_PORTS = {"http": 80, "https": 443}
EXAMPLE = "For example http://192.168.1.20:8080 or https://studio.example.org."


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` in lower case, an IPv6 address without brackets; ``path`` stands before ``/v1`` and is mostly empty."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def destination(self) -> str:
        """Host and port, as a person is told them."""
        return f"{self._bracketed}:{self.port}"

    @property
    def origin(self) -> str:
        """What a key is bound to."""
        return f"{self.scheme}://{self.destination}"

    @property
    def base_url(self) -> str:
        return f"{self.origin}{self.path}"

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def parse(text: str) -> Address:
    """What a person typed. Without a scheme it is http for what can only be near, else https.

    Raises `UsageError` for what is no address, `RefusedError` for plain http to a public one.
    """
    text = text.strip()
    if not text or any(character.isspace() or not character.isprintable() for character in text):
        raise UsageError("That is no address of a server.", hint=EXAMPLE)
    scheme, slashes, _rest = text.partition("://")
    parts = _split(text if slashes else f"//{text}")
    if slashes and scheme.lower() not in _DEFAULT_PORTS:
        raise UsageError(f"{scheme}:// is no address of a server.", hint=EXAMPLE)
    host = _host(parts)
    if parts.username is not None or parts.query or parts.fragment:
        raise UsageError("An address has no name, key or question mark in it.", hint="Give the key apart from it.")
    scheme = scheme.lower() if slashes else ("http" if is_near(host) else "https")
    address = Address(scheme, host, _port(parts) or _DEFAULT_PORTS[scheme], _API_PATHS.sub("", parts.path))
    if scheme == "http" and _literal(host) is not None and not is_private(host):
        raise public_http(address)
    return address


def is_private(ip: str) -> bool:
    """Whether ``ip`` is this machine or on its own network. False for what is no IP address."""
    literal = _literal(ip)
    if literal is None:
        return False
    mapped = literal.ipv4_mapped if isinstance(literal, ipaddress.IPv6Address) else None
    return any((mapped or literal) in network for network in PRIVATE)


def is_near(host: str) -> bool:
    """Whether such a name or address is one of a home's network."""
    if _literal(host) is not None:
        return is_private(host)
    return "." not in host or host.endswith(_HOME_NAMES)


def public_http(address: Address) -> RefusedError:
    return RefusedError(
        f"{address.destination} is on the internet, and http:// would show everybody on the way what you write.",
        hint="Nothing was sent. Use https://, or an address of your own network.",
    )


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as error:
        raise UsageError("That is no address of a server.", hint=EXAMPLE) from error


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if ":" not in host:
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = ""
        if not _HOST.fullmatch(host):
            raise UsageError("The address has no name of a machine.", hint=EXAMPLE)
    elif _literal(host) is None or "%" in host:
        raise UsageError("That is no IPv6 address.", hint="For example http://[fd00::20]:8080.")
    return host


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise UsageError("The port must be a number from 1 to 65535.", hint=EXAMPLE)
    return port


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
