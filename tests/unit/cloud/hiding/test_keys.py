"""Keys by the beginnings that their makers give them, alone and in Base64."""

from __future__ import annotations

import base64

import pytest

from workbench.cloud.hiding.key_beginnings import _PATTERNS, SHORTEST
from workbench.cloud.hiding.redacting import TextRedactor

HEX = "0123456789abcdef"
MIXED = "AbCdEfGh12345678"
KEYS = [
    f"sk-ant-api03-{MIXED}",
    f"sk_live_{MIXED}",
    f"rk_test_{MIXED}",
    f"ghp_{MIXED * 2}",
    f"glpat-{MIXED}abcd",
    "AKIAIOSFODNN7EXAMPLE",
    f"123456789:AA{MIXED * 2}",
    f"dapi{HEX * 2}",
    f"sk_{HEX * 3}",
    f"lsv2_pt_{HEX * 2}_{HEX}",
    f"rubygems_{HEX * 3}",
    f"sbp_{HEX * 2}01234567",
    "NRAK-ABCDEFGH12345678ABCDEFGH123",
    f"pul-{HEX * 2}01234567",
    f"dp.pt.{MIXED * 2}{MIXED}",
    f"pat{MIXED[:14]}.{HEX * 4}",
    f"ATATT3xFf{MIXED * 2}=12AB34CD",
    f"{MIXED[:14]}.atlasv1.{MIXED * 4}",
    f"sgp_{HEX * 3}",
    f"csk-{HEX * 3}",
    f"jina_{MIXED * 2}",
    "LTAIAbCdEfGh12345678",
    f"1//0g{MIXED * 3}",
    f"abc8Q~{MIXED * 2}A",
    f"doo_v1_{HEX * 4}",
    f"GR1348941{MIXED}abcd",
    f"glc_eyJvIjoiMTIz{MIXED * 2}==",
    f"rpa_{MIXED * 2}",
    f"fc-{HEX * 2}",
    f"xoxe.xoxp-1-{MIXED}",
    f"sb_secret_{MIXED}abcdef",
    f"lin_oauth_{HEX * 4}",
    f"sk.eyJ1IjoiYW5uYSIsImEi.{MIXED}",
    f"b3BlbnNzaC1rZXktdjE{MIXED}\n{MIXED * 3}",
]


@pytest.mark.parametrize("key", KEYS)
def test_is_hidden_alone_in_code_and_in_base64(key: str) -> None:
    redactor = TextRedactor()
    assert redactor.redact([f"use {key}"]).texts == ("use [KEY_1]",)
    assert redactor.redact([f'f("{key}")']).texts == ('f("[KEY_1]")',)
    encoded = base64.b64encode(f"x {key}".encode()).decode()
    assert encoded not in redactor.redact([f"data: {encoded}"]).texts[0]


def test_an_account_key_is_hidden_behind_its_name() -> None:
    key = "abCDefGH12345678" * 5 + "abCDef=="
    assert TextRedactor().redact([f"AccountKey={key};"]).texts == ("AccountKey=[KEY_1];",)


def test_a_private_key_in_base64() -> None:
    encoded = base64.b64encode(b"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n").decode()
    assert TextRedactor().redact([f"see {encoded} there"]).texts == ("see [KEY_1] there",)


@pytest.mark.parametrize(
    "text", ["sk-something-else-without-any", "a pattern, pat-a-cake", "Q~ is a sign", "dp.pt.x", "1//02"]
)
def test_words_are_left(text: str) -> None:
    assert TextRedactor().redact([text]).texts == (text,)


def test_each_has_its_sign() -> None:
    assert all(sign in pattern.pattern.replace("\\", "") for sign, _before, pattern in _PATTERNS if sign != "do")
    assert all(len(key) >= SHORTEST for key in KEYS)
