"""The choice of the model that finds passages by their meaning."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.fakes.models import model
from tests.ui.conftest import MakeWindow
from ui.appearance import Appearance
from ui.settings.meaning_row import BUILT_IN, NONE, MeaningRow, OwnModelRow, RankingRow
from workbench.models.gguf.kind import PROBLEMS, Kind
from workbench.settings import Settings, with_value

GEMMA = replace(model("EmbeddingGemma 300M"), problem=PROBLEMS[Kind.EMBEDDER])


def said(row: OwnModelRow) -> str:
    return row.picker.accessibleName()


def test_only_embedding_models_are_offered(appearance: Appearance, qtbot: QtBot) -> None:
    row = MeaningRow(appearance)
    qtbot.addWidget(row)
    row.show()
    row.show_settings(Settings())
    row.show_models((model(), GEMMA, replace(model("Broken"), problem="It is cut off.")))
    assert said(row) == f"Search by meaning: {BUILT_IN}"
    row.picker.click()
    offered = [one for one in row.window().findChildren(QAbstractButton) if one is not row.picker]
    names = [one.accessibleName() for one in offered]
    assert names[:2] == [BUILT_IN, GEMMA.name]
    assert not any("Broken" in name or "Get EmbeddingGemma" in name for name in names)
    with qtbot.waitSignal(row.saved) as saved:
        offered[1].click()
    assert saved.args == ["documents.embedding_model", GEMMA.id]
    row.show_settings(with_value(Settings(), "documents.embedding_model", GEMMA.id))
    assert said(row) == f"Search by meaning: {GEMMA.name}"


def test_what_is_not_there_yet_can_be_fetched(make_window: MakeWindow) -> None:
    opened = make_window()
    opened.window.actions_["settings"].trigger()
    page = opened.window.pages.settings
    assert page is not None
    page.meaning.picker.click()
    offered = {one.accessibleName(): one for one in opened.window.findChildren(QAbstractButton)}
    get = next(button for name, button in offered.items() if name.startswith("Get Nomic Embed Text"))
    get.click()
    opened.until(lambda: [one.title for one in opened.workbench.downloads.items()] == ["Nomic Embed Text v1.5"])


def test_a_reranker_is_one_of_ones_own_or_none(appearance: Appearance, qtbot: QtBot) -> None:
    own = replace(model("My Reranker"), problem=PROBLEMS[Kind.RANKER])
    row = RankingRow(appearance)
    qtbot.addWidget(row)
    row.show()
    row.show_settings(Settings())
    row.show_models((model(), GEMMA, own))
    assert said(row) == f"Reranker: {NONE}"
    row.picker.click()
    offered = [one for one in row.window().findChildren(QAbstractButton) if one is not row.picker]
    names = [one.accessibleName() for one in offered]
    assert names[:2] == [NONE, own.name]
    assert any(name.startswith("Get BGE Reranker") for name in names[2:])
    with qtbot.waitSignal(row.saved) as saved:
        offered[1].click()
    assert saved.args == ["documents.reranking_model", own.id]


def test_a_model_that_is_gone_is_still_named(appearance: Appearance, qtbot: QtBot) -> None:
    row = MeaningRow(appearance)
    qtbot.addWidget(row)
    row.show_settings(with_value(Settings(), "documents.embedding_model", "gone-model"))
    assert said(row) == "Search by meaning: gone-model"


def test_it_is_kept_by_the_settings_page(make_window: MakeWindow) -> None:
    opened = make_window(prepare=lambda workbench: setattr(workbench.models, "installed", (model(), GEMMA)))
    opened.window.actions_["settings"].trigger()
    page = opened.window.pages.settings
    assert page is not None
    opened.until(lambda: page.meaning._models == (GEMMA,))
    page.meaning.saved.emit("documents.embedding_model", GEMMA.id)
    opened.until(lambda: opened.workbench.settings.documents.embedding_model == GEMMA.id)
    opened.until(lambda: said(page.meaning).endswith(GEMMA.name))
