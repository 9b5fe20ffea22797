"""Where a key may go: https, or this machine; and only to its provider's own origin. Pure."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from workbench.cloud.provider import Provider
from workbench.errors import RefusedError


def is_this_machine(host: str) -> bool:
    """``host``: without brackets and port."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_place(provider: Provider, url: str) -> None:
    """Raises `RefusedError` where ``url`` is not of ``provider``, or could be read by others on the way."""
    there, own = _parts(provider, url), _parts(provider, provider.base_url)
    if (there.scheme, there.netloc.lower()) != (own.scheme, own.netloc.lower()):
        raise RefusedError(
            f"This was made for another address of {provider.name} than it has now.",
            hint="Nothing was sent. Look at the request again and send it anew.",
        )
    if there.scheme != "https" and not (there.scheme == "http" and is_this_machine(there.hostname or "")):
        raise RefusedError(
            f"{provider.name} is asked over https only.",
            hint="Nothing was sent. Only this machine may be asked over http.",
        )


def _parts(provider: Provider, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or not url.isascii() or any(sign <= " " or sign == "\\" for sign in url):
        raise RefusedError(
            f"The address of {provider.name} is none.", hint="Nothing was sent. Correct it in the settings."
        )
    return parts
