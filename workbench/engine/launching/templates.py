"""Chat templates for model files that carry none.

Without a template the engine writes ChatML. To a model that was not taught ChatML its markers are noise: it repeats
itself and never ends its turn. Written as Jinja, from the families' published prompt formats. See
docs/decisions/0012-models-without-a-template.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.models.gguf.header import Header


@dataclass(frozen=True, slots=True)
class Template:
    """``stops``: texts that end an answer, where the model has no token for it."""

    text: str
    stops: tuple[str, ...] = ()


# Gemma has no system role: its instructions stand at the head of the first turn of the user. Of a leading <bos> the
# engine takes care.
_GEMMA = Template("""\
{%- set first = messages[0] if messages else none -%}
{%- set system = first['content'] | trim if first and first['role'] == 'system' else '' -%}
{%- set turns = messages[1:] if first and first['role'] == 'system' else messages -%}
{{- bos_token -}}
{%- for message in turns -%}
    {{- '<start_of_turn>' + ('model' if message['role'] == 'assistant' else 'user') + '\\n' -}}
    {{- system + '\\n\\n' if loop.first and system else '' -}}
    {{- message['content'] | trim + '<end_of_turn>\\n' -}}
{%- endfor -%}
{%- if system and not turns -%}
    {{- '<start_of_turn>user\\n' + system + '<end_of_turn>\\n' -}}
{%- endif -%}
{%- if add_generation_prompt -%}
    {{- '<start_of_turn>model\\n' -}}
{%- endif -%}
""")

# A base model only goes on with a text, so a chat is shown to it as one.
_PLAIN = Template(
    """\
{%- for message in messages -%}
    {%- if message['role'] == 'system' -%}
        {{- message['content'] | trim + '\\n\\n' -}}
    {%- elif message['role'] == 'user' -%}
        {{- 'Question: ' + message['content'] | trim + '\\n' -}}
    {%- else -%}
        {{- 'Answer: ' + message['content'] | trim + '\\n' -}}
    {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- 'Answer:' -}}
{%- endif -%}
""",
    stops=("\nQuestion:",),
)

_TAUGHT_TO_CHAT = re.compile(r"(?i)(?:^|[^a-z])(?:it|instruct|chat|assistant)(?:[^a-z]|$)")


def substitute(header: Header) -> Template | None:
    """The template for a file without one; None: its own, or the engine's default for a chat model we do not know."""
    if header.chat_template:
        return None
    names = f"{header.name} {header.metadata.get('general.finetune', '')}"
    if not _TAUGHT_TO_CHAT.search(names):
        return _PLAIN
    return _GEMMA if header.architecture in ("gemma", "gemma2", "gemma3") else None
