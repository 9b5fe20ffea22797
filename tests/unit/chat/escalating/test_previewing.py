"""What a person is shown before anything leaves: the price, what cannot be sent and what helps."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.escalating.world import MODEL, World
from workbench.cancel import CancelToken
from workbench.chat.escalating.counting import estimated, tokens_from_above, tokens_of_text
from workbench.chat.escalating.counts import Count, CountedBy, Uncounted
from workbench.chat.escalating.escalation import Mode, PieceKind
from workbench.chat.escalating.kept_json import preview_from_json, preview_json
from workbench.chat.escalating.pricing import priced
from workbench.cloud.asking import NextStep
from workbench.cloud.provider import CloudModel, Price
from workbench.cloud.spending.money import CapKind
from workbench.errors import RefusedError, UsageError
from workbench.jobs import quiet_job
from workbench.messages import ChatRequest, Image, user


def test_the_price_is_from_the_prompt_alone_to_the_longest_answer(world: World) -> None:
    preview = world.preview(world.asked())
    assert preview.cost is not None
    assert 0 < preview.cost.low < preview.cost.high <= preview.remaining.micros
    assert (preview.refused, preview.steps, preview.counted) == ((), (), False)
    shorter = world.escalations.preview(replace(preview.draft, most_tokens=100))
    assert shorter.cost is not None
    assert shorter.cost.high < preview.cost.high
    assert '"max_tokens":100' in shorter.body


def test_a_tokenizer_of_the_family_counts(world: World) -> None:
    world.workbench.counting = ScriptedBackend()
    preview = world.preview(world.asked("One two three"))
    assert preview.counted
    assert preview.prompt_tokens == 1 + 4 + 3 + 12
    assert (preview.count.least, preview.count.by) == (1 + 4 + 3, CountedBy.LOADED)


def test_a_count_that_takes_longer_comes_after_the_estimate_and_costs_no_more(world: World) -> None:
    first = world.preview(world.asked("One two three"))
    assert (first.counted, first.count.why) == (False, Uncounted.COMING)
    counted = world.escalations.counted(first.draft)
    assert (counted.count.by, counted.count.why) == (CountedBy.PUBLISHED, None)
    assert first.cost is not None
    assert counted.cost is not None
    assert counted.count.most <= first.count.most
    assert counted.cost.high <= first.cost.high
    assert world.escalations.preview(first.draft).counted, "what counts is warm now"


def test_what_was_shown_is_kept_whatever_is_counted_meanwhile(world: World) -> None:
    """The room in a small context, and so the longest answer that is asked for, goes by the count."""
    draft = world.draft(world.asked("One two three"))
    small = replace(draft, model=replace(draft.model, context_tokens=600))
    shown = world.escalations.preview(small)
    world.escalations.counted(small)
    kept = world.escalations.previewed(world.escalations.propose(shown).id)
    assert (kept.count, kept.outgoing) == (shown.count, shown.outgoing)


def test_a_preview_of_an_earlier_version_is_read(world: World) -> None:
    preview = world.preview(world.asked())
    told = preview_json(preview)
    for counted, by in ((True, CountedBy.LOADED), (False, CountedBy.ESTIMATE)):
        earlier = {**told, "counted": counted, "prompt_tokens": 77}
        del earlier["count"]
        assert preview_from_json(earlier, preview.outgoing.body).count == Count(77, 77, by)
    assert preview_from_json(told, preview.outgoing.body).count == preview.count


def test_no_key_is_told_with_what_helps(world: World) -> None:
    world.workbench.cloud.logout("openrouter")
    preview = world.preview(world.asked())
    assert preview.steps == (NextStep.LOGIN,)
    assert "no key for OpenRouter" in preview.refused[0]
    with pytest.raises(RefusedError, match="no key"):
        world.escalations.propose(preview)
    assert world.consents.list() == ()


def test_a_cap_is_named_with_what_is_left(world: World) -> None:
    world.ledger.set_cap(CapKind.MONTH, 10)
    preview = world.preview(world.asked())
    assert preview.steps == (NextStep.RAISE_BUDGET,)
    assert "$0.00001 is left of the cap for this month" in preview.refused[0]


def test_an_unknown_price_is_asked_for_and_never_zero(world: World) -> None:
    local = world.asked()
    draft = world.escalations.draft(local.id, quiet_job(), "openrouter/somebody/new", Mode.QUESTION)
    preview = world.escalations.preview(draft)
    assert preview.cost is None
    assert NextStep.GIVE_PRICE in preview.steps
    world.workbench.cloud.set_price("openrouter/somebody/new", Price(1, 1, source="own"))
    draft = world.escalations.draft(local.id, quiet_job(), "openrouter/somebody/new", Mode.QUESTION)
    assert world.escalations.preview(draft).refused == ()


def test_what_the_provider_cannot_be_asked_is_told(world: World) -> None:
    world.client.cannot = "This model takes no pictures."
    preview = world.preview(world.asked())
    assert (preview.refused, preview.steps) == (("This model takes no pictures.",), (NextStep.OTHER_PROVIDER,))


def test_too_long_for_the_model_is_told_before_it_is_sent(world: World) -> None:
    draft = world.draft(world.asked("word " * 3000))
    small = replace(draft, model=replace(draft.model, context_tokens=1000))
    preview = world.escalations.preview(small)
    assert preview.steps == (NextStep.SHORTEN,)


def test_the_cloud_that_is_off_drafts_nothing(world: World) -> None:
    local = world.asked()
    preview = world.preview(local)
    consent = world.accepted(local)
    world.workbench.cloud.switch(on=False)
    with pytest.raises(RefusedError, match="switched off"):
        world.draft(local)
    with pytest.raises(RefusedError, match="switched off"):
        world.escalations.propose(preview)
    with pytest.raises(RefusedError, match="switched off"):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent


def test_a_private_project_is_taken_nowhere(world: World) -> None:
    local = world.asked()
    preview, consent = world.preview(local), world.accepted(local)
    project = world.workbench.projects.create("Secret", {"private": True})
    world.workbench.projects.move(world.conversation_of(local), project.id)
    with pytest.raises(RefusedError, match="private project"):
        world.draft(local)
    with pytest.raises(RefusedError, match="private project"):
        world.escalations.propose(preview)
    with pytest.raises(RefusedError, match="private project"):
        world.escalations.hand_off(preview.draft)
    with pytest.raises(RefusedError, match="private project"):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent


def test_the_model_here_writes_the_brief_in_the_background_and_a_person_may_change_it(tmp_path: Path) -> None:
    world = World(tmp_path / "home", "A local answer.", "The brief.")
    try:
        draft = world.draft(world.asked("A long story. What now?"), Mode.CONDENSED)
        (brief,) = (piece for piece in draft.pieces if piece.kind is not PieceKind.TOOL)
        assert (brief.kind, brief.text) == (PieceKind.BRIEF, "The brief.")
        request = world.workbench.backend.requests[-1]
        assert request.background
        assert "A long story. What now?" in request.messages[-1].text
        changed = replace(draft, pieces=(replace(brief, text="My own words."),))
        assert "My own words." in world.escalations.preview(changed).body
    finally:
        world.close()


def test_hidden_words_of_ones_own(world: World) -> None:
    world.workbench.change_setting("cloud.hidden_words", "Zebra, Yak")
    preview = world.preview(world.asked("Where is the Zebra?"))
    assert "Zebra" not in preview.body
    assert [one.original for one in preview.redactions] == ["Zebra"]


def test_there_is_nothing_to_check_without_an_answer(world: World) -> None:
    question = world.chat.keep_question(None, "Well?", quiet_job())
    with pytest.raises(UsageError, match="nothing to check"):
        world.draft(question, Mode.CHECK)
    world.workbench.change_setting("cloud.mode", "check")
    assert world.escalations.draft(question.id, quiet_job()).mode is Mode.QUESTION


def test_what_was_chosen_by_sending_is_proposed_again(world: World) -> None:
    local = world.asked()
    world.escalations.send(world.accepted(local, Mode.BRANCH).id, quiet_job())
    again = world.escalations.draft(local.id, quiet_job())
    assert (again.mode, again.model.full_name) == (Mode.BRANCH, MODEL)


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox jumps over the lazy dog.",
        "def f(x):\n    return x ** 2\n",
        "Ärger über Öl",
        "日本語の文",
        "🙂🙂",
    ],
)
def test_an_estimate_is_from_above(text: str) -> None:
    assert tokens_of_text(text) >= len(text.split())
    assert tokens_of_text(text) <= len(text.encode())


def test_the_longest_answer_leaves_room_for_the_prompt() -> None:
    request = ChatRequest((user("word " * 100),), max_tokens=8000)
    tokens = tokens_from_above(request)
    model = CloudModel("p", "m", context_tokens=tokens + 500, price=Price(1_000_000, 1_000_000))
    found = priced(model, request, estimated(request, Uncounted.UNPUBLISHED))
    assert found.most_tokens == 500
    assert found.cost is not None
    assert found.cost.high == tokens + 500


def test_a_picture_is_shown_and_sent_without_what_else_is_in_its_file(world: World) -> None:
    head, drawn = (
        b"\x89PNG\r\n\x1a\n",
        (_chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0"), _chunk(b"IDAT", zlib.compress(b"\0\0"))),
    )
    end, told = _chunk(b"IEND", b""), _chunk(b"tEXt", b"Comment\0CANARY")
    picture = b"".join((head, drawn[0], told, drawn[1], end))
    attachment = world.workbench.attachments.read_content(picture, "home.png", CancelToken())
    question = world.chat.keep_question(None, "What is it?", quiet_job(), attachments=(attachment,))
    draft = world.draft(question)
    seeing = replace(draft.model, sees=True)
    pieces = tuple(replace(piece, kept=True) for piece in draft.pieces)
    world.escalations.preview(replace(draft, model=seeing, pieces=pieces))
    pictures = [part for one in world.client.asked[-1].messages for part in one.parts if isinstance(part, Image)]
    assert [one.content for one in pictures] == [b"".join((head, *drawn, end))]


def _chunk(kind: bytes, said: bytes) -> bytes:
    return len(said).to_bytes(4, "big") + kind + said + zlib.crc32(kind + said).to_bytes(4, "big")
