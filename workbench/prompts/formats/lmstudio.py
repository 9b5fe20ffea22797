"""LM Studio's presets: JSON with a system prompt and how the model is asked. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from workbench.prompts.formats.exchanged import (
    Brought,
    Exported,
    Imported,
    Left,
    NotThisFormat,
    Outward,
    literal,
    lost_of,
    text_of,
    without_steps,
)
from workbench.prompts.names import slug
from workbench.prompts.prompt import FREE, Output, OutputKind, Preferences, Prompt

_SYSTEM: Final = "llm.prediction.systemPrompt"
_TEMPERATURE: Final = "llm.prediction.temperature"
_STRUCTURED: Final = "llm.prediction.structured"
KEPT: Final = "lmstudio"


def is_it(name: str, text: str) -> bool:
    return name.lower().endswith(".json") and (_SYSTEM in text or '"inference_params"' in text or '"operation"' in text)


def read(content: bytes, name: str) -> Imported:
    """Presets of this year's versions, and of those before 0.3. Raises `NotThisFormat`."""
    try:
        told = json.loads(text_of(content, name))
    except (ValueError, RecursionError) as error:
        raise NotThisFormat(f"{name} is not valid JSON: {error}.") from None
    if not isinstance(told, dict):
        raise NotThisFormat(f"{name} is no preset of LM Studio.")
    values = _old(told) if "inference_params" in told else _fields(told)
    title = str(told.get("name") or PurePosixPath(name).name.split(".")[0])
    system = values.pop(_SYSTEM, "")
    if not isinstance(system, str) or not system.strip():
        return Imported((), (Left(title, "it has no system prompt"),))
    temperature, structured = _plain(values.pop(_TEMPERATURE, None)), values.pop(_STRUCTURED, None)
    schema = structured.get("jsonSchema") if isinstance(structured, Mapping) else None
    prompt = Prompt(
        title,
        slug(title),
        system=literal(system),
        preferences=Preferences(temperature=float(temperature) if isinstance(temperature, int | float) else None),
        output=Output(OutputKind.SCHEMA, schema) if isinstance(schema, Mapping) and schema else FREE,
        extra={KEPT: values} if values else {},
    )
    left = (Left(title, f"{len(values)} other settings: kept for LM Studio, without meaning here"),) if values else ()
    return Imported((Brought(prompt),), left)


def write(prompts: Sequence[Prompt]) -> Exported:
    files: list[tuple[str, bytes]] = []
    lost: list[Left] = []
    for prompt in prompts:
        if prompt.steps:
            lost += without_steps(prompt)
            continue
        outward = Outward(lambda name: f"{{{{ {name} }}}}")
        told = outward.text(prompt.system or prompt.text)
        why = [*outward.lost]
        if prompt.system and prompt.text:
            why.append("its text: a preset has a system prompt only")
        elif prompt.text:
            why.append("its text becomes the system prompt")
        if prompt.variables:
            why.append("its variables are not filled in there")
        files.append((f"{prompt.name}.preset.json", _preset(prompt, told)))
        held = ("system", "temperature", "schema", *(() if set(prompt.extra) - {KEPT} else ("extra",)))
        lost += lost_of(prompt, held, why)
    return Exported(tuple(files), tuple(lost))


def _fields(told: Mapping[str, Any]) -> dict[str, Any]:
    operation = told.get("operation")
    fields = operation.get("fields") if isinstance(operation, Mapping) else None
    listed = fields if isinstance(fields, list) else []
    return {str(one["key"]): one.get("value") for one in listed if isinstance(one, Mapping) and "key" in one}


def _old(told: Mapping[str, Any]) -> dict[str, Any]:
    wanted = told["inference_params"]
    wanted = wanted if isinstance(wanted, Mapping) else {}
    return {_SYSTEM: wanted.get("pre_prompt", ""), _TEMPERATURE: wanted.get("temp", wanted.get("temperature"))}


def _plain(value: Any) -> Any:
    """Some values can be switched off: ``{"checked": true, "value": 1.1}``."""
    if isinstance(value, Mapping):
        return value.get("value") if value.get("checked") else None
    return value


def _preset(prompt: Prompt, system: str) -> bytes:
    fields: dict[str, Any] = {_SYSTEM: system}
    if prompt.preferences.temperature is not None:
        fields[_TEMPERATURE] = prompt.preferences.temperature
    if prompt.output.schema is not None:
        fields[_STRUCTURED] = {"type": "json", "jsonSchema": prompt.output.schema}
    kept = prompt.extra.get(KEPT)
    fields |= kept if isinstance(kept, Mapping) else {}
    told = {
        "identifier": f"@local:{prompt.name}",
        "name": prompt.title,
        "changed": False,
        "operation": {"fields": [{"key": key, "value": value} for key, value in fields.items()]},
        "load": {"fields": []},
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
