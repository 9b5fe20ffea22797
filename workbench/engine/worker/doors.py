"""Who may ask: the rules that every request passes before anything is done. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.engine.worker.faults import BadRequest, Fault, Forbidden, Unauthorized

OPEN = "/health"


class UnsupportedContent(BadRequest):
    status = 415


@dataclass(frozen=True, slots=True)
class Doors:
    """``key`` and ``host`` are empty over a Unix socket: whoever can open the file is the person."""

    key: str = ""
    host: str = ""

    def refusal(self, method: str, path: str, headers: Mapping[str, str]) -> Fault | None:
        """None for a request that may pass. ``headers``: with names in small letters."""
        if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
            return Forbidden("Pages of the web are not answered.")
        if self.host and headers.get("host") != self.host:
            return Forbidden("This host is not served.")
        if path != OPEN and self.key and not self._knows_key(headers.get("authorization", "")):
            return Unauthorized("Invalid API Key")
        if method == "POST" and not _is_json(headers.get("content-type", "")):
            return UnsupportedContent("The content must be application/json.")
        return None

    def _knows_key(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self.key.encode())
        return scheme.lower() == "bearer" and same


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"
