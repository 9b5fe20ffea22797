"""The vocabulary of a model as a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.gguf_file import gguf, string_key, strings_key, tensor, text, u32_key
from workbench.errors import ModelError
from workbench.models.gguf.header import read_header
from workbench.models.gguf.vocabulary_file import write_vocabulary

WORDS = b"".join(text(word) for word in ("<unk>", "a", "b" * 300_000, "ä"))


def model(tmp_path: Path) -> Path:
    keys = [
        string_key("general.architecture", "gpt-oss"),
        string_key("general.name", "Some 120B"),
        u32_key("gpt-oss.block_count", 36),
        strings_key("tokenizer.ggml.tokens", 4, WORDS),
        string_key("tokenizer.ggml.pre", "gpt-4o"),
        string_key("tokenizer.chat_template", "{{ messages }}"),
        string_key("tokenizer.huggingface.json", "{}" * 1_000),
    ]
    file = tmp_path / "model.gguf"
    file.write_bytes(gguf(keys, [tensor("token_embd.weight", (64,), 0, 0)], bytes(256)))
    return file


def test_tokenizer_and_template_are_its_own_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "vocabulary.gguf"
    write_vocabulary(model(tmp_path), target)
    header = read_header(target)
    assert (header.architecture, header.name, header.block_count) == ("llama", "Some 120B", 1)
    assert (header.chat_template, header.vocabulary_size) == ("{{ messages }}", 4)
    assert header.metadata["tokenizer.ggml.pre"] == "gpt-4o"
    assert "tokenizer.huggingface.json" not in header.metadata
    assert "gpt-oss.block_count" not in header.metadata
    assert WORDS in target.read_bytes(), "byte by byte"


def test_a_model_without_a_vocabulary_has_none(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    keys = [string_key("general.architecture", "clip")]
    file.write_bytes(gguf(keys, [tensor("a", (64,), 0, 0)], bytes(256)))
    with pytest.raises(ModelError, match="has no vocabulary"):
        write_vocabulary(file, tmp_path / "target.gguf")


def test_a_file_that_ends_in_its_vocabulary_is_no_model(tmp_path: Path) -> None:
    file = model(tmp_path)
    file.write_bytes(file.read_bytes()[:1_000])
    with pytest.raises(ModelError):
        write_vocabulary(file, tmp_path / "target.gguf")
    assert not (tmp_path / "target.gguf").exists()
