"""What was shown, as one number: two requests have the same hash when they would do the same. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(request: Mapping[str, Any]) -> str:
    """The request's JSON with sorted keys, without spaces, in ASCII: whatever a model wrote has one form, lone surrogates
    too."""
    return json.dumps(request, sort_keys=True, separators=(",", ":"))


def hash_of(request: Mapping[str, Any]) -> str:
    """The sha256 of the canonical JSON, in hexadecimal digits."""
    return hashlib.sha256(canonical(request).encode("ascii")).hexdigest()
