"""Find a wheel by its exact file name on a Python package index, as pip would, without pip.

The person's own index comes first: `PIP_INDEX_URL`, `PIP_EXTRA_INDEX_URL` and pip's configuration files are read. Both
forms of the "simple" pages are understood: JSON (PEP 691) and HTML (PEP 503).
"""

from __future__ import annotations

import base64
import configparser
import html
import json
import os
import re
import ssl
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import httpx

from workbench.cancel import CancelToken
from workbench.errors import DownloadError
from workbench.models.fetching.download import RemoteFile
from workbench.models.fetching.transfer import Credentials, open_following, origin, refuse_status

PUBLIC_INDEX = "https://pypi.org/simple"
MAX_PAGE_BYTES = 16 << 20
ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"

_OPTIONS = ("index-url", "extra-index-url", "cert")
_SECTIONS = ("global", "install", "download")  # later ones win
# Neither pattern can be made to look twice at the same text, however odd the page.
_ANCHOR = re.compile(r"<a\s([^<>]{1,8192})>", re.IGNORECASE)
_HREF = re.compile(r"""(?:^|\s)href\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Index:
    """The address of an index's simple pages, without credentials, and the credentials for its origin."""

    url: str
    credentials: Credentials | None = None

    @property
    def host(self) -> str:
        return httpx.URL(self.url).host


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What pip is told on this machine. ``certificates``: a file of trusted certificates, or None for the usual ones."""

    indexes: tuple[Index, ...]
    certificates: Path | None = None

    def tls(self) -> ssl.SSLContext | None:
        """The TLS settings for ``certificates``. Raises `DownloadError` when that file is no good."""
        if self.certificates is None:
            return None
        try:
            return ssl.create_default_context(cafile=str(self.certificates))
        except (OSError, ssl.SSLError) as error:
            raise DownloadError(
                f"The certificates in {self.certificates} cannot be read.",
                hint="Correct pip's `cert` setting (PIP_CERT, or pip's configuration file).",
            ) from error


def read_settings(environment: Mapping[str, str], files: Iterable[Path]) -> IndexSettings:
    """The indexes to ask, in order. ``files``: pip's configuration files, later ones win; the environment beats them."""
    options: dict[str, str] = {}
    for file in files:
        options.update(_options_of(file))
    for option in _OPTIONS:
        if value := environment.get(f"PIP_{option.upper().replace('-', '_')}", "").strip():
            options[option] = value
    addresses = [options.get("index-url", PUBLIC_INDEX), *options.get("extra-index-url", "").split()]
    indexes = tuple(index for address in addresses if (index := _index(address)))
    certificates = options.get("cert")
    return IndexSettings(indexes or (Index(PUBLIC_INDEX),), Path(certificates).expanduser() if certificates else None)


def configuration_files(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Where pip looks for its configuration: for the machine, for the user, for this environment, and `PIP_CONFIG_FILE`."""
    chosen = environment.get("PIP_CONFIG_FILE", "")
    if chosen == os.devnull:
        return ()
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or os.path.expanduser("~"))  # noqa: PTH111 - as given
    if sys.platform == "win32":
        places = [Path(environment.get("PROGRAMDATA", r"C:\ProgramData")) / "pip", home / "pip"]
        places.append(Path(environment.get("APPDATA", str(home))) / "pip")
    elif sys.platform == "darwin":
        support = Path("Library/Application Support/pip")
        places = ["/" / support, home / ".pip", home / ".config/pip", home / support]
    else:
        shared = environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        user = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
        places = [
            *(Path(place) / "pip" for place in shared.split(":") if place),
            Path("/etc"),
            home / ".pip",
            user / "pip",
        ]
    files = [place / name for place in (*places, Path(sys.prefix))]
    return (*files, Path(chosen)) if chosen else tuple(files)


def find_wheel(
    settings: IndexSettings,
    project: str,
    filename: str,
    *,
    size: int,
    sha256: str,
    client: httpx.Client,
    cancel: CancelToken,
) -> RemoteFile:
    """Where ``filename`` of ``project`` can be fetched, asking one index after another; ``size`` and ``sha256`` are pinned.

    Raises `DownloadError` naming the hosts asked when none has it.
    """
    failure: DownloadError | None = None
    for index in settings.indexes:
        try:
            page, where = _simple_page(index, project, client, cancel)
            found = [_absolute(where, url) for url, promised in links(page, filename) if promised in ("", sha256)]
        except _NotHereError:
            continue
        except DownloadError as error:
            failure = failure or error
            continue
        for address in filter(None, found):
            return RemoteFile(address, size, sha256, index.credentials)
    if failure is not None:
        raise failure
    hosts = ", ".join(index.host for index in settings.indexes)
    raise DownloadError(
        f"The package index ({hosts}) does not have {filename}.",
        hint="Check pip's index settings (PIP_INDEX_URL, pip's configuration file), or try again later.",
    )


def links(page: bytes, filename: str) -> Iterator[tuple[str, str]]:
    """Address and promised sha256 (empty when none) of each file called ``filename`` on a simple page.

    Raises `DownloadError` when a page that begins like JSON is not a simple page; nothing else, whatever the bytes.
    """
    if page.lstrip()[:1] == b"{":
        yield from _json_links(page, filename)
        return
    for anchor in _ANCHOR.finditer(page.decode("utf-8", "replace")):
        href = _HREF.search(anchor[1])
        if not href:
            continue
        url, _, fragment = html.unescape(href[1] or href[2] or href[3] or "").partition("#")
        if unquote(url.partition("?")[0].rpartition("/")[2]) == filename:
            algorithm, _, digest = fragment.partition("=")
            yield url, digest.lower() if algorithm == "sha256" else ""


def _json_links(page: bytes, filename: str) -> Iterator[tuple[str, str]]:
    try:
        found = json.loads(page)
    except (ValueError, RecursionError) as error:
        raise DownloadError("The package index sent a page that cannot be read.") from error
    files = found.get("files")
    for file in files if isinstance(files, list) else []:
        if not isinstance(file, dict) or file.get("filename") != filename or not isinstance(file.get("url"), str):
            continue
        hashes = file.get("hashes")
        digest = hashes.get("sha256") if isinstance(hashes, dict) else None
        yield file["url"].partition("#")[0], digest.lower() if isinstance(digest, str) else ""


class _NotHereError(DownloadError):
    """This index does not know the project."""


def _simple_page(index: Index, project: str, client: httpx.Client, cancel: CancelToken) -> tuple[bytes, httpx.URL]:
    """The page's bytes, and the address it came from in the end: links are relative to that."""
    url = f"{index.url}/{project}/"
    with open_following(client, url, cancel, {"Accept": ACCEPT}, index.credentials) as response:
        if response.status_code in (404, 410):
            raise _NotHereError(f"{index.host} does not know {project}.")
        refuse_status(response)
        page = bytearray()
        for block in response.iter_bytes():
            page += block
            if len(page) > MAX_PAGE_BYTES:
                raise DownloadError(f"The page of {project} on {index.host} is absurdly large.")
        return bytes(page), response.url


def _absolute(page: httpx.URL, url: str) -> str | None:
    try:
        address = page.join(url)
    except httpx.InvalidURL:
        return None
    if address.scheme not in ("http", "https") or (page.scheme == "https" and address.scheme == "http"):
        return None
    return str(address.copy_with(userinfo=b""))


def _options_of(file: Path) -> dict[str, str]:
    """The options of interest in one configuration file; a file that cannot be read has none."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(file.read_text("utf-8-sig"))
    except (OSError, ValueError, configparser.Error):
        return {}
    options: dict[str, str] = {}
    for section in _SECTIONS:
        if parser.has_section(section):
            found = {key.replace("_", "-"): value.strip() for key, value in parser.items(section) if value}
            options.update({option: found[option] for option in _OPTIONS if found.get(option)})
    return options


def _index(address: str) -> Index | None:
    """None for what is no web address: a folder of packages (``file://``) has no simple pages for us."""
    try:
        url = httpx.URL(address.strip().rstrip("/"))
    except httpx.InvalidURL:
        return None
    if url.scheme not in ("http", "https") or not url.host:
        return None
    bare = str(url.copy_with(userinfo=b"", fragment=None)).rstrip("/")
    if not url.userinfo:
        return Index(bare)
    secret = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    return Index(bare, Credentials(origin(url), f"Basic {secret}"))
