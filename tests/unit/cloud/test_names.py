"""Names of providers and models, by the ids that stand in a chat."""

from __future__ import annotations

import pytest

from workbench.chat.asking.elsewhere import author_words, elsewhere_words
from workbench.cloud.listing.names import model_called, provider_called
from workbench.cloud.listing.rows import listed_providers


@pytest.mark.parametrize(
    ("full_name", "name"),
    [
        ("groq/openai/gpt-oss-120b", "gpt-oss 120B"),
        ("mine/gpt-oss-120b", "gpt-oss 120B"),  # the weights are known, whoever hosts them
        ("mine/some/folder/new-one", "new-one"),
        ("mine/ends-with/", "mine/ends-with/"),
        ("alone", "alone"),
        ("", ""),
        ("mine/two\nlines", "two lines"),
    ],
)
def test_what_a_model_is_called(full_name: str, name: str) -> None:
    assert model_called(full_name) == name


def test_every_listed_provider_has_its_name_and_another_is_its_own() -> None:
    assert {one.id: provider_called(one.id) for one in listed_providers()} == {
        one.id: one.name for one in listed_providers()
    }
    assert provider_called("mine") == "mine"
    assert len(provider_called("x" * 10_000)) < 200


def test_who_answered_in_words() -> None:
    assert elsewhere_words("cloud:groq") == "in the cloud, by Groq"
    assert elsewhere_words("handoff:ChatGPT") == "pasted from a chat page"
    assert elsewhere_words("engine") == ""
    assert author_words("cloud:groq", "groq/openai/gpt-oss-120b") == "gpt-oss 120B"
    assert author_words("engine", "models/file.gguf") == "models/file.gguf", "a name of this machine is not taken apart"
