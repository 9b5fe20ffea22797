"""The folders of LM Studio, Ollama and the Hugging Face cache as they lie on a person's disk, with real small GGUFs."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.gguf_file import gguf, string_key, tensor, text, tiny_model, u32_key

COMMIT, OLDER = "a" * 40, "b" * 40


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def u16_key(key: str, value: int) -> bytes:
    return text(key) + struct.pack("<IH", 2, value)


def shard(number: int, count: int, *, name: str = "Split", tensors: int | None = None) -> bytes:
    """Part ``number`` (from 1) of a model with one tensor in each part; only the first has metadata."""
    keys = [u16_key("split.no", number - 1), u16_key("split.count", count)]
    keys.append(text("split.tensors.count") + struct.pack("<Ii", 5, count if tensors is None else tensors))
    if number == 1:
        keys += [string_key("general.architecture", "llama"), string_key("general.name", name)]
        keys.append(string_key("tokenizer.chat_template", "{{ messages }}"))
    return gguf(keys, [tensor(f"blk.{number - 1}.weight", (64,), 0, 0)], bytes([number]) * 256)


def projector(filling: bytes = b"p") -> bytes:
    keys = [string_key("general.architecture", "clip"), string_key("general.type", "mmproj")]
    return gguf(keys, [tensor("v.patch_embd.weight", (64,), 0, 0)], filling * 256)


def embedder() -> bytes:
    keys = [string_key("general.architecture", "qwen3"), u32_key("qwen3.pooling_type", 3)]
    keys.append(string_key("tokenizer.chat_template", "{{ messages }}"))
    return gguf(keys, [tensor("token_embd.weight", (64,), 0, 0)], bytes(256))


def with_architecture(name: str, tensor_name: str = "token_embd.weight") -> bytes:
    return gguf([string_key("general.architecture", name)], [tensor(tensor_name, (64,), 0, 0)], bytes(256))


def mlx_folder(path: Path) -> Path:
    put(path / "config.json", json.dumps({"quantization": {"group_size": 64, "bits": 4}}).encode())
    put(path / "model-00001-of-00002.safetensors", bytes(1000))
    put(path / "model-00002-of-00002.safetensors", bytes(500))
    return path


@dataclass(frozen=True)
class OllamaFolder:
    root: Path

    def blob(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        put(self.root / "blobs" / f"sha256-{digest}", content)
        return f"sha256:{digest}"

    def manifest(self, name: str, layers: list[tuple[str, str, int]], tag: str = "latest") -> Path:
        """``name``: host/namespace/model; ``layers``: kind, digest, size."""
        listed = [
            {"mediaType": f"application/vnd.ollama.image.{kind}", "digest": digest, "size": size}
            for kind, digest, size in layers
        ]
        content = json.dumps({"schemaVersion": 2, "layers": listed}).encode()
        return put(self.root / "manifests" / name / tag, content)

    def model(self, name: str, content: bytes, tag: str = "latest", *more: tuple[str, bytes]) -> Path:
        """A pulled model; returns its blob."""
        layers = [("model", content), ("license", b"MIT"), *more]
        self.manifest(name, [(kind, self.blob(raw), len(raw)) for kind, raw in layers], tag)
        return self.root / "blobs" / f"sha256-{hashlib.sha256(content).hexdigest()}"


@dataclass(frozen=True)
class HubCache:
    root: Path

    def file(self, repository: str, name: str, content: bytes, commit: str = COMMIT) -> Path:
        """As the hub's own library puts it: a blob called after its sha256, and a link to it; returns the link."""
        folder = self.root / f"models--{repository.replace('/', '--')}"
        blob = put(folder / "blobs" / hashlib.sha256(content).hexdigest(), content)
        link = folder / "snapshots" / commit / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(blob)
        put(folder / "refs" / "main", COMMIT.encode())
        return link


@dataclass(frozen=True)
class PersonsDisk:
    """A home with all three programs in it."""

    home: Path

    @property
    def ollama(self) -> OllamaFolder:
        return OllamaFolder(self.home / ".ollama" / "models")

    @property
    def hub(self) -> HubCache:
        return HubCache(self.home / ".cache" / "huggingface" / "hub")

    def lm_studio(self, name: str, content: bytes) -> Path:
        """``name``: publisher/model/file."""
        return put(self.home / ".lmstudio" / "models" / name, content)

    def fill(self) -> None:
        """One model in each, a split one, a vision model, an embedding model and an MLX folder."""
        self.lm_studio("lmstudio-community/gpt-oss-20b-GGUF/gpt-oss-20b-MXFP4.gguf", tiny_model("oss", filling=b"o"))
        self.lm_studio("unsloth/See-GGUF/See-Q4_K_M.gguf", tiny_model("See", filling=b"s"))
        self.lm_studio("unsloth/See-GGUF/mmproj-F16.gguf", projector())
        self.lm_studio("nomic/embed/embed-Q8_0.gguf", embedder())
        mlx_folder(self.home / ".lmstudio" / "models" / "mlx-community" / "gpt-oss-20b-4bit")
        self.ollama.model("registry.ollama.ai/library/small", tiny_model("small", filling=b"l"), "1b")
        for number in (1, 2, 3):
            self.hub.file("unsloth/Split-GGUF", f"Q4/Split-Q4-{number:05}-of-00003.gguf", shard(number, 3))

    def state(self) -> dict[str, tuple[str, int, str]]:
        """Kind, time of change and content of everything below the home: proof that nothing was written."""
        return {str(path): _state(path) for path in sorted(self.home.rglob("*"))}


def _state(path: Path) -> tuple[str, int, str]:
    status = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return oct(status.st_mode), status.st_mtime_ns, content
