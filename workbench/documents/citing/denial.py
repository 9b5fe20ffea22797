"""Whether two texts that speak of the same say the opposite: a "not" too many, or a word for its contrary. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workbench.documents.citing.evidence import Evidence, Word, content, has
from workbench.documents.citing.words import folded, stem, words_of

SCOPE: Final = 4  # words that a denial holds for

_NOT: Final = frozenset(
    words_of("""
    not no never none nor neither nobody nothing nowhere without cannot hardly scarcely barely unable nicht kein
    keine keinen keinem keiner keines nie niemals ohne niemand nichts weder kaum pas jamais aucun aucune sans
    rien personne nunca jamas ningun ninguna sin nada tampoco mai nessun nessuna senza
""")
)
_OF_A_VERB: Final = frozenset(
    words_of("not nicht pas")
)  # "endet nicht am 3. Mai": with a date alone behind it, of what is before
_SOFT: Final = frozenset(stem(word) for word in words_of("fail lack refuse deny cease avoid"))
_GROUPS: Final = (
    "father mother brother sister uncle aunt son daughter husband wife cousin nephew niece grandfather grandmother",
    "red green blue yellow black white gray grey brown orange purple pink",
    "north south east west|northern southern eastern western".replace("|", " "),
    "spring summer autumn winter",
    "morning noon afternoon evening night midnight",
)
_PAIRS: Final = (
    "increase decrease|increased decreased|increased reduced|rise fall|rose fell|grew shrank|gained lost|won lost|win lose"
    "|allow forbid|allowed forbidden|allowed prohibited|permitted prohibited|may must|accept reject|accepted rejected"
    "|accept refuse|accepted refused|begin end|began ended|start stop|started stopped|before after|above below|over under"
    "|more less|more fewer|largest smallest|highest lowest|longest shortest|oldest youngest|older younger"
    "|larger smaller|higher lower|greater smaller|longer shorter|nearest farthest|first last|always never|often rarely"
    "|often seldom|all none|everyone nobody|with without|inside outside|open closed|private public|legal illegal"
    "|lawful unlawful|possible impossible|able unable|known unknown|important unimportant|good bad|strong weak|hot cold"
    "|warm cold|wet dry|rich poor|early late|earlier later|east west|north south|northern southern|eastern western"
    "|left right|male female|men women|brother sister|father mother|husband wife|son daughter|king queen|success failure"
    "|succeeded failed|true false|guilty innocent|friend enemy|buy sell|bought sold|borrow lend|include exclude"
    "|included excluded|exempt liable|voluntary compulsory|optional mandatory|temporary permanent|majority minority"
    "|agree disagree|agreed disagreed|approve disapprove|support oppose|supported opposed|liked disliked|loved hated"
    "|visible invisible|dark bright|violable inviolable|free imprisoned|frei unfrei|erlaubt verboten|zulassig unzulassig"
    "|offentlich privat|verletzlich unverletzlich|mehr weniger|grosste kleinste|vor nach|immer nie|alle keine|darf muss"
    "|mit ohne|frauen manner|yes no|ja nein|oui non|si no"
)


def _contraries() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in (*_PAIRS.split("|"), *_GROUPS):
        for word in group.split(" "):
            found.setdefault(word, set()).update(set(group.split(" ")) - {word})
    return {word: frozenset(others) for word, others in found.items()}


_CONTRARY: Final = _contraries()


def denied(claim: Evidence, passage: Evidence) -> str:
    """What differs, in words; empty where nothing does. ``passage``: the sentence that speaks of the same."""
    for one, other, told in (
        (claim, passage, "the passage does not say “{word}”"),
        (passage, claim, "the passage says “{word}”"),
    ):
        if sum(is_denial(word.text) for word in one.words) % 2 == 0:
            continue  # a denial of a denial
        for number, scope in _denials(one):
            shared = [word for word in scope if has(other, word)]
            if len(shared) * 2 >= len(scope) and shared and not _denies(other, shared, one):
                return told.format(word=one.words[number].text)
    return ""


def contrary(claim: Evidence, passage: Evidence) -> str:
    """A word of the passage that says the contrary of one of the claim; empty where there is none."""
    ours, theirs = ({folded(word.text) for word in one.words} for one in (claim, passage))
    for word in ours - theirs:
        for other in _CONTRARY.get(word, frozenset()) & theirs:
            if other not in ours and stem(word) not in passage.stems:
                return f"the passage says “{other}”, not “{word}”"
    return ""


def _denials(text: Evidence) -> Iterator[tuple[int, list[Word]]]:
    """The place of each word of denial, and what it holds for."""
    said = set(content(text))
    for number, word in enumerate(text.words):
        if is_denial(word.text):
            after = [one for one in text.words[number + 1 :] if one in said and one.place - word.place <= 3 * SCOPE]
            before = [one for one in text.words[:number] if one in said and word.place - one.place <= 3 * SCOPE]
            if after or (before and folded(word.text) in _OF_A_VERB):
                yield number, after[:SCOPE] or before[-SCOPE:]


def _denies(text: Evidence, words: list[Word], beside: Evidence) -> bool:
    """Whether a denial of ``text`` stands before one of these words, or close to it; "failed to" is one where the text
    ``beside`` it does not say so too."""
    stems = {word.stem for word in words}
    soft = _SOFT - beside.stems
    places = [word.place for word in text.words if is_denial(word.text) or word.stem in soft]
    return any(
        -2 <= word.place - place <= 3 * SCOPE for word in text.words if word.stem in stems for place in places
    ) or (bool(places) and not any(word.stem in stems for word in text.words))


def is_denial(word: str) -> bool:
    low = folded(word)
    if word == "Mai":  # the month: "mai" is never
        return False
    return low in _NOT or low.endswith(("n't", "n’t"))
