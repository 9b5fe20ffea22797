"""One entry of a catalog file: read with every value checked, and written so that it reads as the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import PurePosixPath
from typing import Any, Final

from workbench.models.catalog.model import EFFORTS, TOOLS, CatalogFile, CatalogModel, Score
from workbench.models.sizing.shape import CacheGroup, CacheKind

Entry = Mapping[str, Any]

MODEL_KEYS: Final = frozenset(field.name for field in fields(CatalogModel)) - {"user_added"}
MOST_LAYERS: Final = 10_000
EFFORT_CONTROLS: Final = ("reasoning_effort", "enable_thinking", "always-on", "variant", "none")
HEXADECIMAL: Final = frozenset("0123456789abcdef")
MISSING: Final = object()


# Reading --------------------------------------------------------------------------------------------------------------


class EntryError(Exception):
    """``key``: which value of the file is wrong, ``text``: what it must be."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(key, text)
        self.key = key
        self.text = text


@dataclass(frozen=True, slots=True)
class _Fields:
    """An object of the file; each reading checks type and range and raises `EntryError` naming the key."""

    entry: Entry
    where: str

    def text(self, key: str, default: Any = MISSING) -> str:
        value = self._get(key, default)
        if not isinstance(value, str) or (default is MISSING and not value):
            raise self.bad(key, "must be text")
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: Any = MISSING) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.bad(key, f"must be one of {', '.join(allowed)}")
        return value

    def whole(self, key: str, default: Any = MISSING, least: int = 0, most: int = 1 << 60) -> Any:
        """A whole number from ``least`` to ``most``; ``default`` where it is missing or null, and it may be None."""
        value = self._get(key, default)
        if value is None or value is default:
            return default if default is not MISSING else self._required(key)
        if type(value) is not int or not least <= value <= most:
            raise self.bad(key, f"must be a whole number from {least} to {most}")
        return value

    def number(self, key: str, default: Any = MISSING, least: float = -1e9, most: float = 1e9) -> float:
        value = self._get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise self.bad(key, f"must be a number from {least:g} to {most:g}")
        return float(value)

    def numbers(self) -> dict[str, float]:
        """All of them, when the object has nothing but numbers."""
        return {key: self.number(key) for key in self.entry}

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.bad(key, "must be true or false")
        return value

    def sha256(self, key: str) -> str | None:
        value = self._get(key, None)
        if value is not None and not (isinstance(value, str) and len(value) == 64 and set(value) <= HEXADECIMAL):
            raise self.bad(key, "must be the 64 hexadecimal digits of a sha256, in small letters")
        return value

    def path(self, key: str, default: Any = MISSING) -> str:
        """A name inside a repository: never absolute, never upwards."""
        value = self.text(key, default)
        parts = PurePosixPath(value)
        if value and (
            parts.is_absolute() or ".." in parts.parts or "\\" in value or ":" in value or not value.isprintable()
        ):
            raise self.bad(key, "must be the name of a file inside the repository")
        return value

    def objects(self, key: str) -> list[_Fields]:
        value = self._get(key, [])
        if not isinstance(value, list):
            raise self.bad(key, "must be a list")
        return [self._object(f"{key}[{number}]", one) for number, one in enumerate(value)]

    def object(self, key: str) -> _Fields:
        return self._object(key, self._get(key, {}))

    def words(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        value = self._get(key, [])
        if not isinstance(value, list) or not all(word in allowed for word in value):
            raise self.bad(key, f"must be a list of words out of {', '.join(allowed)}")
        return tuple(value)

    def bad(self, key: str, text: str) -> EntryError:
        return EntryError(f"{self.where}.{key}", text)

    def _object(self, key: str, value: Any) -> _Fields:
        if not isinstance(value, dict):
            raise self.bad(key, "must be an object")
        return _Fields(value, f"{self.where}.{key}")

    def _get(self, key: str, default: Any) -> Any:
        value = self.entry.get(key, default)
        return self._required(key) if value is MISSING else value

    def _required(self, key: str) -> Any:
        raise self.bad(key, "is missing")


def read_model(told: Entry, where: str, *, user_added: bool = False) -> CatalogModel:
    """The model that an entry describes. ``where``: its place in the file. Raises `EntryError`."""
    entry = _Fields(told, where)
    parameters = entry.whole("parameters", least=1)
    effort_values = entry.words("effort_values", EFFORTS) or ("none",)
    model = CatalogModel(
        id=entry.text("id"),
        name=entry.text("name"),
        vendor=entry.text("vendor", ""),
        family=entry.text("family", ""),
        licence=entry.text("licence", ""),
        licence_terms=entry.text("licence_terms", ""),
        released=entry.text("released", ""),
        architecture=entry.text("architecture"),
        parameters=parameters,
        active_parameters=entry.whole("active_parameters", parameters, least=1),
        layers=entry.whole("layers", 0, most=MOST_LAYERS),
        hidden=entry.whole("hidden", None, least=1),
        vocabulary=entry.whole("vocabulary", None, least=1),
        context_length=entry.whole("context_length", least=1, most=1 << 30),
        experts=entry.whole("experts", 0),
        experts_used=entry.whole("experts_used", 0),
        cache=tuple(_cache_group(group) for group in entry.objects("cache")),
        active_bytes=entry.whole("active_bytes", None, least=1),
        effort=entry.one_of("effort", EFFORT_CONTROLS, "none"),
        effort_values=effort_values,
        default_effort=entry.one_of("default_effort", effort_values, effort_values[0]),
        thoughts=entry.number("thoughts", 1.0, 0.0, 100.0),
        tools=entry.flag("tools", default=False),
        vision=entry.flag("vision", default=False),
        sampling=entry.object("sampling").numbers(),
        sampling_when=_sampling_when(entry.object("sampling_when")),
        scores=tuple(_score(score) for score in entry.objects("scores")),
        files=_with_projectors(entry),
        note=entry.text("note", ""),
        doubt=entry.text("doubt", ""),
        well_known=entry.flag("well_known", default=False),
        user_added=user_added,
    )
    if model.experts_used > model.experts:
        raise entry.bad("experts_used", "must not be more than experts")
    if not model.files:
        raise entry.bad("files", "is missing or empty")
    return model


def _sampling_when(entry: _Fields) -> dict[str, dict[str, float]]:
    if unknown := sorted(set(entry.entry) - {*EFFORTS, TOOLS}):
        raise entry.bad(unknown[0], f"must be one of {', '.join((*EFFORTS, TOOLS))}")
    return {key: entry.object(key).numbers() for key in entry.entry}


def _cache_group(entry: _Fields) -> CacheGroup:
    return CacheGroup(
        kind=CacheKind(entry.one_of("kind", tuple(CacheKind))),
        layers=entry.whole("layers", least=1, most=MOST_LAYERS),
        kv_heads=entry.whole("kv_heads", 0),
        key_length=entry.whole("key_length", 0),
        value_length=entry.whole("value_length", 0),
        window=entry.whole("window", 0),
        state_bytes=entry.whole("state_bytes", 0),
    )


def _score(entry: _Fields) -> Score:
    return Score(
        benchmark=entry.text("benchmark"),
        value=entry.number("value"),
        effort=entry.one_of("effort", (*EFFORTS, "default")),
        independent=entry.flag("independent", default=False),
        source=entry.text("source"),
        date=entry.text("date", ""),
    )


def _with_projectors(entry: _Fields) -> tuple[CatalogFile, ...]:
    """Builds of a model that sees, whose projector nobody has recorded, count one as large as the other builds' largest."""
    files = tuple(_file(file) for file in entry.objects("files"))
    largest = max((file.projector_bytes for file in files), default=0) if entry.flag("vision", default=False) else 0
    return tuple(replace(file, projector_bytes=file.projector_bytes or largest) for file in files)


def _file(entry: _Fields) -> CatalogFile:
    file = entry.path("file")
    repository = entry.path("repository")
    if repository.count("/") != 1:
        raise entry.bad("repository", "must be OWNER/REPO")
    shards = entry.objects("shards")
    projector = entry.object("projector")
    return CatalogFile(
        repository=repository,
        file=file,
        quantization=entry.text("quantization", ""),
        bytes=entry.whole("bytes", None, least=1),
        about_bytes=entry.whole("about_bytes", None, least=1),
        sha256=entry.sha256("sha256"),
        revision=entry.text("revision", "") or None,
        shards=tuple(shard.path("file") for shard in shards) or (file,),
        shard_sha256=tuple(shard.sha256("sha256") for shard in shards),
        projector=projector.path("file", ""),
        projector_bytes=projector.whole("bytes", 0),
        projector_sha256=projector.sha256("sha256"),
        effort=entry.one_of("effort", (*EFFORTS, ""), ""),
        note=entry.text("note", ""),
        doubt=entry.text("doubt", ""),
    )


# Writing --------------------------------------------------------------------------------------------------------------


def as_entry(model: CatalogModel) -> dict[str, Any]:
    """The object of a catalog file that reads as ``model``."""
    return {
        **_told(
            model, leave_out=("user_added", "cache", "scores", "files", "effort_values", "sampling", "sampling_when")
        ),
        "effort_values": list(model.effort_values),
        "sampling": dict(model.sampling),
        "sampling_when": {key: dict(one) for key, one in model.sampling_when.items()},
        "cache": [_told(group) for group in model.cache],
        "scores": [_told(score) for score in model.scores],
        "files": [_file_entry(file) for file in model.files],
    }


def _file_entry(file: CatalogFile) -> dict[str, Any]:
    projector = {"file": file.projector, "bytes": file.projector_bytes, "sha256": file.projector_sha256}
    entry = _told(file, leave_out=("shards", "shard_sha256", "projector", "projector_bytes", "projector_sha256"))
    if len(file.shards) > 1:
        hashes = file.shard_sha256 or (None,) * len(file.shards)
        entry["shards"] = [{"file": name, "sha256": sha256} for name, sha256 in zip(file.shards, hashes, strict=True)]
    return {**entry, "projector": projector} if file.projector else entry


def _told(value: Any, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields that say something; 0 and False do, None and empty text do not."""
    named = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in leave_out}
    return {key: one for key, one in named.items() if one is not None and one != ""}
