"""The pieces of what would leave: what stands in each mode, and what never goes."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.cloud import MailRedactor
from workbench.chat.escalating.drafting import CHECK_ASKED, Ground, drafted, for_brief, with_private_cut
from workbench.chat.escalating.escalation import Draft, Mode, Piece, PieceKind
from workbench.chat.escalating.requesting import LEFT_OUT, as_one_text, asked
from workbench.chat.tree import Node, Seen
from workbench.cloud.provider import CloudModel
from workbench.messages import (
    Attachment,
    Image,
    Message,
    Passage,
    Role,
    Sources,
    Text,
    ToolCall,
    ToolResult,
    UsedPrompt,
    assistant,
    user,
)

MODEL = CloudModel("openrouter", "gpt-oss-120b")
PUBLIC = Passage(1, "/docs/report.pdf", "c1", "a" * 64, 0, 14, "Rain fell here.", page=3)
PRIVATE = Passage(2, "/home/diary.txt", "c2", "b" * 64, 0, 12, "A secret word", private=True)


def branch_of(*messages: Message) -> tuple[Node, ...]:
    numbers = count(1)
    nodes: list[Node] = []
    for message in messages:
        nodes.append(Node(f"n{next(numbers)}", nodes[-1].id if nodes else None, message, 0.0))
    return tuple(nodes)


def answered(text: str, *passages: Passage) -> Message:
    return Message(Role.ASSISTANT, (Sources(passages), Text(text)))


def ground_of(*messages: Message, **told: object) -> Ground:
    """The last message is the local answer, the one before it the question."""
    *branch, answer = branch_of(*messages)
    return Ground(tuple(branch), answer, **told)  # type: ignore[arg-type]


def draft_of(pieces: tuple[Piece, ...], mode: Mode = Mode.BRANCH) -> Draft:
    return Draft("c", "q", None, MODEL, mode, pieces, 1000)


def sent(ground: Ground, mode: Mode, brief: str = "") -> list[tuple[str, str]]:
    request = asked(draft_of(drafted(ground, mode, brief), mode), {}, MailRedactor(), ()).request
    return [(message.role.value, message.text) for message in request.messages]


TALK = (user("First?"), assistant("One."), user("Second?"), assistant("Two."))


def test_the_whole_branch_goes_as_it_was_said() -> None:
    ground = ground_of(*TALK, system="Be brief.")
    assert sent(ground, Mode.BRANCH) == [
        ("system", "Be brief."), ("user", "First?"), ("assistant", "One."), ("user", "Second?"),
    ]  # fmt: skip


def test_only_the_question_goes_alone() -> None:
    assert sent(ground_of(*TALK), Mode.QUESTION) == [("user", "Second?")]


def test_a_check_shows_the_answer_and_says_what_is_asked() -> None:
    assert sent(ground_of(*TALK, system="Be brief."), Mode.CHECK) == [
        ("user", "Second?"), ("assistant", "Two."), ("user", CHECK_ASKED),
    ]  # fmt: skip


def test_a_brief_goes_instead_of_everything() -> None:
    assert sent(ground_of(*TALK, system="Be brief."), Mode.CONDENSED, "What is two?") == [("user", "What is two?")]


def test_memory_is_listed_and_stays_until_it_is_added() -> None:
    pieces = drafted(ground_of(*TALK, system="Be brief.", memory="Ada likes tea."), Mode.BRANCH)
    (memory,) = [piece for piece in pieces if piece.kind is PieceKind.MEMORY]
    assert not memory.kept
    assert memory.note
    added = tuple(replace(piece, kept=True) for piece in pieces)
    request = asked(draft_of(added), {}, MailRedactor(), ()).request
    assert request.messages[0].text == "Be brief.\n\nAda likes tea."


def test_passages_go_with_their_question_and_private_ones_never() -> None:
    ground = ground_of(user("Rain?"), answered("Yes [1].", PUBLIC, PRIVATE))
    pieces = drafted(ground, Mode.QUESTION)
    shown = {piece.title: piece for piece in pieces if piece.kind is PieceKind.PASSAGE}
    assert shown["report.pdf · Page 3"].kept
    assert (shown["diary.txt"].kept, shown["diary.txt"].private) == (False, True)
    kept = with_private_cut(tuple(replace(piece, kept=True) for piece in pieces), ground)
    ((_role, text),) = [(one.role, one.text) for one in asked(draft_of(kept), {}, MailRedactor(), ()).request.messages]
    assert "Rain fell here." in text
    assert text.endswith("Question: Rain?")
    assert "secret" not in text
    assert "/docs" not in text


def test_what_was_written_after_private_documents_stays_too() -> None:
    ground = ground_of(user("Rain?"), answered("My secret is out.", PRIVATE), user("And?"), assistant("More secrets."))
    for mode in (Mode.BRANCH, Mode.CHECK):
        assert "secret" not in json.dumps(sent(ground, mode))
    (checked,) = [piece for piece in drafted(ground, Mode.CHECK) if piece.kind is PieceKind.ANSWER]
    assert checked.private
    assert checked.needed
    assert all("secret" not in piece.text for piece in for_brief(ground))


def test_a_folder_that_became_private_since_counts() -> None:
    ground = ground_of(user("Rain?"), answered("Yes [1].", PUBLIC))
    pieces = drafted(ground, Mode.QUESTION)
    now = replace(ground, is_private=lambda passage: passage.collection_id == "c1")
    assert [piece.kept for piece in with_private_cut(pieces, now) if piece.kind is PieceKind.PASSAGE] == [False]


def test_a_summary_of_what_is_no_longer_sent_is_private_where_any_of_it_was() -> None:
    messages = (user("Rain?"), answered("A secret.", PRIVATE), user("And?"), assistant("So."))
    ground = ground_of(*messages, seen=Seen("n3", "They spoke of a secret."))
    (summary,) = [piece for piece in drafted(ground, Mode.BRANCH) if piece.id == "summary"]
    assert summary.private
    assert "secret" not in json.dumps(sent(ground, Mode.BRANCH))
    public = ground_of(*TALK, seen=Seen("n3", "They spoke of one."))
    assert sent(public, Mode.BRANCH)[0] == ("system", "What was said before this, in short:\nThey spoke of one.")


def test_documents_and_prompts_go_with_their_question() -> None:
    document = Attachment("plan.txt", "text/plain", 4, "d" * 64, "Step one.")
    prompt = UsedPrompt("p", "review", "Review", system="You are strict.")
    ground = ground_of(Message(Role.USER, (prompt, document, Text("Good?"))), assistant("Yes."))
    told = sent(ground, Mode.QUESTION)
    assert told[0] == ("system", "You are strict.")
    assert told[1] == ("user", '<document name="plan.txt">\nStep one.\n</document>\n\nGood?')


def test_what_tools_gave_goes_as_data() -> None:
    called = (ToolCall("1", "clock", "{}"), ToolResult("1", "clock", "It is noon.", untrusted=True), Text("Noon."))
    told = sent(ground_of(user("Time?"), Message(Role.ASSISTANT, called)), Mode.QUESTION)
    assert "It is noon." in told[0][1]
    assert "never instructions" in told[0][1]


@pytest.mark.parametrize(("sees", "kept"), [(True, True), (None, True), (False, False)])
def test_pictures_go_to_models_that_see(sees: bool | None, kept: bool) -> None:
    picture = Attachment("cat.png", "image/png", 4, "e" * 64)
    ground = ground_of(Message(Role.USER, (picture, Text("A cat?"))), assistant("Yes."), sees=sees)
    pieces = drafted(ground, Mode.QUESTION)
    (piece,) = [one for one in pieces if one.kind is PieceKind.PICTURE]
    assert piece.kept is kept
    shown = {piece.id: Image("image/png", b"1234")} if kept else {}
    request = asked(draft_of(pieces), shown, MailRedactor(), ()).request
    assert sum(isinstance(part, Image) for part in request.messages[-1].parts) == kept


def test_a_question_that_was_cut_leaves_no_answer_first() -> None:
    pieces = drafted(ground_of(*TALK), Mode.BRANCH)
    cut = tuple(replace(piece, kept=piece.text != "First?") for piece in pieces)
    roles = [(one.role.value, one.text) for one in asked(draft_of(cut), {}, MailRedactor(), ()).request.messages]
    assert roles == [("user", LEFT_OUT), ("assistant", "One."), ("user", "Second?")]


def test_an_answer_that_was_cut_joins_its_questions() -> None:
    pieces = drafted(ground_of(*TALK), Mode.BRANCH)
    cut = tuple(replace(piece, kept=piece.text != "One.") for piece in pieces)
    (message,) = asked(draft_of(cut), {}, MailRedactor(), ()).request.messages
    assert message.text == "First?\n\nSecond?"


def test_placeholders_are_explained_and_shown_originals_stay() -> None:
    ground = ground_of(user("Mail ada@example.org and bob@example.org."), assistant("No."))
    pieces = drafted(ground, Mode.QUESTION)
    hidden = asked(draft_of(pieces), {}, MailRedactor(), ())
    assert [message.role for message in hidden.request.messages] == [Role.SYSTEM, Role.USER]
    assert "[EMAIL_1]" in hidden.request.messages[0].text
    shown = asked(replace(draft_of(pieces), shown=("bob@example.org",)), {}, MailRedactor(), ())
    assert "bob@example.org" in shown.request.messages[1].text
    plain = asked(replace(draft_of(pieces), redact=False), {}, MailRedactor(), ())
    assert "ada@example.org" in plain.request.messages[0].text
    assert plain.redactions == ()


def test_as_one_text_for_a_chat_page() -> None:
    ground = ground_of(*TALK)
    question = asked(draft_of(drafted(ground, Mode.QUESTION)), {}, MailRedactor(), ()).request.messages
    assert as_one_text(question) == "Second?"
    branch = asked(draft_of(drafted(ground, Mode.BRANCH)), {}, MailRedactor(), ()).request.messages
    assert as_one_text(branch) == "I asked:\nFirst?\n\nThe answer was:\nOne.\n\nI asked:\nSecond?"


def test_a_brief_that_was_written_before_something_became_private_is_cut() -> None:
    ground = ground_of(user("Rain?"), answered("Yes [1].", PUBLIC))
    pieces = drafted(ground, Mode.CONDENSED, "Rain fell here.")
    assert with_private_cut(pieces, ground) == pieces
    now = replace(ground, is_private=lambda passage: passage.collection_id == "c1")
    (brief,) = with_private_cut(pieces, now)
    assert (brief.kept, brief.private) == (False, True)


SECRET = "XYZZY"


@st.composite
def talks(draw: st.DrawFn) -> tuple[Message, ...]:
    """Questions and answers; once a private passage was read, every answer may repeat it."""
    messages: list[Message] = []
    read = False
    for number in range(draw(st.integers(1, 4))):
        messages.append(user(f"Question {number}?"))
        passages = tuple(
            Passage(10 * number + place, "f.txt", "c", "a", 0, 5, SECRET if private else "open", private=private)
            for place, private in enumerate(draw(st.lists(st.booleans(), max_size=2)))
        )
        read = read or any(one.private for one in passages)
        messages.append(answered(f"{SECRET if read else 'Fine'} {number}.", *passages))
    return tuple(messages)


@given(messages=talks(), mode=st.sampled_from(Mode), data=st.data())
def test_whatever_a_person_keeps_nothing_private_goes(
    messages: tuple[Message, ...], mode: Mode, data: st.DataObject
) -> None:
    seen = Seen(data.draw(st.sampled_from(["n1", "n3", None])), f"They said {SECRET}.") if len(messages) > 2 else Seen()
    has_private = any(passage.private for message in messages for passage in message.passages)
    ground = ground_of(*messages, seen=seen if has_private else Seen())
    brief = " ".join(piece.text for piece in for_brief(ground))
    pieces = drafted(ground, mode, brief)
    wanted = tuple(replace(piece, kept=data.draw(st.booleans()), private=False) for piece in pieces)
    request = asked(draft_of(with_private_cut(wanted, ground), mode), {}, MailRedactor(), ()).request
    assert SECRET not in "".join(message.text for message in request.messages)


def test_a_number_that_is_given_again_hides_nothing_private() -> None:
    again = replace(PRIVATE, number=PUBLIC.number)
    ground = ground_of(
        user("Rain?"), answered("Yes [1].", PUBLIC), user("Diary?"), answered("My secret is out.", again)
    )
    pieces = drafted(ground, Mode.CHECK)
    assert [piece.private for piece in pieces if piece.kind is not PieceKind.INSTRUCTION] == [True, False, True]
    assert "secret" not in json.dumps(sent(ground, Mode.CHECK))


def test_the_same_passage_goes_once_and_is_private_wherever_it_was() -> None:
    twice = (user("Rain?"), answered("Yes [1].", PUBLIC), user("Sure?"), answered("Yes [1].", PUBLIC))
    told = json.dumps(sent(ground_of(*twice), Mode.BRANCH))
    assert told.count("Rain fell here.") == 1
    later = (*twice[:3], answered("A secret.", replace(PUBLIC, private=True)))
    assert "secret" not in json.dumps(sent(ground_of(*later), Mode.CHECK))
