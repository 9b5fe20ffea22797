"""Who may say how long a request is: over the models of all providers."""

from __future__ import annotations

import pytest

from workbench.chat.escalating.counts import (
    FRAMES_OF_HARMONY,
    FRAMES_OF_RULE,
    CountedBy,
    Counter,
    Uncounted,
    counter_for,
    tokenizer_of,
)
from workbench.cloud.provider import CloudModel, Provider

OPEN = {
    "gpt-oss-120b": "gpt-oss",
    "qwen3-235b-a22b-2507": "qwen3-moe",
    "qwen3-next-80b-a3b": "qwen3-next",
    "qwen3.8-27b": "qwen3.5-dense",
    "gemma-4-31b": "gemma-4",
    "glm-4.5-air": "glm",
}
HARMONY = Counter(CountedBy.PUBLISHED, "gpt-oss", FRAMES_OF_HARMONY)
RULE = Counter(CountedBy.PUBLISHED, frames=FRAMES_OF_RULE)
UNPUBLISHED = Counter(CountedBy.ESTIMATE, why=Uncounted.UNPUBLISHED)
UNKNOWN = Counter(CountedBy.ESTIMATE, why=Uncounted.UNKNOWN)


def no_file(tokenizer: str) -> Counter:
    return Counter(CountedBy.ESTIMATE, tokenizer, why=Uncounted.NO_FILE)


def counter(
    provider: str, name: str, open_model: str = "", *, found: tuple[str, ...] = (), loaded: str = ""
) -> Counter:
    own = provider == "mine"
    asked = Provider(provider, provider, f"https://{provider}.example/v1", own=own)
    model = CloudModel(provider, name, family=OPEN.get(open_model, ""), open_model=open_model)
    return counter_for(asked, model, found, loaded)


@pytest.mark.parametrize(
    ("provider", "name", "open_model", "expected"),
    [
        ("groq", "openai/gpt-oss-120b", "gpt-oss-120b", HARMONY),
        ("openrouter", "openai/gpt-oss-120b", "gpt-oss-120b", HARMONY),
        ("together", "openai/gpt-oss-120b", "gpt-oss-120b", HARMONY),
        ("fireworks", "accounts/fireworks/models/gpt-oss-120b", "gpt-oss-120b", HARMONY),
        ("together", "Qwen/Qwen3-235B-A22B-Instruct-2507-tput", "qwen3-235b-a22b-2507", no_file("qwen3")),
        (
            "fireworks",
            "accounts/fireworks/models/qwen3-235b-a22b-instruct-2507",
            "qwen3-235b-a22b-2507",
            no_file("qwen3"),
        ),
        ("groq", "qwen/qwen3.8-27b", "qwen3.8-27b", no_file("qwen3.5")),
        ("openrouter", "google/gemma-4-31b-it", "gemma-4-31b", no_file("gemma-4")),
        ("openrouter", "z-ai/glm-4.5-air", "glm-4.5-air", no_file("glm-4.5-air")),
        ("openai", "gpt-5-mini", "", RULE),
        ("openai", "gpt-5", "", RULE),
        ("openai", "gpt-5.1-2025-11-13", "", RULE),
        ("openai", "gpt-4.1-nano", "", RULE),
        ("openai", "gpt-4o-2024-08-06", "", RULE),
        ("openai", "chatgpt-4o-latest", "", RULE),
        ("openai", "o3", "", RULE),
        ("openai", "o4-mini-2025-04-16", "", RULE),
        ("openai", "ft:gpt-4o-mini:acme::1", "", RULE),
        ("openrouter", "openai/gpt-5-mini", "", RULE),
        ("openai", "gpt-4-turbo", "", UNPUBLISHED),  # of an older vocabulary, which does not come along
        ("openai", "gpt-3.5-turbo", "", UNPUBLISHED),
        ("openai", "gpt-6.1-sol", "", UNPUBLISHED),
        ("openai", "o30", "", UNPUBLISHED),
        ("openrouter", "anthropic/claude-sonnet-5-5", "", UNPUBLISHED),
        ("openrouter", "somebody/gpt-4o", "", UNPUBLISHED),
        ("groq", "gpt-4o", "", UNPUBLISHED),
        ("anthropic", "claude-opus-5-5", "", UNPUBLISHED),
        ("gemini", "gemini-3.8-flash", "", UNPUBLISHED),
        ("mistral", "mistral-large-4", "", UNPUBLISHED),
        ("deepseek", "deepseek-v4-pro", "", UNPUBLISHED),
        ("xai", "grok-4.7", "", UNPUBLISHED),
        ("mine", "gpt-4o", "", UNKNOWN),
        ("mine", "openai/gpt-5", "", UNKNOWN),
        ("mine", "gpt-oss-120b", "gpt-oss-120b", HARMONY),
    ],
)
def test_with_nothing_here(provider: str, name: str, open_model: str, expected: Counter) -> None:
    assert counter(provider, name, open_model) == expected


@pytest.mark.parametrize(
    ("open_model", "found", "loaded", "by"),
    [
        ("gpt-oss-120b", ("gpt-oss",), "gpt-oss", CountedBy.LOADED),
        ("gpt-oss-120b", ("gpt-oss",), "qwen3", CountedBy.VOCABULARY),
        ("qwen3-235b-a22b-2507", ("qwen3", "gemma-4"), "", CountedBy.VOCABULARY),
        ("qwen3-next-80b-a3b", ("qwen3",), "", CountedBy.VOCABULARY),
        ("qwen3.8-27b", ("qwen3",), "qwen3", CountedBy.ESTIMATE),
        ("gemma-4-31b", (), "gemma-4", CountedBy.LOADED),
        ("glm-4.5-air", ("glm-4.7-flash",), "", CountedBy.ESTIMATE),
        ("glm-4.5-air", ("glm-4.5-air",), "", CountedBy.VOCABULARY),
    ],
)
def test_what_is_here_counts_for_its_kin_alone(
    open_model: str, found: tuple[str, ...], loaded: str, by: CountedBy
) -> None:
    assert counter("openrouter", "x", open_model, found=found, loaded=loaded).by is by


def test_a_frontier_model_is_counted_by_no_model_here() -> None:
    everything = ("gpt-oss", "qwen3", "gemma-4")
    assert counter("anthropic", "claude-opus-5-5", found=everything, loaded="gpt-oss") == UNPUBLISHED


def test_nothing_is_the_tokenizer_of_what_is_not_known() -> None:
    assert tokenizer_of("", "") == ""
    assert tokenizer_of("ernie-4.5", "ernie-4.5-21b") == "ernie-4.5-21b"
