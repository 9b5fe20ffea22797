"""The settings file is a person's: every wrong line is told, none stops the program, nothing of theirs is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import settings
from workbench.errors import StorageError, UsageError
from workbench.settings import Settings, load, save, with_value


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == (Settings(), ())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[appearance]\ntheme = "drak"\n', 2, "appearance.theme must be one of system, light, dark, not 'drak'"),
        ("# mine\n[appearance]\n\ntext_scale = 9\n", 4, "must be a number from 0.8 to 2"),
        ("[chat]\nsistem = 'x'\n", 2, "did you mean 'chat.system'"),
        ("[chatt]\nsystem = 'x'\n", 1, "did you mean 'chat'"),
        ("[engine]\nthreads = true\n", 2, "must be a whole number, not true; 0 is used"),
        ("[engine]\nslots = 1.5\n", 2, "must be a whole number, not 1.5"),
        ("[engine]\nkeep_ready = 1\n", 2, "must be true or false, not 1; false is used"),
        ("[engine]\ncontext_tokens = -5\n", 2, "must be a number from 0 to 16,777,216, not -5"),
        ("[chat]\nsystem = 5\n", 2, "must be text in quotes"),
        ("chat = 3\n", 1, "must be a table"),
        ("[chat\n", 1, "not valid TOML"),
        ("[chat]\nmax_tokens = -1\n", 2, "from 0 to"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = write(tmp_path, text)
    loaded, notices = load(path)
    assert loaded == Settings()
    (notice,) = notices
    assert (notice.file, notice.line) == (path, line)
    assert words in str(notice)
    assert str(path) in str(notice)


def test_one_wrong_value_does_not_cost_the_others(tmp_path: Path) -> None:
    loaded, notices = load(
        write(tmp_path, '[appearance]\ntheme = "dark"\ntext_scale = "big"\n[chat]\nsystem = "Be brief."\n')
    )
    assert (loaded.appearance.theme, loaded.appearance.text_scale, loaded.chat.system) == ("dark", 1.0, "Be brief.")
    assert len(notices) == 1


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00")
    loaded, (notice,) = load(path)
    assert loaded == Settings()
    assert "cannot be read" in notice.text


def test_saving_keeps_comments_order_and_unknown_keys(tmp_path: Path) -> None:
    path = write(tmp_path, '# my settings\n[chat]\nsystem = "old"  # the voice\nmine = 1\n')
    save(path, with_value(with_value(Settings(), "chat.system", "new"), "appearance.theme", "dark"))
    text = path.read_text()
    assert text.startswith("# my settings\n[chat]\n")
    assert "# the voice" in text
    assert "mine = 1" in text
    loaded, _notices = load(path)
    assert (loaded.chat.system, loaded.appearance.theme) == ("new", "dark")


def test_a_default_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    save(path, with_value(Settings(), "appearance.theme", "dark"))
    save(path, Settings())
    assert "dark" not in path.read_text()
    assert load(path) == (Settings(), ())
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_broken_file_is_never_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path, "[chat\nsystem = precious\n")
    with pytest.raises(StorageError, match="not valid TOML"):
        save(path, Settings())
    assert "precious" in path.read_text()


@pytest.mark.parametrize(
    ("key", "value"), [("chat.sistem", "x"), ("appearance.theme", "blue"), ("engine.threads", "4"), ("", 1)]
)
def test_bad_changes_are_refused(key: str, value: object) -> None:
    with pytest.raises(UsageError):
        with_value(Settings(), key, value)


def test_every_key_has_a_default_that_its_own_rule_allows() -> None:
    for key in settings._all_keys():
        assert with_value(Settings(), key, settings._default(key)) == Settings()


def test_keys_of_ones_own_are_a_table(tmp_path: Path) -> None:
    path = write(tmp_path, '[shortcuts.keys]\n# my fingers\nnew_chat = "Ctrl+J"\nfind = "F3"\n')
    loaded, notices = load(path)
    assert (loaded.shortcuts.keys, notices) == ({"new_chat": "Ctrl+J", "find": "F3"}, ())
    save(path, with_value(loaded, "shortcuts.keys", {"new_chat": "Ctrl+J", "models": ""}))
    assert load(path)[0].shortcuts.keys == {"new_chat": "Ctrl+J", "models": ""}
    assert "# my fingers" in path.read_text(encoding="utf-8")
    save(path, Settings())
    assert load(path) == (Settings(), ())


def test_keys_that_are_no_words_are_told(tmp_path: Path) -> None:
    loaded, (notice,) = load(write(tmp_path, "[shortcuts]\nkeys = {new_chat = 5}\n"))
    assert loaded == Settings()
    assert "shortcuts.keys must be a table of keys in quotes" in str(notice)
    with pytest.raises(UsageError):
        with_value(Settings(), "shortcuts.keys", {"new_chat": 5})
