"""How passages stand in a tantivy index."""

from __future__ import annotations

from functools import cache
from typing import Any

import tantivy

from workbench.documents.retrieval.analysis import folded, spaced, words
from workbench.documents.retrieval.stemming import stemmer
from workbench.documents.storing.chunks import Searched


@cache
def schema() -> Any:
    """``plain``: all words in order; ``stems``: the same without their endings; ``heads``: stems of headings, titles and
    names; ``joined``: identifiers whole."""
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("chunk", indexed=True, fast=True)
    made.add_unsigned_field("content", indexed=True, fast=True)
    made.add_text_field("language", tokenizer_name="raw", index_option="basic")
    made.add_text_field("plain", tokenizer_name="whitespace", index_option="position")
    for name in ("stems", "heads", "joined"):
        made.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return made.build()


def document(one: Searched) -> Any:
    """A passage, as tantivy is given it."""
    body = words(f"{one.headings}\n{one.context}\n{one.text}", stemmer)
    heads = words("\n".join((one.headings, one.title, *one.names)), lambda _language: stemmer(body.language))
    made = tantivy.Document()
    made.add_unsigned("chunk", one.chunk_id)
    made.add_unsigned("content", one.content_id)
    made.add_text("language", body.language)
    made.add_text("plain", spaced(body.plain))
    made.add_text("stems", spaced(map(folded, body.stems)))
    made.add_text("heads", spaced(map(folded, heads.stems)))
    made.add_text("joined", spaced([*body.joined, *heads.joined]))
    return made
