"""What differs at a provider from the dialect that it speaks. Pure."""

from __future__ import annotations

from enum import StrEnum


class Quirk(StrEnum):
    """Names as they stand in a provider's row. All are of OpenAI's dialect."""

    MAX_COMPLETION_TOKENS = "max_completion_tokens"  # the name of the limit; the older one is refused
    NO_STREAM_OPTIONS = "no_stream_options"  # refused; usage comes anyway
    STORE_FALSE = "store_false"  # says that the answer is not to be kept
    DENY_COLLECTION = "deny_collection"  # passes on only to hosts that keep no prompts and train on none
    REQUIRE_PARAMETERS = "require_parameters"  # passes on only to hosts that know what is asked for
    MAX_PRICE = "max_price"  # passes on only to hosts that cost no more than was shown

    NO_SAMPLING_WITH_REASONING = "no_sampling_with_reasoning"  # models that think refuse temperature and its like
    NO_PENALTIES = "no_penalties"  # models that think refuse penalties and stop texts
    MORE_SAMPLING = "more_sampling"  # knows top_k, min_p and repetition_penalty
    RANDOM_SEED = "random_seed"  # the name of the seed

    REASONING_OBJECT = "reasoning_object"  # {"reasoning": {"effort"}}
    REASONING_ENABLED = "reasoning_enabled"  # {"reasoning": {"enabled"}} switches; efforts as usual
    THINKING_SWITCH = "thinking_switch"  # {"thinking": {"type"}} switches; efforts as usual
    EFFORT_DEFAULT = "effort_default"  # "default" switches on
    NO_THINKING_WITH_TOOLS = "no_thinking_with_tools"  # tools are refused where a model thinks
    THOUGHTS_WITH_CALLS = "thoughts_with_calls"  # wants the thoughts back that led to a call
    THOUGHT_SIGNATURES = (
        "thought_signatures"  # wants a signature with each call of the past, or the word that there is none
    )

    NO_SCHEMA = "no_schema"  # cannot be held to a JSON schema
    SHORT_CALL_IDS = "short_call_ids"  # exactly nine letters and digits
    TOOL_CHOICE_ANY = "tool_choice_any"  # "any" where others say "required"
