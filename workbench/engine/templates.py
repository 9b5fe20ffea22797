"""Chat templates for families whose files are often published without one.

Without a template the engine writes ChatML. To a model whose vocabulary lacks ChatML's markers they are noise: it
answers badly and never ends its turn. Written from the families' published prompt formats, as Jinja.
"""

from __future__ import annotations

# Gemma has no system role: its instructions stand at the head of the first turn of the user. The engine adds <bos>.
_GEMMA = """\
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
"""

_BY_ARCHITECTURE = {"gemma": _GEMMA, "gemma2": _GEMMA, "gemma3": _GEMMA}


def missing_template(architecture: str) -> str | None:
    """The template for a model of this family whose file has none; None: the engine's default will do."""
    return _BY_ARCHITECTURE.get(architecture)
