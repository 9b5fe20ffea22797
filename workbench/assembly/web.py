"""The web: who is asked, and how pages become text. Made when somebody needs it; reaches nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from workbench.assembly.foundation import Foundation
from workbench.secrets import SystemSecrets, home_id
from workbench.tools.web.service import WebSearch

if TYPE_CHECKING:
    from workbench.cancel import CancelToken
    from workbench.tools.web.pages import Readable
    from workbench.tools.web.source import WebTools


def build_web_search(base: Foundation, change: Callable[[str, Any], None]) -> WebSearch:
    """``change`` keeps another value of a setting."""
    return WebSearch(lambda: base.settings().tools, change, SystemSecrets(home_id()))


def build_web_tools(base: Foundation, searching: WebSearch) -> WebTools:
    from workbench.tools.web.pages import ACCEPT, MOST_BYTES
    from workbench.tools.web.source import WebTools
    from workbench.web.public import fetch

    return WebTools(searching, partial(fetch, most_bytes=MOST_BYTES, accept=ACCEPT), readable, base.clock.now)


def readable(content: bytes, name: str, cancel: CancelToken) -> Readable:
    """The text of a page, read in the confined child. Raises `DocumentError`, `Cancelled`."""
    from workbench.documents.extract.document import DocumentError
    from workbench.documents.extract.extraction import extract_content
    from workbench.tools.web.pages import Readable

    read = extract_content(content, name, cancel, article=True)
    if read.pixels is not None:
        raise DocumentError(f"“{name}” is a picture: it has no text.")
    return Readable(read.text, read.title, read.date, read.notes)
