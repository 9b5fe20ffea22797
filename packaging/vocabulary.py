"""Makes assets/cloud/o200k.vocabulary, OpenAI's published vocabulary o200k, of the npm package js-tiktoken (MIT).

python packaging/vocabulary.py js-tiktoken-1.0.21.tgz

The package is fetched by hand (`npm pack js-tiktoken`). Its tokens, written out as in OpenAI's own file,
have to have the hash that their library tiktoken names for that file.
"""

from __future__ import annotations

import base64
import json
import sys
import tarfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from workbench.cloud.tokens.vocabulary import NAME, TOKENS, packed  # noqa: E402 - found by the line above

MEMBER = "package/dist/ranks/o200k_base.js"
PUBLISHED_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
"""Of o200k_base.tiktoken, as tiktoken's `openai_public.py` names it."""


def tokens_of(script: str) -> list[bytes]:
    """Of the package's module: lines of a mark, the rank of the first, and tokens in base64. By rank, without gaps."""
    told = json.loads(script.strip().removeprefix("export default").rstrip(";"))
    found: dict[int, bytes] = {}
    for line in filter(None, told["bpe_ranks"].split("\n")):
        _mark, first, *tokens = line.split(" ")
        found |= {int(first) + number: base64.b64decode(token) for number, token in enumerate(tokens)}
    return [found[rank] for rank in range(len(found))]


def as_published(tokens: Sequence[bytes]) -> bytes:
    """The bytes of OpenAI's own file."""
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for rank, token in enumerate(tokens))


def main(archive: str) -> int:
    with tarfile.open(archive) as package:
        member = package.extractfile(MEMBER)
        if member is None:
            raise SystemExit(f"{archive} has no {MEMBER}.")
        tokens = tokens_of(member.read().decode("utf-8"))
    if len(tokens) != TOKENS or sha256(as_published(tokens)).hexdigest() != PUBLISHED_SHA256:
        raise SystemExit("These are not the tokens that OpenAI has published.")
    file = ROOT / "assets" / NAME
    file.write_bytes(packed(tokens))
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes, sha256 {sha256(file.read_bytes()).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
