"""What stands in folders and is nobody's document: told as skipped, a whole tree at once. Pure."""

from __future__ import annotations

import re
from typing import Final

_VERSIONS: Final = "It holds the history of a version control, not documents."
_PACKAGES: Final = "It holds packages that a program fetched."
_CACHE: Final = "It is a cache that a program makes again by itself."
_SYSTEM: Final = "It belongs to the system, not to you."
_BUNDLE: Final = "It is one thing for its program, though made of files."
_TEMPORARY: Final = "It is a file that a program needs while it works."
_LOCK: Final = "It is a list that a package manager writes for itself."
_GENERATED: Final = "It was generated from other files."

_FOLDERS: Final = {
    **dict.fromkeys((".git", ".hg", ".svn", ".bzr", "CVS", ".jj", ".pijul", "_darcs"), _VERSIONS),
    **dict.fromkeys(("node_modules", "bower_components", "jspm_packages", "site-packages", ".venv", "Pods"), _PACKAGES),
    **dict.fromkeys((".bundle", ".cargo", ".rustup", ".npm", ".yarn", ".pnpm-store", ".m2", ".eggs"), _PACKAGES),
    **dict.fromkeys(("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".cache"), _CACHE),
    **dict.fromkeys((".tox", ".nox", ".gradle", ".next", ".nuxt", ".parcel-cache", ".turbo", ".terraform"), _CACHE),
    **dict.fromkeys((".ipynb_checkpoints", "DerivedData", ".dropbox.cache", ".thumbnails", "@eaDir"), _CACHE),
    **dict.fromkeys((".Trash", ".Trashes", "$RECYCLE.BIN", "System Volume Information", "lost+found"), _SYSTEM),
    **dict.fromkeys((".Spotlight-V100", ".fseventsd", ".DocumentRevisions-V100", ".TemporaryItems"), _SYSTEM),
    **dict.fromkeys((".stversions", ".stfolder", ".snapshots", ".zfs", ".sync", "#recycle"), _SYSTEM),
}
_BUNDLES: Final = re.compile(
    r"\.(app|framework|bundle|photoslibrary|musiclibrary|tvlibrary|sparsebundle|xcassets|lproj|dSYM)$", re.IGNORECASE
)
_TRASH: Final = re.compile(r"\.Trash-\d+")
_FILES: Final = {
    **dict.fromkeys((".DS_Store", "Thumbs.db", "ehthumbs.db", "desktop.ini", "Icon\r", ".localized"), _SYSTEM),
    **dict.fromkeys((".directory", ".nfs"), _SYSTEM),
    **dict.fromkeys(("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"), _LOCK),
    **dict.fromkeys(("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "Cargo.lock", "Gemfile.lock"), _LOCK),
    **dict.fromkeys(("composer.lock", "go.sum", "flake.lock", "mix.lock", "packages.lock.json"), _LOCK),
}
_BEGINNINGS: Final = re.compile(r"~\$.+|\._.+|\.~lock\..*#|\.#.+|#.*#|\.nfs[0-9a-f]+|\..+\.sw[a-p]")
_TEMPORARY_ENDINGS: Final = frozenset(
    "tmp temp swp swo part partial crdownload opdownload download lck lock".split()  # noqa: SIM905
)
_GENERATED_ENDINGS: Final = (".min.js", ".min.css", ".js.map", ".css.map", ".mjs.map")

ODD_BEGINNINGS: Final = "~.#"  # what the names of such files may begin with
ODD_ENDINGS: Final = frozenset(name.rpartition(".")[2] for name in _FILES)  # files with these are looked up by name

MARKERS: Final = {
    "CACHEDIR.TAG": _CACHE,  # https://bford.info/cachedir/
    "pyvenv.cfg": _PACKAGES,  # a virtual environment of Python, whatever it is called
}


def folder_noise(name: str) -> str:
    """Why a folder called so is not looked into; empty where it is."""
    if why := _FOLDERS.get(name):
        return why
    if _TRASH.fullmatch(name):
        return _SYSTEM
    return _BUNDLE if "." in name and _BUNDLES.search(name) else ""


def file_noise(name: str) -> str:
    """Why a file called so is not opened; empty where it is worth a look, or `ending_noise` says why."""
    if why := _FILES.get(name):
        return why
    odd = name[-1] == "~" or (name[0] in ODD_BEGINNINGS and _BEGINNINGS.fullmatch(name))
    return _TEMPORARY if odd else ""


def ending_noise(ending: str, name: str) -> str:
    """The same by the end of the name; ``ending``: what follows its last dot."""
    if ending.lower() in _TEMPORARY_ENDINGS:
        return _TEMPORARY
    return _GENERATED if name.lower().endswith(_GENERATED_ENDINGS) else ""
