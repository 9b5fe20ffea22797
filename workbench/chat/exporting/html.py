"""A chat as one HTML file that any browser shows: no script, nothing fetched. Pure.

All text of others goes through `workbench.markup`, as in the window; the page's policy closes what is left.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

from workbench import markup
from workbench.chat.exporting.markdown import (
    attachment_words,
    given_to,
    one_line,
    prompt_words,
    reasoning_words,
    source_words,
    speaker,
    when,
)
from workbench.chat.exporting.values import KeptChat, KeptMessage, branch_of
from workbench.messages import (
    Attachment,
    Message,
    Part,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    Unparsed,
    UsedPrompt,
)

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
main { overflow-wrap: anywhere; }
header p, .who, .file, summary { color: GrayText; font-size: .875rem; }
article { margin: 1.5rem 0; }
.user .what { background: color-mix(in srgb, CanvasText 8%, Canvas); border-radius: .75rem; padding: .25rem 1rem; }
pre { overflow-x: auto; padding: .75rem; border-radius: .5rem; }
pre { border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); padding: .25rem .5rem; }
""".strip()
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"


def chat_html(chat: KeptChat) -> str:
    """The branch in view as a whole document, in UTF-8."""
    branch = branch_of(chat)
    others = len(chat.messages) - len(branch)
    told = f"{when(chat.created_at)} · {len(branch)} messages" + (f" · {others} on other branches" if others else "")
    title = escape(one_line(chat.title))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="und">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            f'<header><h1 dir="auto">{title}</h1><p>{escape(told)}</p></header>',
            "<main>",
            *(_message(message) for message in branch),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _message(message: KeptMessage) -> str:
    is_question = message.message.role is Role.USER
    parts = "\n".join(_part(part, typed=is_question) for part in message.message.parts)
    parts += _sources(message.message)
    return (
        f'<article class="{message.message.role.value}"><p class="who">{escape(speaker(message))}</p>\n'
        f'<div class="what" dir="auto">{parts}</div></article>'
    )


def _part(part: Part, *, typed: bool) -> str:
    """``typed``: what a person wrote is shown as it was written, as the window does."""
    match part:
        case Text():
            return markup.text_html(part.text) if typed else _markdown(part.text)
        case Reasoning():
            return _folded(reasoning_words(part), _markdown(part.text))
        case ToolCall():
            return _folded(f"Called {one_line(part.name)}", markup.text_html(part.arguments))
        case ToolResult():
            return _folded(f"Result of {one_line(part.name)}", markup.text_html(part.text))
        case Unparsed():
            return _folded("Text that breaks the model's own format", markup.text_html(part.text))
        case Attachment():
            return f'<p class="file">Attached: {escape(attachment_words(part))}</p>'
        case UsedPrompt():
            return f'<p class="file">Prompt: {escape(prompt_words(part))}</p>'
        case _:
            return ""


def _sources(message: Message) -> str:
    lines = [
        f"<li>{escape(source_words(passage).encode('utf-8', 'replace').decode())}</li>" for passage in given_to(message)
    ]
    note = f'<p class="file">{escape(message.sources.note)}</p>' if message.sources.note else ""
    return f'\n<ul class="file">{"".join(lines)}</ul>{note}' if lines else note


def _folded(summary: str, inside: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def _markdown(text: str) -> str:
    return "\n".join(markup.to_html(block) for block in markup.blocks(text))
