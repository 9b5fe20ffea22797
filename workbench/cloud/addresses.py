"""Addresses of the person's own: what may be typed, and which provider it makes. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from workbench.cloud.provider import Provider, Retention
from workbench.engine.remote.address import Address, parse
from workbench.errors import RefusedError, UsageError

EXAMPLE: Final = "For example https://llm.example.org/v1, or http://127.0.0.1:8080/v1."
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
# Whose keys stand in the same keychain under names that begin so.
_TAKEN: Final = ("server", "web-search", "tools-")
# What people copy along with the address.
_PATHS: Final = re.compile(r"/+(chat/completions|completions|models|messages|responses)?/*$")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def own_provider(provider_id: str, base_url: str, listed: Provider | None) -> Provider:
    """The provider of an address that a person gave. ``listed``: the one of that name, whose protocol it speaks then; what
    that one says of what it keeps does not hold for another address.

    Raises `UsageError` for what is no name or address, `RefusedError` for plain http to anywhere but this machine.
    """
    address = checked_address(base_url)
    if listed is None:
        _check_name(provider_id)
        return Provider(provider_id, provider_id, address, own=True)
    if address == listed.base_url:
        return listed
    return replace(listed, base_url=address, retention=Retention(), own=True)


def checked_address(base_url: str) -> str:
    """As it is kept: without a slash at the end, its host in lower case, and without a port that goes without saying.

    Raises `UsageError` for what is no address, `RefusedError` for one that others could read along the way to.
    """
    text = base_url.strip()
    scheme, slashes, _rest = text.partition("://")
    if not slashes or scheme.lower() not in _DEFAULT_PORTS:
        raise UsageError("The address begins with https://.", hint=EXAMPLE)
    address = parse(text)  # which knows what no address is
    if address.scheme == "http" and not _here(address.host):
        raise RefusedError(
            f"http:// to {address.destination} would show everybody on the way what you write, and your key.",
            hint="Use https://; only this machine (127.0.0.1 or localhost) may be asked over http://.",
        )
    return _origin(address) + _PATHS.sub("", urlsplit(text).path)


def _origin(address: Address) -> str:
    usual = address.port == _DEFAULT_PORTS[address.scheme]
    return address.origin.removesuffix(f":{address.port}") if usual else address.origin


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_name(provider_id: str) -> None:
    if not _NAME.fullmatch(provider_id) or provider_id.startswith(_TAKEN):
        raise UsageError(
            f"{provider_id[:60]!r} is no name for an address.",
            hint="Small letters, digits, points, dashes: for example `mine`. `workbench cloud providers` lists the others.",
        )
