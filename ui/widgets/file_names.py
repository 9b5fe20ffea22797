"""Names for files that code and texts are saved to. Pure."""

from __future__ import annotations

import re

_EXTENSIONS = {
    "python": "py", "py": "py", "javascript": "js", "js": "js", "typescript": "ts", "ts": "ts", "tsx": "tsx", "jsx": "jsx",
    "bash": "sh", "sh": "sh", "shell": "sh", "zsh": "sh", "powershell": "ps1", "html": "html", "css": "css", "json": "json",
    "yaml": "yaml", "yml": "yaml", "toml": "toml", "xml": "xml", "sql": "sql", "rust": "rs", "go": "go", "java": "java",
    "kotlin": "kt", "swift": "swift", "c": "c", "cpp": "cpp", "c++": "cpp", "csharp": "cs", "cs": "cs", "ruby": "rb",
    "php": "php", "perl": "pl", "lua": "lua", "r": "r", "julia": "jl", "markdown": "md", "md": "md", "latex": "tex",
    "tex": "tex", "csv": "csv", "diff": "diff", "patch": "diff", "ini": "ini", "svg": "svg", "scala": "scala",
}  # fmt: skip
_NAMES = {"dockerfile": "Dockerfile", "makefile": "Makefile", "make": "Makefile"}
_NAMED = re.compile(r"^\s*(?:#|//|--|/\*|<!--)\s*([\w-]+(?:\.[\w-]+)+)\s*(?:\*/|-->)?\s*$")


def file_name(title: str, language: str, text: str) -> str:
    """A name to save it under: the one that its first line says, else by its language."""
    if named := _NAMED.match(text.partition("\n")[0][:200]):
        return named[1]
    if language in _NAMES:
        return _NAMES[language]
    stem = re.sub(r"[^\w-]+", "-", title).strip("-").lower()[:40] or "text"
    return f"{stem}.{_EXTENSIONS.get(language, 'txt')}"
