"""Pages of PDFs as pictures, drawn by a confined child that lives for one page. The pool's children draw faster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.documents.extract.answer import Box
from workbench.documents.extract.pool import ExtractionPool


def page_image(path: Path, page: int, width: int, cancel: CancelToken) -> bytes:
    """The page, from 1, as PNG of this width in pixels. Raises `DocumentError`, `Cancelled`."""
    with _pool() as pool:
        return pool.page_image(path, page, width, cancel)


def page_boxes(path: Path, page: int, passage: str, cancel: CancelToken) -> tuple[Box, ...]:
    """Where the passage stands on the page, as `ExtractionPool.page_boxes`."""
    with _pool() as pool:
        return pool.page_boxes(path, page, passage, cancel)


@contextmanager
def _pool() -> Iterator[ExtractionPool]:
    pool = ExtractionPool(1)
    try:
        yield pool
    finally:
        pool.close()
