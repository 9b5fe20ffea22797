"""The decisions of packaging/bootstrap.py: they must be right on machines that no test runs on."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from steps import checks, commands, environment, launch, places, process, system
from steps.launch import Front

OLD_PYTHONS = [
    Path.home() / ".pyenv" / "versions" / name / "bin" / "python" for name in ("3.6.15", "3.8.18", "3.10.13")
]


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
def test_a_new_enough_python_is_not_complained_about(version: tuple[int, ...]) -> None:
    assert bootstrap.version_complaint(version, "/usr/bin/python3", "linux") is None


@pytest.mark.parametrize(
    ("platform", "command"),
    [("linux", "apt-get install python3.11"), ("darwin", "brew install"), ("win32", "winget install"), ("aix", "")],
)
def test_an_old_python_is_named_with_what_to_do(platform: str, command: str) -> None:
    complaint = bootstrap.version_complaint((3, 10, 13), "/usr/bin/python3", platform)
    assert complaint is not None
    assert "needs Python 3.11 or newer; this is 3.10 at /usr/bin/python3" in complaint
    assert command in complaint
    assert "https://www.python.org/downloads/" in complaint


def test_every_python_3_can_read_the_entry() -> None:
    source = (places.PACKAGING / "bootstrap.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


@pytest.mark.parametrize("python", OLD_PYTHONS, ids=lambda path: path.parts[-3])
def test_old_pythons_get_a_sentence_and_no_traceback(python: Path) -> None:
    if not python.exists():
        pytest.skip("this Python is not installed here")
    done = subprocess.run([python, places.PACKAGING / "bootstrap.py", "run"], capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stderr.startswith("Workbench needs Python 3.11 or newer")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("platform", "environ", "is_terminal", "front"),
    [
        ("linux", {"DISPLAY": ":0"}, False, Front.WINDOW),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True, Front.WINDOW),
        ("linux", {"DISPLAY": ""}, True, Front.CHAT),
        ("linux", {}, False, Front.QUESTION),
        ("freebsd14", {}, True, Front.CHAT),
        ("darwin", {}, False, Front.WINDOW),
        ("darwin", {"SSH_CONNECTION": "10.0.0.2 50022 10.0.0.1 22"}, True, Front.CHAT),
        ("win32", {}, True, Front.WINDOW),
        ("win32", {"SSH_CONNECTION": "10.0.0.2 50022 10.0.0.1 22"}, False, Front.QUESTION),
    ],
)
def test_the_front_fits_the_machine(platform: str, environ: dict[str, str], is_terminal: bool, front: Front) -> None:
    assert launch.decide(platform, environ, is_terminal=is_terminal) is front


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"event": "text", "text": "The sea"}', "The sea"),
        ('{"event": "start", "model": "m"}', ""),
        ('{"event": "reasoning", "text": "hmm"}', ""),
        (
            '{"event": "error", "kind": "engine", "message": "It stopped.", "hint": "Try again."}',
            "It stopped. Try again.\n",
        ),
        ('{"error": {"kind": "model", "message": "No model.", "hint": null}}', "No model. \n"),
        (
            '{"event": "end", "timings": {"generation_tokens_per_second": 41.26, "total_seconds": null}}',
            "\n\n41.3 tokens per second\n",
        ),
        ('{"event": "end", "timings": null}', "\n"),
    ],
)
def test_the_answer_is_shown_with_its_speed(line: str, shown: str) -> None:
    assert launch.shown(line) == shown


LIBRARIES = (system.WINDOW[0], system.WINDOW[1], system.WINDOW[13])


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "apt-get install --yes --no-install-recommends libgl1 libegl1 libxcb-image0"),
        ("dnf", "dnf install --assumeyes libGL.so.1()(64bit) libEGL.so.1()(64bit) libxcb-image.so.0()(64bit)"),
        (
            "zypper",
            "zypper --non-interactive install libGL.so.1()(64bit) libEGL.so.1()(64bit) libxcb-image.so.0()(64bit)",
        ),
        ("pacman", "pacman --sync --needed --noconfirm libglvnd xcb-util-image"),
    ],
)
def test_each_system_is_asked_in_its_own_words(manager: str, command: str) -> None:
    assert " ".join(system.install_command(LIBRARIES, manager)) == command


def test_programs_are_asked_for_by_their_file_where_packages_are_rpm() -> None:
    assert "/usr/bin/Xvfb" in system.package_names(system.TESTS, "dnf")


def test_the_first_known_package_manager_is_taken() -> None:
    assert system.find_manager(lambda name: name if name in ("zypper", "dnf") else None) == "dnf"
    assert system.find_manager(lambda _: None) is None


def test_debian_python_gets_the_venv_package_of_its_own_version() -> None:
    assert system.venv_requirement((3, 12, 1)).apt == "python3.12-venv"


def test_what_is_missing_is_found_missing() -> None:
    assert system.present(system.Requirement("library", "libc.so.6", "", "")) is sys.platform.startswith("linux")
    assert not system.present(system.Requirement("library", "libnowhere.so.9", "", ""))
    assert not system.present(system.Requirement("program", "no-such-program", "", ""))
    assert not system.present(system.Requirement("file", "usr/share/nowhere/*.ttf", "", ""))


def test_the_stamp_changes_with_every_part_and_with_where_they_are_cut() -> None:
    stamps = [environment.fingerprint(parts) for parts in ([b"ab", b"c"], [b"a", b"bc"], [b"abc"], [b"ab", b"d"])]
    assert len(set(stamps)) == 4


def test_the_stamp_of_an_environment_names_its_lock() -> None:
    assert environment.wanted_stamp(environment.RUNTIME) != environment.wanted_stamp(environment.DEVELOPMENT)


@pytest.mark.parametrize(
    ("configuration", "usable"),
    [
        ({"version": "3.11.7", "command": f"python -m venv {places.VENV}"}, True),
        ({"version": "3.11.7", "command": "python -m venv /elsewhere/.venv"}, False),
        ({"version": "3.10.13"}, False),
        ({"version_info": "3.12.1.final.0"}, True),
        ({}, False),
    ],
)
def test_an_environment_is_kept_only_where_it_works(configuration: dict[str, str], usable: bool) -> None:
    assert environment.usable(configuration) is usable


def test_the_makefile_offers_what_the_command_line_does() -> None:
    makefile = (places.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = makefile.split(".PHONY:")[1].splitlines()[0].split()
    assert set(targets) == set(commands.COMMANDS)


def test_continuous_integration_runs_the_test_command() -> None:
    runner = places.ROOT / ".ci" / "run"
    assert os.access(runner, os.X_OK) or os.name == "nt"
    assert runner.read_text(encoding="utf-8").rstrip().endswith("make test")


def test_every_check_runs_although_one_fails(capfd: pytest.CaptureFixture[str]) -> None:
    failing = ("first", [sys.executable, "-c", "raise SystemExit(2)"])
    passing = ("second", [sys.executable, "-c", "print('ran')"])
    assert checks.run_all((failing, passing)) == 2
    out, err = capfd.readouterr()
    assert "ran" in out
    assert "FAILED: first." in err
    assert checks.run_all((passing,)) == 0
    assert "All checks and tests passed." in capfd.readouterr().err


def test_what_python_compiled_is_kept_for_the_next_child(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SOMETHING_ELSE", "stays")
    tell = "import os, sys; print(sys.dont_write_bytecode, os.environ['SOMETHING_ELSE'])"
    assert process.call([sys.executable, "-c", tell]) == 0
    assert capfd.readouterr().out == "False stays\n"


def test_a_makefile_without_a_new_python_says_so(tmp_path: Path) -> None:
    (tmp_path / "sh").symlink_to("/bin/sh")
    make = next(path for path in ("/usr/bin/make", "/usr/local/bin/make") if Path(path).exists())
    done = subprocess.run(
        [make, "test"], cwd=places.ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Workbench needs Python 3.11 or newer" in done.stderr
