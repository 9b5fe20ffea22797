"""Where placeholders stand in a text: what the window marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbench.cloud.hiding.redaction import Redaction


def placeholder_spans(text: str, redactions: Iterable[Redaction]) -> list[tuple[int, int, Redaction]]:
    """``start``, ``end`` and the redaction of each placeholder in ``text``, in its order; only as written."""
    by_placeholder = {redaction.placeholder: redaction for redaction in redactions}
    found = re.finditer(r"\[[A-Z]+_[0-9]+\]", text)
    return [(match.start(), match.end(), by_placeholder[match[0]]) for match in found if match[0] in by_placeholder]
