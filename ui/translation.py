"""Words in the person's language, through Qt Linguist. `packaging/translations.py` collects them and makes the files.

`tr` is called where words are shown, not where modules are imported: the translation is loaded after those.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from workbench.paths import asset

FOLDER = "translations"


def tr(text: str, comment: str = "", count: int = -1) -> str:
    """``text`` in the person's language, itself where nobody has translated it. Give it a literal, which is collected; what
    belongs into a ``{name}`` is put in afterwards. ``count`` stands for "%n" and chooses the plural."""
    return QCoreApplication.translate("", text, comment, count)


def marked(text: str) -> str:
    """``text`` as it is, collected for `tr`: for tables that are made when a module is imported."""
    return text


def load_translation(application: QCoreApplication, locale: QLocale | None = None, folder: str = "") -> bool:
    """Use the words of ``locale`` (the system's) from now on. False where there are none: English it is.

    ``folder``: where the files lie, else among the program's own.
    """
    place = folder or str(asset(FOLDER))
    translator = QTranslator(application)
    if not translator.load(locale or QLocale.system(), "workbench", "_", place):
        translator.deleteLater()
        return False
    return application.installTranslator(translator)
