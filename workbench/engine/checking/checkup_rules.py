"""What the check-up asks a model, and what its answers mean. Pure: bodies out, judgements in.

Nothing here measures how clever a model is: a small one may answer wrongly and still be in order. What is looked for is a
file, a template or an engine that do not go together: rivals show such models as fine, and their answers never end, carry
markers, or lose their tool calls.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from workbench.engine.checking.checkup import CheckStep, Verdict
from workbench.errors import WorkbenchError
from workbench.models.sizing.estimate import Range

SYSTEM_WORD, USER_WORD = "Workbench-system-word", "Workbench-user-word"
ANSWER_TOKENS = 1024  # a model that reasons needs most of them before its first word
SPEED_TOKENS = 96
SPEED_PROMPT = (
    "Count upwards from one in words, separated by commas, and do not stop. " + "The sea is wide and blue. " * 48
)

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city now.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "The city's name"}},
            "required": ["city"],
        },
    },
}
TIMETABLE = {
    "type": "function",
    "function": {
        "name": "get_departures",
        "description": "The next departures from a station.",
        "parameters": {
            "type": "object",
            "properties": {"station": {"type": "string", "description": "The station's name"}},
            "required": ["station"],
        },
    },
}
WEATHER_RESULT = '{"temperature_celsius": 17, "sky": "rain"}'

# Markers of templates that never belong in an answer (the families' published prompt formats).
_MARKERS = re.compile(
    r"<\|(?:im_start|im_end|start|end|message|channel|return|call|eot_id|end_of_text|endoftext|turn|tool_response)\|?>"
    r"|<(?:start_of_turn|end_of_turn|turn\||eos|bos)>|</s>|\[/?INST\]"
)
_THOUGHTS = re.compile(r"</?think>|<\|channel\|>\s*analysis|<\|?channel>\s*thought", re.IGNORECASE)
_TOOL_TEXT = re.compile(r"</?tool_call>|<function=|<\|tool_call|to=functions\.|\"name\"\s*:\s*\"get_weather\"")


def plain_question() -> dict[str, Any]:
    return {
        "messages": [_user("What is the capital of France? Answer in one short sentence.")],
        **_limits(ANSWER_TOKENS),
    }


def template_question() -> dict[str, Any]:
    return {"messages": [{"role": "system", "content": SYSTEM_WORD}, _user(USER_WORD)]}


def tool_question() -> dict[str, Any]:
    messages = [_user("What is the weather in Paris right now? Use the tool get_weather.")]
    return {"messages": messages, "tools": [WEATHER], **_limits(ANSWER_TOKENS)}


def unasked_question() -> dict[str, Any]:
    """One of two tools would help, and nobody says so."""
    return _with_two_tools("I am leaving for Oslo now. Do I need an umbrella there?")


def needless_question() -> dict[str, Any]:
    """None of the tools helps."""
    return _with_two_tools("Translate 'good morning' into Spanish.")


def _with_two_tools(text: str) -> dict[str, Any]:
    return {
        "messages": [_user(text)],
        "tools": [TIMETABLE, WEATHER],
        "tool_choice": "auto",
        **_limits(ANSWER_TOKENS),
    }


def speed_question() -> dict[str, Any]:
    return {"messages": [_user(SPEED_PROMPT)], **_limits(SPEED_TOKENS), "cache_prompt": False}


def tool_return(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The question that follows a tool call: the call, and what the tool said."""
    message = _message(answer)
    call = message["tool_calls"][0]
    said: dict[str, Any] = {"role": "assistant", "content": "", "tool_calls": [call]}
    if thoughts := message.get("reasoning_content"):  # a chain of tool calls keeps them (facts of the harmony format)
        said["reasoning_content"] = thoughts
    result = {"role": "tool", "tool_call_id": call.get("id", ""), "name": "get_weather", "content": WEATHER_RESULT}
    question = tool_question()
    return {**question, "messages": [*question["messages"], said, result]}


def _user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def _limits(tokens: int) -> dict[str, Any]:
    return {"max_tokens": tokens, "temperature": 0.0, "seed": 1}


# Judgements -----------------------------------------------------------------------------------------------------------


def failed(name: str, error: WorkbenchError) -> CheckStep:
    """A step that the engine itself refused."""
    return CheckStep(name, TITLES[name], Verdict.PROBLEM, f"{error.message} {error.hint}".strip())


def skipped(name: str, why: str) -> CheckStep:
    return CheckStep(name, TITLES[name], Verdict.SKIPPED, why)


def judge_load(seconds: float, context_tokens: int, notice: str = "") -> CheckStep:
    """``notice``: why another engine than the best one loaded it."""
    told = f"Loaded in {seconds:.1f} s, with {context_tokens:,} tokens of context."
    return _step("load", Verdict.WARNING if notice else Verdict.OK, f"{told} {notice}".strip())


def judge_template(prompt: str, note: str) -> CheckStep:
    """``prompt``: what `template_question` rendered to; ``note``: how the template differs from the publisher's."""
    if USER_WORD not in prompt:
        return _step("template", Verdict.PROBLEM, "The chat template leaves out what the person writes.")
    if SYSTEM_WORD not in prompt:
        return _step("template", Verdict.WARNING, "The chat template leaves out the system instructions.")
    if note:
        return _step("template", Verdict.WARNING, note)
    return _step("template", Verdict.OK, "The chat template shows the model its instructions and the question.")


def judge_answer(answer: Mapping[str, Any]) -> CheckStep:
    text = text_of(answer)
    if not text.strip():
        thought = bool(_message(answer).get("reasoning_content"))
        why = f"It thought for {ANSWER_TOKENS:,} tokens and said nothing." if thought else "The answer is empty."
        return _step("answer", Verdict.WARNING if thought else Verdict.PROBLEM, why)
    return _step("answer", Verdict.OK, f"It answered: “{_short(text)}”")


def judge_stop(answer: Mapping[str, Any]) -> CheckStep:
    text = text_of(answer)
    if found := _MARKERS.search(text):
        return _step("stop", Verdict.PROBLEM, f"The answer carries the marker {found[0]}: its stop tokens are wrong.")
    if _finish(answer) == "length":
        return _step(
            "stop",
            Verdict.WARNING,
            f"A one-sentence answer had not ended after {ANSWER_TOKENS:,} tokens. Stop ends it.",
        )
    return _step("stop", Verdict.OK, "The answer ended by itself, without markers in its text.")


def judge_reasoning(answer: Mapping[str, Any], *, reasons: bool | None) -> CheckStep:
    """``reasons``: whether the catalog says that this model can think first; None: unknown."""
    if _THOUGHTS.search(text_of(answer)):
        return _step("reasoning", Verdict.PROBLEM, "Its thoughts stand in the answer instead of apart from it.")
    if thoughts := str(_message(answer).get("reasoning_content") or ""):
        return _step(
            "reasoning", Verdict.OK, f"Thoughts are kept apart from the answer ({len(thoughts):,} characters)."
        )
    if reasons:
        return _step("reasoning", Verdict.OK, "It can think first, and did not for this question.")
    return skipped("reasoning", "It answers without thinking first.")


def judge_tool_call(answer: Mapping[str, Any]) -> CheckStep | None:
    """None: a proper call, so that the round trip can go on."""
    calls = _message(answer).get("tool_calls") or []
    if not calls:
        if _TOOL_TEXT.search(text_of(answer)):
            return _step("tools", Verdict.PROBLEM, "It wrote a tool call as text: template and engine do not match.")
        return _step("tools", Verdict.WARNING, "Asked to use a tool, it answered without it.")
    function = calls[0].get("function") or {}
    arguments = _arguments(function.get("arguments"))
    if function.get("name") != "get_weather" or arguments is None:
        return _step("tools", Verdict.PROBLEM, f"Its tool call cannot be read: {_short(json.dumps(function))}")
    if not isinstance(arguments.get("city"), str):
        return _step("tools", Verdict.WARNING, f"It called the tool without the city: {_short(json.dumps(arguments))}")
    return None


def judge_tool_answer(answer: Mapping[str, Any]) -> CheckStep:
    """What it made of the tool's result."""
    text = text_of(answer)
    if "17" in text or "seventeen" in text.lower():
        return _step("tools", Verdict.OK, "It called a tool and used what the tool said.")
    if text.strip() or _message(answer).get("tool_calls"):
        return _step("tools", Verdict.WARNING, "It called a tool, but its answer does not use what the tool said.")
    return _step("tools", Verdict.PROBLEM, "After the tool's result it said nothing.")


def judge_unasked(answer: Mapping[str, Any]) -> CheckStep | None:
    """None: it called the right tool by itself."""
    calls = _message(answer).get("tool_calls") or []
    if not calls:
        return _step("choosing", Verdict.WARNING, "It called no tool by itself where one was needed.")
    function = calls[0].get("function") or {}
    arguments = _arguments(function.get("arguments")) or {}
    if function.get("name") != "get_weather" or "oslo" not in str(arguments.get("city")).lower():
        return _step("choosing", Verdict.WARNING, f"Of two tools it called: {_short(json.dumps(function))}")
    return None


def judge_needless(answer: Mapping[str, Any]) -> CheckStep:
    if _message(answer).get("tool_calls"):
        return _step("choosing", Verdict.WARNING, "It called a tool where none was needed.")
    return _step("choosing", Verdict.OK, "It called the right one of two tools by itself, and none where none helped.")


def judge_speed(measured: float | None, predicted: Range | None) -> CheckStep:
    """Tokens a second of generation, against the prediction."""
    if measured is None:
        return skipped("speed", "The engine told no speed.")
    words = f"{measured:.1f} tokens a second"
    if predicted is None:
        return _step("speed", Verdict.OK, f"{words}.")
    told = f"{words}; {predicted.low:.0f} to {predicted.high:.0f} were predicted."
    if measured < predicted.low:
        return _step("speed", Verdict.WARNING, f"{told} Another program may be using the processor or the memory.")
    return _step("speed", Verdict.OK, told)


def speeds(answer: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Prompt and generation, in tokens a second, as the engine measured them."""
    timings = answer.get("timings") or {}
    return _positive(timings.get("prompt_per_second")), _positive(timings.get("predicted_per_second"))


def takes_tools(prompt: str) -> bool:
    """Whether the template showed the model the tool that `tool_question` offers."""
    return "get_weather" in prompt.replace(tool_question()["messages"][0]["content"], "")


def text_of(answer: Mapping[str, Any]) -> str:
    return str(_message(answer).get("content") or "")


TITLES: Mapping[str, str] = {
    "load": "Loads",
    "template": "Chat template",
    "answer": "Answers",
    "stop": "Ends its answer",
    "reasoning": "Thoughts kept apart",
    "tools": "Calls a tool",
    "choosing": "Chooses its tools",
    "speed": "Speed",
}


def _step(name: str, verdict: Verdict, detail: str) -> CheckStep:
    return CheckStep(name, TITLES[name], verdict, detail)


def _choice(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = answer.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    return first if isinstance(first, dict) else {}


def _message(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    message = _choice(answer).get("message")
    return message if isinstance(message, dict) else {}


def _finish(answer: Mapping[str, Any]) -> str:
    return str(_choice(answer).get("finish_reason") or "")


def _arguments(raw: Any) -> dict[str, Any] | None:
    try:
        found = json.loads(raw) if isinstance(raw, str) else raw
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _positive(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None


def _short(text: str, most: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
