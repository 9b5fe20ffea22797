"""The words and marks of programs, and of what is to be calculated. Pure."""

from __future__ import annotations

import re
from typing import Final

from workbench.routing.signs import word_set

_CODE_WORDS: Final = word_set(
    """python javascript typescript rust golang kotlin php sql html css bash powershell dockerfile docker kubernetes regex
    regexp git github api json yaml xml npm pip django flask react vue postgres mysql sqlite numpy pandas pytest unittest
    refactor debug compiler segfault nullpointerexception stacktrace traceback mutex semaphore flexbox linux cron ssh
    haskell scala perl matlab segfault localhost stdout stderr malloc struct enum repo commits
    readme cli backend frontend middleware webhook oauth regexes venv conda numpy pyspark scipy opencv tensorflow
    pytorch assembly cmake makefile webpack async await boolean linkedlist quicksort mergesort"""
)
_CODE_MARKS: Final = re.compile(
    r"```|^\s*(?:def|class|import|#include|public|private|function|const|var|fn|func|package)\s+[\w<{(]"
    r"|from \w+ import|^\s*let \w+ ="
    r"|\bdef \w+\(|\bfunction\s*\w*\(|=>\s*[{(]|;\s*$|\w+\(\)\s*[;{.]|</\w+>|\{\s*\w+\s*\(|\breturn \w+|#!/"
    r"|\$\(|&&|\|\|"
    r"|\bselect\b.+\bfrom\b|\binsert into\b|\bcreate table\b|traceback \(most|exception\b|error: |\b\w+error\b"
    r"|\bc\+\+|\bc#|\.(?:py|js|ts|rs|go|java|cpp|sh)\b|--\w+=|\bprint\(",
    re.MULTILINE,
)
_CODE_ASKED: Final = re.compile(
    r"\b(?:last|my|the|a|this) (?:commit|pull request|merge conflict|repository|terminal|compiler|codebase)\b|`[^`\n]+`"
    r"|\bone-?liner\b|\bshell (?:script|command|one)|\bcommand line\b|\bin (?:c|r|go|java|swift|bash)\b"
    r"|\b(?:programm|program) c\b"
    r"|\b(?:null |void )?pointers?\b.{0,30}\bis\b|\bdata structure|\balgorithms?\b|\bregular expression"
    r"|\barray\b|\bhash map\b"
    r"|\bunit tests?\b|\bstack trace\b|\btype hints?\b|\bsource code\b|\b(?:this|my|the|following) code\b|\bbash[- ]"
    r"|\b(?:write|implement|fix|debug|add) (?:a|an|the|this|my) (?:\w+ )?(?:function|script|class|method"
    r"|program|query|loop)\b"
    r"|\b(?:for|while|foreach|do-while|event)[- ]?(?:loop|schleife)s?\b|\b(?:bucle|boucle|ciclo) (?:for|while)"
    r"|\bcallbacks?\b"
    r"|\b(?:center|align|style|nested?) an? (?:div|flexbox|button|element)\b|<\w+>|\bdivs?\b|\btuples?\b"
    r"|\bdict(?:ionary"
    r"|s)? (?:nach|in python|comprehension|keys?|values?)\b|\blist comprehension|\b(?:write|with|a|the"
    r"|using) (?:an? )?select\b"
    r".{0,40}\b(?:that|which|rows?|orders?|returns?|from|join|query)\b|\b(?:left|inner|outer) join\b|\bprimary key\b"
    r"|\b(?:syntax|runtime|compile|compilation|import|type|index|key|value|reference|segmentation"
    r"|linker) ?(?:error|fault)s?\b"
    r"|\bundefined\b.{0,40}\b(?:read|property|variable|function|reference)|\bcannot read propert|\bcommand not found\b"
    r"|\b(?:git )?(?:commit|merge|rebase|stash|branch|push|pull request)\b.{0,40}\b(?:undo|git|revert|conflict"
    r"|squash|branch"
    r"|history|changes)\b|\bundo .{0,20}commit|\brest endpoint|\bhttp (?:request|status)|\bstatus code\b|\bnull pointer"
    r"|\b(?:en|em|mit|auf|avec|con|met|på) (?:java|javascript|python|rust|kotlin|swift|c\+\+|php|sql|bash)\b"
    r"|\b(?:programm|script|skript)(?:iere|ieren|ier|e)?\b.{0,60}\b(?:python|java|bash|datei|dateien|ordner|files?"
    r"|folders?)\b"
    r"|\b(?:skript|quelltext|quellcode|programmcode|código fuente|codice sorgente|code source)\b|функци[юя] на"
    r"|написать код",
)
_MANY_MEANINGS: Final = frozenset(("json", "csv", "api", "docker", "assembly", "await", "linux", "xml", "html"))


# Without one of these none of the marks is there: most texts are passed over without a search.
_CODE_SIGNS: Final = frozenset("`(){};<=$&|#")
_CODE_BEGINS: Final = word_set(
    """def class import include public private function const var fn func package from let return select insert create
    traceback exception error print c py js ts rs go java cpp sh"""
)


def is_code(text: str, found: frozenset[str], order: str) -> bool:
    """Whether a program is in it, or is asked for in ``order``. JSON alone is a form of answers, not a program. Both in
    small letters, as all below: expressions that pass over their size take twice as long."""
    named = found & _CODE_WORDS
    if named - _MANY_MEANINGS or _CODE_ASKED.search(order):
        return True
    hinted = not _CODE_SIGNS.isdisjoint(text) or not found.isdisjoint(_CODE_BEGINS)
    hinted = hinted or any(word.endswith(("error", "exception")) for word in found)
    return hinted and _CODE_MARKS.search(text) is not None


_MATHS_WORDS: Final = word_set(
    """integrate integral derivative determinant equation equations probability logarithm eigenvalue theorem factorise
    factorize polynomial sqrt irrational fahrenheit celsius ableitung integriere gleichung gleichungssystem
    wahrscheinlichkeit berechne mehrwertsteuer équation dérivée intégrale calcule probabilité ecuación derivada
    probabilidad calcula calcola equazione derivata equação bereken vergelijking уравнение вычисли производная
    вероятность resuelve résous löse prime primes divisible remainder percent percentage triangle hypotenuse radius
    calculate compute rechteck rectangle rectangular rektangel quadratwurzel divided multiplied subtract logarithms
    median dreieck dreiecks triángulo cosine sine modulo arithmetic geometric"""
)
_MATHS_MARKS: Final = re.compile(
    r"\\(?:frac|int|sum|sqrt|lim|begin)\b|\$\$.+?\$\$|\b\d[\d.,]*\s*[-+*/^×÷]\s*\d|\b[a-z]\s*\^\s*\d"
    r"|\d+\s*[a-z]\s*[-+=]"
    r"|\b[a-z]\s*[-+]\s*[a-z]\s*=|\bf\(x\)|\d\s*%\s*(?:of|von|de|di|interest|tip|mehrwertsteuer|zinsen|aan|от)"
    r"|\bsolve\b.{0,40}[=x]|\bprove that\b|\bbeweise\b|\bsin\(|\bcos\(|\blog\(|[∫∑√≤≥≠π]"
    r"|\bhow many ways\b|\bstandard deviation\b|\bsum of (?:the|all)\b|\bmean of\b|\bfactor(?:ise"
    r"|ize)? [a-z\d(]|\d+ (?:fois|mal|times|por|per) \d"
    r"|\bleite .{1,40}\bab\b|\bquadratwurzel|\bwurzel (?:aus|von)\b|\braíz cuadrada|\bracine carrée|\bradice quadrata"
    r"|\b(?:card|poker) hands?\b|\bcombinations of\b|\bpermutations\b|\bodds of\b|\bchances? of rolling\b|\bmatrix\b"
    r"|\b\d+(?:[.,]\d+)? ?(?:prozent|percent|por ciento|pour cent|per cento|procent)\b.{0,12}\b(?:von|of|de|di|van"
    r"|av)\b"
    r"|\bsquare root\b|\baverage (?:speed|of)\b|\bconvert \d|\bunbiased dice\b|\btwo dice\b"
    r"|\bwie ?viel (?:sind|ist|ergibt)\b.{0,20}\d|\bcuánto es\b.{0,20}\d|\bcombien font\b|\bquanto fa\b",
)
_SUM: Final = re.compile(r"\d")
_RECKON: Final = re.compile(
    r"how much|how (?:many|long|far|fast)|what (?:did|does|is|will|would) (?:it|each|the|she|he)|in total"
    r"|\barea\b|\bvolume\b|\bperimeter\b|\baverage\b|\bsplit (?:evenly|between)|\bfläche\b|\bumfang\b|\bvolumen\b"
    r"|\bdurchschnitt|\bwie ?(?:viel|lange|weit|groß|schnell)\b|\bcuánt[oa]s? (?:es|son|cuesta|cuestan|tarda"
    r"|queda)|\bcombien\b"
    r"|\bquant[oi] (?:costa|costano|fa|è)|\baire\b|\bárea\b|\bmoyenne\b|\bpromedio\b"
    r"|altogether|per (?:cent|hour|person)|interest|zinsen|insgesamt|taux|raggio|radius",
)


_MATHS_SIGNS: Final = frozenset("0123456789\\$^=(∫∑√≤≥≠π×÷")
_MATHS_BEGINS: Final = word_set(
    """solve prove beweise ways root deviation sum mean average dice combien quanto quadratwurzel wurzel raíz racine radice
    hand hands combinations permutations odds chance chances matrix leite"""
)


def is_maths(text: str, found: frozenset[str]) -> bool:
    """Whether there is something to calculate, solve or prove."""
    if not found.isdisjoint(_MATHS_WORDS):
        return True
    if _MATHS_SIGNS.isdisjoint(text) and found.isdisjoint(_MATHS_BEGINS):
        return False
    if _MATHS_MARKS.search(text):
        return True
    return len(_SUM.findall(text)) >= 3 and _RECKON.search(text) is not None
