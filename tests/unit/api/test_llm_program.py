"""`llm`, the command line program, as it is: only told where the local API is."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.unit.api.conftest import Serve

pytestmark = pytest.mark.skipif(find_spec("llm") is None, reason="needs the program llm")


def test_llm_talks_to_the_local_api(serve: Serve, tmp_path: Path) -> None:
    api = serve("Hello from the local model.")
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: mine\n  model_name: default\n  api_base: {api.address}/v1\n  api_key_name: workbench\n"
    )
    (tmp_path / "keys.json").write_text(f'{{"workbench": "{api.token}"}}')
    for options in ([], ["--no-stream"]):
        asked = subprocess.run(
            [sys.executable, "-m", "llm", "-m", "mine", "Say hello", "-s", "Be brief", *options],
            env={**os.environ, "LLM_USER_PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert asked.stdout.strip() == "Hello from the local model.", asked.stderr
    assert [message.text for message in api.models.backend.requests[0].messages] == ["Be brief", "Say hello"]  # type: ignore[attr-defined]
