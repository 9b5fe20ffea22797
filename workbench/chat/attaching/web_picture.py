"""A picture that an answer names, fetched because the person asked for it, and looked at in the confined child first."""

from __future__ import annotations

from urllib.parse import urlsplit

from workbench.cancel import CancelToken
from workbench.documents.extract.document import Limits
from workbench.documents.extract.extraction import extract_content
from workbench.documents.extract.media_types import PICTURES
from workbench.errors import DownloadError
from workbench.messages import Image
from workbench.web.public import Fetched, fetch


def web_picture(url: str, cancel: CancelToken) -> Image:
    """The picture at a public address. Raises `RefusedError`, `DownloadError`, `DocumentError`, `Cancelled`."""
    found = fetch(url, cancel, most_bytes=Limits().picture_bytes, accept=", ".join(PICTURES))
    return checked(found, cancel)


def checked(found: Fetched, cancel: CancelToken) -> Image:
    """What was fetched, if it is a picture by its own bytes, whatever its server says. Raises as `web_picture`."""
    host = urlsplit(found.url).hostname
    read = extract_content(found.content, f"the picture of {host}", cancel)
    if read.pixels is None:
        raise DownloadError(f"What {host} sent is no picture.", hint="Open it in the browser to see what it is.")
    return Image(read.media_type, found.content)
