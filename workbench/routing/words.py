"""The words by which a question shows what it wants, in several languages. Pure; the lists are short on purpose: a word is
here when it seldom means anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")


def found_in(text: str) -> frozenset[str]:
    """The words of a text, in small letters."""
    return frozenset(_WORD.findall(text.lower()))


@dataclass(frozen=True, slots=True)
class Signs:
    """Of one wish: any of the ``words`` as a whole word, or any of the ``phrases`` anywhere."""

    words: frozenset[str]
    phrases: re.Pattern[str]


def wants(signs: Signs, text: str, found: frozenset[str]) -> bool:
    """``text`` in small letters, ``found``: its words."""
    return not signs.words.isdisjoint(found) or signs.phrases.search(text) is not None


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _signs(words: str, *phrases: str) -> Signs:
    return Signs(frozenset(words.split()), re.compile("|".join(phrases) or r"(?!)"))


_TONGUE: Final = (
    r"(?:english|german|french|spanish|italian|portuguese|dutch|polish|russian|turkish|arabic|japanese|chinese|korean"
    r"|swedish|danish|czech|greek|latin|ukrainian|hindi)"
)
TRANSLATE: Final = _signs(
    """translate translation translating übersetze übersetz übersetzen übersetzung traduis traduire traduisez traduction
    traduce traducir traduzca traducción traduci tradurre traduzione traduza traduzir tradução vertaal vertalen vertaling
    переведи переведите перевести перевод""",
    r"how do (?:you|i|we) say\b",
    r"\bwas heißt\b.*\bauf\b",
    r"wie (?:sagt man|heißt)\b.{0,80}\bauf\b",
    rf"^\W*(?:in |to |into )?{_TONGUE} please|what(?:'s| is) .{{1,60}} in {_TONGUE}\b|\bin {_TONGUE}\?\s*$",
    r"\b(?:ins|auf) (?:englische|deutsche|französische|spanische|polnische|italienische)|auf (?:englisch"
    r"|deutsch|französisch|spanisch)\b",
    r"\b(?:mets|met|passe) .{0,40} en (?:anglais|espagnol|allemand|italien|français)",
    r"\b(?:pasa|pon) .{0,40} (?:al|en) (?:inglés|francés|alemán|italiano|español)",
    r"comment (?:dit|dire)[ -]",
    r"cómo se dice",
    r"come si dice",
    r"como se diz",
    r"hoe zeg je",
    r"как сказать .* по-",
    rf"\b(?:put|turn|bring) (?:this|it|that|the \w+) in(?:to)? {_TONGUE}",
    r"what does the \w+ word",
    r"翻译|翻譯|翻訳|번역",
)
SUMMARISE: Final = _signs(
    """summarise summarize summarising summarizing summary tldr condense zusammenfassung zusammenfassen fasse zusammen
    résume résumer résumez résumé resume resumir resumen riassumi riassumere riassunto resuma resumo samenvatting
    samenvatten перескажи резюмируй конспект""",
    r"tl;? ?dr",
    r"key (?:points|takeaways)|main points",
    r"in a nutshell|\bthe gist\b|^\W*recap\b|\bshorten (?:this|the) .{0,30}(?:report|article|text|page|chapter"
    r"|document) ?.{0,20}to\b",
    r"what (?:is|'s|are) (?:this|the|these) (?:article|paper|text|report|document|pages?|chapter|letter"
    r"|thread) .{0,10}about",
    r"worum geht es|l'essentiel|en résumé|in sintesi|en resumen|de qué (?:va|trata)|di cosa (?:parla|tratta)",
    r"wichtigsten punkte|in stichpunkten",
    r"boil .* down",
    r"points? clés?",
    r"puntos (?:clave|principales)",
    r"\bvat\b.*\bsamen\b",
    r"write an abstract",
    r"总结|摘要|概括|要約|まとめて|요약",
)
REWRITE: Final = _signs(
    """rewrite rephrase reword paraphrase proofread polish formuliere umformulieren korrigiere korrigieren umschreiben
    reformule reformuler corrige corriger corrija reescribe reescribir riscrivi correggi riformula reescreva herschrijf
    verbeter перепиши перефразируй исправь""",
    r"(?:make|turn) (?:this|these|it|the|my) .{0,40}(?:shorter|longer|clearer|politer|friendlier|formal|polite|into a)",
    r"(?:fix|correct|check|improve) (?:the|my|this) (?:grammar|spelling|tone|style|wording|punctuation|text|sentence)",
    r"\bimprove (?:this|my|the) ",
    r"\bedit (?:this|my|the) (?!code)",
    r"\b(?:sounds?|make it|write it|say it) (?:more |less )?(?:professional|formal|polite|friendly|natural"
    r"|casual|better|nicer)",
    r"\btidy (?:this )?up\b|\bcorrect (?:my|this|the)\b|\bgrammar mistakes|\bspelling mistakes|\bbetter wording",
    r"\b(?:kürzer|freundlicher|höflicher|förmlicher|einfacher|verständlicher|professioneller)\b|\bverbessere?\b"
    r"|rechtschreibung",
    r"\b(?:rends|rendre) .{0,40}plus\b|\b(?:améliore|raccourcis|simplifie)\b",
    r"\b(?:mejora|acorta|simplifica|migliora|accorcia|semplifica|melhore|encurte)\b|\brendi .{0,40}più\b"
    r"|\bhaz .{0,30}más \w+",
    r"schreibe?.{0,60}\bum\b",
    r"润色|改写|校对|書き直|校正|다시 써",
)
EXTRACT: Final = _signs(
    """extract extrahiere extrahieren extrais extraire extrae extraer estrai estrarre extraia extrair извлеки извлечь
    classify klassifiziere classifie clasifica classifica""",
    r"\bpull (?:out|all|the)\b",
    r"\b(?:list|find|get|identify|collect) (?:all|every|each|the) .{0,60}(?:in|from|out of|mentioned|below"
    r"|following)\b",
    r"\bparse (?:this|the)\b",
    r"\btag (?:this|these|each)\b",
    r"mentioned in (?:this|the)",
    r"\bwhich \w+ (?:are|is|were) (?:named|listed|given|in|mentioned)\b|give me (?:every|all the|each)\b.{0,60}",
    r"\bsort (?:these|the|this) .{0,40}into\b|\bgroup (?:these|the) .{0,40}by\b|make a (?:json|table"
    r"|csv)\b.{0,60}(?:of|from)\b",
    r"\brel(?:ève|evez)\b|\bwelche \w+ (?:stehen|werden|sind) .{0,30}(?:genannt|rechnung|text|dokument|vertrag)",
    r"liste? .{0,40}(?:auf|genannt)",
    r"ordne .{0,60} nach ",
    r"haal .{0,40}uit ",
    r"\bturn (?:this|the|these) .{0,40}into an? (?:csv|table|json)",
    r"(?:as|into|in) (?:json|csv|a table)\b.{0,30}(?:text|list|article|below)",
    r"提取|抽取|抽出",
)
PLAN: Final = _signs(
    """roadmap itinerary agenda checklist itinéraire itinerario roteiro wochenplan reiseplan lernplan packliste planung
    planning planificar planifier organizza расписание""",
    r"^\W*(?:please )?plan\b|help me plan|\bplan (?:a|an|my|our|the|me)\b|\b(?:\w+ )?plan (?:for|to)\b",
    r"step[- ]by[- ]step plan|\b(?:meal|study|training|project|business|action|weekly) plan\b",
    r"\bschedule (?:my|our|the)\b",
    r"\bbreak .{0,60}\b(?:down )?into (?:tasks|steps)|\bbreak down the\b|order of steps|\bprepare for (?:my|a"
    r"|the|an)\b",
    r"what should my (?:training|week|day|schedule|routine) |\bin what order should\b|where do i start\b",
    r"\b(?:zu planen|plane mir|organisiere)\b|\borganise(?:z|r)? (?:mon|ma|un|une|notre)\b|\bhazme un plan"
    r"|\borganizza\b",
    r"\bstrategy (?:for|to)\b",
    r"how should (?:i|we) organi[sz]e",
    r"^\W*plane\b|mach(?:e)? mir einen plan|erstelle .{0,30}plan",
    r"un plan d|prépare .{0,20}plan",
    r"organiza un|un plan (?:de|para)",
    r"crea un programma|un piano (?:di|per)",
    r"составь план|план (?:на|для|подготовки)",
    r"制定.{0,10}计划|计划书|計画を",
)
_QUESTIONS: Final = _signs(
    """who when where which whose why wer wann wo welche welcher welches warum wieso weshalb quel quelle quels quelles
    quand où pourquoi quién quiénes cuándo dónde cuál cuáles perché quando chi quale quali dove quem onde quais
    wie wanneer waarom кто когда где почему какой какая какое какие сколько explain erkläre explique explica spiega""",
    r"^\W*(?:so |and |ok |okay |please |then )?(?:what|how (?:many|much|old|long|far|tall|high|do|does|did|is"
    r"|are|can|was|were))",
    r"^\W*(?:is|are|was|were|does|did|has|have|do) (?!you\b|i\b|we\b)\w+.*\?",
    r"^\W*(?:please )?(?:tell me|teach me|describe|define)\b .{0,20}(?:about|how|what|why|the)\b|\bhistory of\b",
    r"\bqui (?:a|est|était|sont)\b|\bchi (?:ha|è|era|sono)\b|\bpor qué\b|^\W*was\b.*\?|\bwofür\b|\bwozu\b",
    r"\bwas (?:ist|sind|bedeutet|war|passiert)\b",
    r"qu'est-ce|combien",
    r"qué (?:es|son|significa|fue)|cuánt",
    r"che cosa|cos'è|\bqual è\b",
    r"\bo que é\b|\bqual é\b",
    r"什么|为什么|怎么样|怎样|谁|哪|何時|なぜ|どこ|誰|무엇|왜|언제",
)
_TALK: Final = re.compile(
    r"how are you|wie geht(?:'s| es)|comment (?:ça|vas|allez)|\bça va\b|qué tal|come stai|как дела|你好|what do you think"
    r"|who are you|你是谁|about you|tell me a (?:joke|story)|\bpoem\b|\bgedicht\b|\bpoème\b"
)


def asks(text: str, found: frozenset[str]) -> bool:
    """Whether something is to be known or explained. Talk among people is none."""
    return wants(_QUESTIONS, text, found) and not _TALK.search(text)


_FRESH: Final = _signs(
    """latest newest currently nowadays tonight yesterday weather forecast headlines aktuell aktuelle aktueller
    aktuellen aktuelles heute gestern derzeit neueste neuesten neuste momentan wetter wettervorhersage actuellement
    aujourd actuel actuelle météo ayer hoy actual actualmente últimas noticias oggi ieri attuale notizie hoje ontem
    notícias vandaag gisteren actueel weer nieuws сегодня вчера сейчас новости погода""",
    r"\btoday\b|right now|at the moment|this (?:week|month|year|morning|evening)|last (?:week|night|month)",
    r"these days|\bas of now\b|\b(?:next|upcoming) (?:full moon|train|bus|flight|match|game|election|eclipse"
    r"|concert|holiday)",
    r"\bwho is (?:the |currently )?(?:\w+ )?(?:president|chancellor|prime minister|ceo|king|pope|champion"
    r"|leader)|\bcome out\b",
    r"\b(?:price|cost) of .{1,40}\b(?:now|today)|\bhow much (?:is|does|are) .{1,50}\b(?:cost"
    r"|worth)\b.{0,40}\b(?:in|now|days)\b",
    r"\bgerade\b.{0,40}(?:kanzler|präsident|trainer|chef|minister)|(?:kanzler|präsident)\w* (?:gerade|zurzeit"
    r"|im moment)|zurzeit|derzeitig",
    r"en ce moment|ces jours-ci|ahora mismo|en este momento|in questo momento|neste momento|op dit moment",
    r"\bcurrent(?:ly)? (?!flow|density|circuit)|\bopen now\b|exchange rate|stock price|share price|\bnews\b",
    r"letzte (?:woche|nacht)|diese (?:woche|nacht)|aktienkurs|wechselkurs",
    r"cette semaine|quel temps fait|taux de change",
    r"esta semana|tipo de cambio|precio actual|settimana scorsa|tasso di cambio",
    r"今天|最新|现在|目前|天气|新闻|今日|天気|ニュース|오늘|날씨",
)


def is_fresh(text: str, found: frozenset[str]) -> bool:
    """Whether the answer is another one from day to day. ``text`` in small letters."""
    return wants(_FRESH, text, found) and asks(text, found)


_CODE_WORDS: Final = _set(
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
    r"|\b(?:skript|quelltext|quellcode|programmcode|código fuente|codice sorgente|code source)\b|функци[юя] на"
    r"|написать код",
)
_MANY_MEANINGS: Final = frozenset(("json", "csv", "api", "docker", "assembly", "await", "linux", "xml", "html"))


# Without one of these none of the marks is there: most texts are passed over without a search.
_CODE_SIGNS: Final = frozenset("`(){};<=$&|#")
_CODE_BEGINS: Final = _set(
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


_MATHS_WORDS: Final = _set(
    """integrate integral derivative determinant equation equations probability logarithm eigenvalue theorem factorise
    factorize polynomial sqrt irrational fahrenheit celsius ableitung integriere gleichung gleichungssystem
    wahrscheinlichkeit berechne mehrwertsteuer équation dérivée intégrale calcule probabilité ecuación derivada
    probabilidad calcula calcola equazione derivata equação bereken vergelijking уравнение вычисли производная
    вероятность resuelve résous löse prime primes divisible remainder percent percentage triangle hypotenuse radius
    median dreieck dreiecks triángulo cosine sine modulo arithmetic geometric"""
)
_MATHS_MARKS: Final = re.compile(
    r"\\(?:frac|int|sum|sqrt|lim|begin)\b|\$\$.+?\$\$|\b\d[\d.,]*\s*[-+*/^×÷]\s*\d|\b[a-z]\s*\^\s*\d"
    r"|\d+\s*[a-z]\s*[-+=]"
    r"|\b[a-z]\s*[-+]\s*[a-z]\s*=|\bf\(x\)|\d\s*%\s*(?:of|von|de|di|interest|tip|mehrwertsteuer|zinsen|aan|от)"
    r"|\bsolve\b.{0,40}[=x]|\bprove that\b|\bbeweise\b|\bsin\(|\bcos\(|\blog\(|[∫∑√≤≥≠π]"
    r"|\bhow many ways\b|\bstandard deviation\b|\bsum of (?:the|all)\b|\bmean of\b|\bfactor(?:ise"
    r"|ize)? [a-z\d(]|\d+ (?:fois|mal|times|por|per) \d"
    r"|\bsquare root\b|\baverage (?:speed|of)\b|\bconvert \d|\bunbiased dice\b|\btwo dice\b"
    r"|\bwie ?viel (?:sind|ist|ergibt)\b.{0,20}\d|\bcuánto es\b.{0,20}\d|\bcombien font\b|\bquanto fa\b",
)
_SUM: Final = re.compile(r"\d")
_RECKON: Final = re.compile(
    r"how much|how (?:many|long|far|fast)|what (?:did|does|is|will|would) (?:it|each|the|she|he)|in total"
    r"|altogether|per (?:cent|hour|person)|interest|zinsen|insgesamt|taux|raggio|radius",
)


_MATHS_SIGNS: Final = frozenset("0123456789\\$^=(∫∑√≤≥≠π×÷")
_MATHS_BEGINS: Final = _set("solve prove beweise ways root deviation sum mean average dice combien quanto")


def is_maths(text: str, found: frozenset[str]) -> bool:
    """Whether there is something to calculate, solve or prove."""
    if not found.isdisjoint(_MATHS_WORDS):
        return True
    if _MATHS_SIGNS.isdisjoint(text) and found.isdisjoint(_MATHS_BEGINS):
        return False
    if _MATHS_MARKS.search(text):
        return True
    return len(_SUM.findall(text)) >= 3 and _RECKON.search(text) is not None
