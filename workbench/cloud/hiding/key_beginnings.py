"""What makers write at the beginning of their keys, and what follows at least.

Each is sought only in texts that have its beginning in a long word, which is asked in microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

SHORTEST: Final = 15
"""Characters of a key: none of the patterns here is shorter, and none has blanks before so many."""
_BEGINNINGS: Final = (  # what every such key has, and its pattern
    ("sk-", r"sk-(?:ant-|proj-|or-|svcacct-|admin-)?[\w-]{16,}+"),  # OpenAI, Anthropic, OpenRouter, DeepSeek
    ("k_live_", r"[spr]k_live_\w{16,}+"),  # Stripe
    ("k_test_", r"[spr]k_test_\w{16,}+"),
    ("whsec_", r"whsec_[\w+/=]{20,}+"),
    ("gh", r"gh[pousr]_[A-Za-z0-9]{30,}+"),  # GitHub
    ("github_pat_", r"github_pat_\w{22,}+"),
    ("gl", r"gl(?:pat|dt|rt|ptt|cbt)-[\w-]{18,}+"),  # GitLab
    ("hf_", r"hf_[A-Za-z0-9]{30,}+"),  # Hugging Face
    ("gsk_", r"gsk_[A-Za-z0-9]{30,}+"),  # Groq
    ("xai-", r"xai-[A-Za-z0-9]{30,}+"),  # xAI
    ("pplx-", r"pplx-[A-Za-z0-9]{30,}+"),
    ("fw_", r"fw_[A-Za-z0-9]{20,}+"),  # Fireworks
    ("tgp_v1_", r"tgp_v1_[\w-]{20,}+"),  # Together
    ("nvapi-", r"nvapi-[\w-]{30,}+"),
    ("r8_", r"r8_[A-Za-z0-9]{30,}+"),  # Replicate
    ("AKIA", r"AKIA[A-Z2-7]{16}"),  # AWS
    ("ASIA", r"ASIA[A-Z2-7]{16}"),
    ("ABIA", r"ABIA[A-Z2-7]{16}"),
    ("ACCA", r"ACCA[A-Z2-7]{16}"),
    ("AIza", r"AIza[\w-]{30,}+"),  # Google
    ("ya29.", r"ya29\.[\w-]{20,}+"),
    ("GOCSPX-", r"GOCSPX-[\w-]{20,}+"),
    ("xox", r"xox[abeoprs]-[\w-]{10,}+"),  # Slack
    ("xapp-", r"xapp-\d-[\w-]{10,}+"),
    ("npm_", r"npm_[A-Za-z0-9]{30,}+"),
    ("pypi-", r"pypi-[\w-]{40,}+"),
    ("dop_v1_", r"dop_v1_[a-f0-9]{40,}+"),  # DigitalOcean
    ("SG.", r"SG\.[\w-]{16,}\.[\w-]{16,}+"),  # SendGrid
    ("key-", r"key-[a-f0-9]{32}"),  # Mailgun
    ("shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),  # Shopify
    ("sq0", r"sq0(?:atp|csp)-[\w-]{20,}+"),  # Square
    ("EAA", r"EAA[A-Za-z0-9]{60,}+"),  # Facebook
    ("lin_api_", r"lin_api_\w{30,}+"),
    ("ntn_", r"ntn_\w{30,}+"),  # Notion
    ("secret_", r"secret_[A-Za-z0-9]{40,}+"),
    ("dckr_pat_", r"dckr_pat_[\w-]{20,}+"),
    ("glsa_", r"glsa_\w{30,}+"),  # Grafana
    ("hvs.", r"hvs\.[\w-]{20,}+"),  # Vault
    ("PMAK-", r"PMAK-[\w-]{30,}+"),
    ("AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}+"),
    ("LTAI", r"LTAI[A-Za-z0-9]{12,20}"),  # Alibaba
    ("ABSK", r"ABSK[A-Za-z0-9+/]{40,}+=*"),  # Bedrock
    ("dapi", r"dapi[a-f0-9]{32}"),  # Databricks
    ("lsv2_", r"lsv2_(?:pt|sk)_\w{32,}+"),  # LangSmith
    ("rubygems_", r"rubygems_[a-f0-9]{48}"),
    ("sbp_", r"sbp_[a-f0-9]{40}"),  # Supabase
    ("sb_secret_", r"sb_secret_[\w-]{20,}+"),
    ("NRAK-", r"NRAK-[A-Z0-9]{20,}+"),  # New Relic
    ("pul-", r"pul-[a-f0-9]{40}"),  # Pulumi
    ("dp.", r"dp\.(?:pt|st|ct|sa)\.[\w.-]{30,}+"),  # Doppler
    ("pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),  # Airtable
    ("ATATT3", r"ATATT3[\w=-]{30,}+"),  # Atlassian
    ("sgp_", r"sgp_\w{40,}+"),  # Sourcegraph
    ("csk-", r"csk-[a-z0-9]{40,}+"),  # Cerebras
    ("jina_", r"jina_[A-Za-z0-9]{30,}+"),
    ("rpa_", r"rpa_[A-Za-z0-9]{30,}+"),  # RunPod
    ("fc-", r"fc-[a-f0-9]{32}"),  # Firecrawl
    ("sk_", r"sk_[a-f0-9]{48}"),  # ElevenLabs
    ("do", r"do[or]_v1_[a-f0-9]{40,}+"),  # DigitalOcean
    ("GR1348941", r"GR1348941[\w-]{20,}+"),  # GitLab
    ("glc_", r"glc_[A-Za-z0-9+/]{30,}+=*"),  # Grafana
    ("EZ", r"EZ[AT]K[A-Za-z0-9]{54}"),  # EasyPost
    ("lin_oauth_", r"lin_oauth_\w{30,}+"),
    ("1//0", r"1//0[\w-]{40,}+"),  # Google
    ("xoxe.", r"xoxe\.xox[bp]-\d-[\w-]{10,}+"),
    ("sk.eyJ", r"sk\.eyJ[\w-]{8,}+\.[\w-]{16,}+"),  # Mapbox
    ("b3BlbnNzaC1rZXktdjE", r"b3BlbnNzaC1rZXktdjE(?:[A-Za-z0-9+/=]|\r?\n){40,}+"),  # OpenSSH, without its first line
    (".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,}+"),  # Terraform
    ("Q~", r"[\w.~-]{3}\dQ~[\w.~-]{31,34}"),  # Azure
    ("AccountKey=", r"(?<=AccountKey=)[A-Za-z0-9+/]{86}=="),
    (":AA", r"\d{8,10}:AA[\w-]{32,}+"),  # Telegram
    ("eyJ", r"eyJ[\w-]{8,}+\.eyJ[\w-]{8,}+\.[\w-]{8,}+"),  # JSON Web Tokens
    ("eyJ", r"eyJ[\w-]{8,}+(?:\.[\w-]*+){4}"),
)
_BEFORE: Final = {
    "k_live_": (1,),
    "k_test_": (1,),
    ":AA": (10, 9, 8),
    ".atlasv1.": (14,),
    "Q~": (4,),
    "AccountKey=": (-11,),
}  # characters that stand before the sign
_PATTERNS: Final = tuple(
    (sign, _BEFORE.get(sign, (0,)), re.compile(rf"(?<![A-Za-z0-9-]){pattern}", re.ASCII))
    for sign, pattern in _BEGINNINGS
)


def long_words(text: str) -> str:
    """Those that may hold a key: few, so that much can be asked of them."""
    return " ".join([word for word in text.split() if len(word) >= SHORTEST])


def with_known_beginnings(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where each stands; two may overlap. ``words``: the `long_words` of the text."""
    for sign, before, pattern in _PATTERNS:
        at = text.find(sign) if sign in words else -1
        while at >= 0:
            matches = (pattern.match(text, at - some) for some in before if some <= at)
            match = next(filter(None, matches), None)
            if match is not None:
                yield match.span()
            at = text.find(sign, at + 1 if match is None else max(match.end(), at + 1))
