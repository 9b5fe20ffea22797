"""The model hub: which files a reference means, at which commit, with which size and sha256; and how they are fetched.

Metadata and authentication go through `huggingface_hub`; the bytes are fetched by `download`, which resumes and checks.
`HF_ENDPOINT`, `HF_TOKEN` (or the token file of `hf auth login`) and `HF_HUB_OFFLINE` are respected.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.cancel import CancelToken
from workbench.errors import DownloadError, ModelError
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.fetching import reference as references
from workbench.models.fetching.reference import Reference

if TYPE_CHECKING:
    from workbench.models.fetching.download import RemoteFile

PUBLIC_ENDPOINT = "https://huggingface.co"
TRUE_WORDS = frozenset({"1", "on", "yes", "true"})
PROJECTOR_TYPES = ("f16", "bf16", "q8_0", "f32")  # the preferred first
_SHA256 = re.compile(r"[0-9a-f]{64}")

Known = Callable[[str], tuple[CatalogModel, CatalogFile] | None]
"""What the catalog knows of a catalog id or of OWNER/REPO/FILE."""


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file at one commit. ``bytes`` and ``sha256`` None where the hub does not say."""

    repository: str
    commit: str
    path: str
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """All files of a repository at one commit. ``licence``: its short name as the hub tells it, or empty.

    ``gated``: its publisher wants conditions accepted first."""

    repository: str
    commit: str
    files: tuple[HubFile, ...]
    licence: str = ""
    gated: bool = False


@dataclass(frozen=True, slots=True)
class HubFiles:
    """All files of one model: every shard in order, and the projector that lets it see, if it has one.

    ``catalog_id`` and ``title``: of the catalog's model that it is, empty when the catalog does not know it. ``licence``:
    its name, and what to know of it."""

    repository: str
    commit: str
    shards: tuple[HubFile, ...]
    projector: HubFile | None = None
    catalog_id: str = ""
    title: str = ""
    licence: str = ""

    @property
    def label(self) -> str:
        """A name for people."""
        return self.title or PurePosixPath(self.shards[0].path).stem

    @property
    def all(self) -> tuple[HubFile, ...]:
        return self.shards if self.projector is None else (*self.shards, self.projector)

    @property
    def bytes(self) -> int:
        """Of all files together, as far as the hub says."""
        return sum(file.bytes or 0 for file in self.all)


class Hub:
    """Any thread may call it. Nothing is asked before the first call; `huggingface_hub` is imported then (0.25 s)."""

    def __init__(self, environment: Mapping[str, str], known: Known = lambda _reference: None) -> None:
        self._environment = environment
        self._known = known

    @property
    def endpoint(self) -> str:
        """Where the hub is, without a slash at the end."""
        return (self._environment.get("HF_ENDPOINT") or PUBLIC_ENDPOINT).rstrip("/")

    def page(self, repository: str) -> str:
        """The address of a repository's page, for people."""
        return f"{self.endpoint}/{repository}"

    def resolve(self, text: str, cancel: CancelToken) -> HubFiles:
        """What a catalog id or OWNER/REPO/FILE[@COMMIT] means, pinned to a commit.

        Raises `UsageError` for what is neither, `DownloadError` when the hub does not have it, or has another file than
        the catalog knows, `Cancelled`.
        """
        wanted, (model, file) = self._wanted(text)
        if file is not None and wanted.revision is None:
            wanted = replace(wanted, revision=file.revision)
        pins = file if file is not None and wanted.revision == file.revision else None
        return self._resolve(wanted, model, pins, cancel)

    def check(self, text: str) -> None:
        """Raise `UsageError` unless ``text`` is an id of the catalog, or a reference that can be."""
        self._wanted(text)

    def list_files(self, repository: str, revision: str | None, cancel: CancelToken) -> Listing:
        """The files of a repository; ``revision`` None: the newest. Raises `UsageError`, `DownloadError`, `Cancelled`."""
        references.check_repository(repository)
        from workbench.models.fetching.hub_session import SILENCE_SECONDS

        with self._asking(repository, revision, cancel) as api:
            info = api.model_info(repository, revision=revision, files_metadata=True, timeout=SILENCE_SECONDS)
            told = next(
                (one for one in (revision, info.sha) if isinstance(one, str) and references.is_commit(one)), None
            )
            commit = told or revision or "main"
            files = tuple(
                HubFile(repository, commit, str(sibling.rfilename), _size(sibling.size), _sha256_of(sibling.lfs))
                for sibling in info.siblings or ()
            )
            return Listing(repository, commit, files, _licence(info.tags or ()), bool(info.gated))

    def remote(self, file: HubFile) -> RemoteFile:
        """How ``file`` is fetched: the token goes to the hub and to nobody it redirects to. Raises `DownloadError`."""
        import httpx  # only here: it takes a sixth of a second

        from workbench.models.fetching.download import RemoteFile
        from workbench.models.fetching.transfer import Credentials, origin

        self.check_online()
        url = f"{self.endpoint}/{file.repository}/resolve/{quote(file.commit, safe='')}/{quote(file.path)}"
        token = self.token()
        credentials = Credentials(origin(httpx.URL(self.endpoint)), f"Bearer {token}") if token else None
        return RemoteFile(url, file.bytes, file.sha256, credentials)

    def refusal(self, repository: str) -> DownloadError:
        """The sentence for a file that the hub does not let this person have."""
        page = self.page(repository)
        if self.token():
            hint = f"Accept its conditions at {page}, or use the token (HF_TOKEN) of an account that may read it."
        else:
            hint = f"Accept its conditions at {page}, make a token in your account there, and set HF_TOKEN to it."
        return DownloadError(f"{repository} is only for those whom its publisher lets in.", hint=hint)

    def check_online(self) -> None:
        """Raise `DownloadError` when the person wants nothing to be asked of the hub."""
        if self._environment.get("HF_HUB_OFFLINE", "").lower() in TRUE_WORDS:
            raise DownloadError(
                "The hub is not asked, because HF_HUB_OFFLINE is set.", hint="Unset HF_HUB_OFFLINE to fetch models."
            )

    def token(self) -> str | None:
        """The person's token: from HF_TOKEN, else as `hf auth login` left it; None without one."""
        if self._environment.get("HF_HUB_DISABLE_IMPLICIT_TOKEN", "").lower() in TRUE_WORDS:
            return None
        if token := self._environment.get("HF_TOKEN", "").strip():
            return token
        from huggingface_hub import get_token

        return get_token()

    def _wanted(self, text: str) -> tuple[Reference, tuple[CatalogModel, CatalogFile] | tuple[None, None]]:
        if references.is_reference(text):
            wanted = references.parse(text)
            return wanted, self._known(f"{wanted.repository}/{wanted.file}") or (None, None)
        known = self._known(text) or (None, None)
        if known[1] is None:
            hint = f"Give starter, an id of `workbench models recommend`, or {references.FORM}."
            raise ModelError(f"There is no model {text!r} to fetch.", hint=hint)
        return references.parse(known[1].reference), known

    def _resolve(
        self, wanted: Reference, model: CatalogModel | None, pins: CatalogFile | None, cancel: CancelToken
    ) -> HubFiles:
        listing = self.list_files(wanted.repository, wanted.revision, cancel)
        there = {file.path: file for file in listing.files}
        shards = references.shards(wanted.file)
        projector = _projector(wanted.file, model, pins, there)
        paths = [*shards, projector] if projector else [*shards]
        if missing := [path for path in paths if path not in there]:
            raise self._not_there(listing, missing[0])
        unknown = [path for path in paths if there[path].bytes is None]
        there |= self._ask_for(listing, unknown, cancel) if unknown else {}
        if pins is not None:
            hashes = pins.shard_sha256 or (pins.sha256,)
            there |= {path: self._pinned(there[path], sha256) for path, sha256 in zip(shards, hashes, strict=False)}
        if pins is not None and projector:
            there[projector] = self._pinned(there[projector], pins.projector_sha256)
        return HubFiles(
            wanted.repository,
            listing.commit,
            tuple(there[path] for path in shards),
            there[projector] if projector else None,
            model.id if model else "",
            model.name if model else "",
            _terms(model) or listing.licence,
        )

    def _ask_for(self, listing: Listing, paths: list[str], cancel: CancelToken) -> dict[str, HubFile]:
        """Size and sha256 of some files, from hubs whose listing has only names."""
        with self._asking(listing.repository, listing.commit, cancel) as api:
            found = api.get_paths_info(listing.repository, paths, revision=listing.commit)
            known = {info.path: info for info in found if hasattr(info, "size")}
            return {
                path: HubFile(
                    listing.repository, listing.commit, path, _size(known[path].size), _sha256_of(known[path].lfs)
                )
                for path in paths
            }

    def _pinned(self, file: HubFile, sha256: str | None) -> HubFile:
        """``file`` with the sha256 of the catalog, which wins over what the hub says now."""
        if sha256 is None or file.sha256 == sha256:
            return file
        if file.sha256 is None:
            return replace(file, sha256=sha256)
        new = Reference(file.repository, file.path, file.commit)
        raise DownloadError(
            f"{file.repository} has replaced {file.path}: it is not the file that the catalog knows and vouches for.",
            hint=f"Update Workbench, or fetch the new one on your own judgement: `workbench models pull {new}`.",
            detail=f"the catalog has sha256 {sha256}, the hub {file.sha256}",
        )

    def _not_there(self, listing: Listing, path: str) -> DownloadError:
        near = difflib.get_close_matches(path, [file.path for file in listing.files], n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}?" if near else f"Look at {self.page(listing.repository)} for its files."
        return DownloadError(f"{listing.repository} has no file {path}.", hint=hint)

    def _asking(self, repository: str, revision: str | None, cancel: CancelToken) -> Any:
        from workbench.models.fetching.hub_session import asking

        self.check_online()
        return asking(self, repository, revision, cancel)


def choose_projector(paths: Iterable[str], beside: str) -> str:
    """The `mmproj` file that goes with the model file ``beside``, empty without one: of its folder, else of the root."""
    folder = PurePosixPath(beside).parent
    candidates = [path for path in paths if references.is_projector(path) and path.lower().endswith(".gguf")]
    for place in (folder, PurePosixPath()):
        here = [path for path in candidates if PurePosixPath(path).parent == place]
        if here:
            return min(here, key=lambda path: (_precision(path), path))
    return ""


def _precision(path: str) -> int:
    words = re.split(r"[^a-z0-9_]+", PurePosixPath(path).stem.lower())
    return next((rank for rank, kind in enumerate(PROJECTOR_TYPES) if kind in words), len(PROJECTOR_TYPES))


def _projector(file: str, model: CatalogModel | None, pins: CatalogFile | None, there: Iterable[str]) -> str:
    """The catalog's; of a model that sees, and whose projector it does not name, the one that lies beside it."""
    if pins is not None and (pins.projector or model is None or not model.vision):
        return pins.projector
    return "" if references.is_projector(file) else choose_projector(there, file)


def _size(told: Any) -> int | None:
    """In bytes, if that is what was told."""
    return told if isinstance(told, int) and told >= 0 else None


def _sha256_of(lfs: Any) -> str | None:
    """From what the hub says of a large file, if it is one: anything else is not believed."""
    found = getattr(lfs, "sha256", None)
    return found if isinstance(found, str) and _SHA256.fullmatch(found) else None


def _terms(model: CatalogModel | None) -> str:
    if model is None:
        return ""
    return f"{model.licence}. {model.licence_terms}".strip(". ")


def _licence(tags: Iterable[str]) -> str:
    return next((tag.partition(":")[2] for tag in tags if tag.startswith("license:")), "")
