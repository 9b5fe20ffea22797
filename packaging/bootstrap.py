"""Sets up, runs, tests and packages Workbench: `python packaging/bootstrap.py run`.

Every Python 3 must be able to read this file, so that an old one gets a sentence and not a SyntaxError.
Everything that needs a current Python stands in `steps/`, which is imported after the check.
"""

import sys

NEEDED = (3, 11)

INSTALL_PYTHON = {
    "linux": "Debian and Ubuntu: apt-get install python3.11 python3.11-venv. Fedora: dnf install python3.12.",
    "darwin": "With Homebrew: brew install python@3.12.",
    "win32": "In PowerShell: winget install Python.Python.3.12.",
}


def version_complaint(version: "tuple[int, ...]", executable: str, platform: str) -> "str | None":
    """What to tell a person whose Python is too old, or None when it is new enough."""
    if tuple(version[:2]) >= NEEDED:
        return None
    return (
        f"Workbench needs Python {NEEDED[0]}.{NEEDED[1]} or newer; this is {version[0]}.{version[1]} at {executable}.\n"
        f"Install one, then run the same command again. {INSTALL_PYTHON.get(platform, '')}\n"
        "Every system: https://www.python.org/downloads/"
    )


def main() -> int:
    """Check the interpreter, then do what the command line asks for."""
    complaint = version_complaint(sys.version_info[:3], sys.executable, sys.platform)
    if complaint:
        sys.stderr.write(complaint + "\n")
        return 3
    from steps.commands import main as run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
