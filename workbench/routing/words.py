"""The words by which something is asked, and by which it is seen that the answer is another one from day to day. Pure."""

from __future__ import annotations

import re
from typing import Final

from workbench.routing.signs import signs_of, wants, word_set

_QUESTIONS: Final = signs_of(
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
    r"\b(?:difference|differences) between\b|\bmeaning of\b|\bdefinition of\b|\bdefine\b|\bname (?:the|three|five"
    r"|some|all) \w+"
    r"|\bhow (?:come|to)\b|\bis it true\b|^\W*(?:symptoms|causes|effects|advantages|pros and cons|types|examples) of\b"
    r"|\btell me (?:about|how|why|what|who|when)\b",
    r"^\W*(?:can|could|should|will|would|may|must|am|isn't|aren't|don't|doesn't) (?!you\b|i\b|we\b)\w+.*\?",
    r"\bunterschied zwischen\b|\bwas bedeute[tn]\b|^\W*(?:kann|können|gibt|ist|sind|hat|haben|war|waren|darf|muss"
    r"|stimmt|wird"
    r"|werden|braucht)\b (?!du\b|ich\b|wir\b|ihr\b).*\?",
    r"\best-ce que? (?!tu|vous)|\bc'est quoi\b|^\W*comment (?!ça|vas|allez|tu)|\bà quoi\b|\bdifférence entre\b"
    r"|\by a-t-il\b"
    r"|\bque signifie\b",
    r"\bpara qué\b|\bcómo (?!estás|te va|está usted)|\bdiferencia entre\b|\ba qué\b|\ben qué\b|\bqué \w+ (?:es|son"
    r"|tiene|hay)\b",
    r"^\W*come (?:funziona|si|mai|è|sono)\b|^\W*cosa\b|\bdifferenza tra\b|\bquant[oiae]\b|\bdiferença entre\b"
    r"|\bcomo (?:funciona"
    r"|se|é|são)\b|\bquantos?\b|\bpor que\b",
    r"^\W*(?:wat|hoe|welke|hoeveel|vad|hur|varför|vem|när|hvad|hvordan|hvorfor|hva|co|jak|dlaczego|kto|gdzie|kiedy"
    r"|ile|mikä"
    r"|miksi|kuka|nedir|nasıl|neden|mi az|miért|ce este|cum|что|как|зачем|правда ли)\b",
    r"什么|什麼|为什么|怎么样|怎样|如何|谁|哪|多少|何時|なぜ|どこ|誰|どうして|とは|何ですか|무엇|왜|언제|어떻게",
)
# A question in any other words, of which nothing tells that it is about those who talk.
_ANY_QUESTION: Final = re.compile(r"[?\uff1f\u061f;][\s\"'”»)]*\Z")
_OF_US: Final = word_set(
    """i me my mine we us our you your yours ich mir mich mein meine meinen wir uns du dir dich dein deine sie ihnen je
    moi mon ma mes nous tu toi ton ta vous votre yo mi mis nosotros tú ti te usted io noi tuo tua eu meu minha você ik
    mijn jij je jouw я мне мой мы ты тебе вы вам"""
)
_TALK: Final = re.compile(
    r"how are you|wie geht(?:'s| es)|comment (?:ça|vas|allez)|\bça va\b|qué tal|come stai|как дела|你好|what do you think"
    r"|who are you|你是谁|about you|tell me a (?:joke|story)|\bpoem\b|\bgedicht\b|\bpoème\b"
)


def asks(text: str, found: frozenset[str]) -> bool:
    """Whether something is to be known or explained. Talk among people is none."""
    if _TALK.search(text):
        return False
    asked = wants(_QUESTIONS, text, found)
    return asked or (_ANY_QUESTION.search(text) is not None and found.isdisjoint(_OF_US))


_FRESH: Final = signs_of(
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
    r"\bwho (?:won|is winning|is leading)\b|\bthe score (?:of|in)\b|\b(?:recent|breaking|live) (?:news|results?"
    r"|scores?|updates?"
    r"|developments)\b|\brecently\b|\btomorrow\b|\bnext (?:week|month|weekend)\b|\bagainst the (?:dollar|euro|pound)\b"
    r"|\bstill (?:alive|open|in office)\b|\brelease date\b|\bnewest\b|\bup[- ]to[- ]date\b|\bthese \w+ days\b",
    r"\baktuell|\bnachrichten\b|\bneuigkeiten\b|\bneueste|\bmorgen (?:in|regnen|früh|wetter)"
    r"|\bwer hat .{0,40}\bgewonnen\b"
    r"|\bspielstand|\bdieses jahr\b|\bdiesen monat\b|\bletzte[nrs]? (?:monat|jahr|spiel)|\b(?:kostet|steht"
    r"|notiert) (?:gerade|heute"
    r"|derzeit|aktuell|momentan)\b|\bgerade (?:der|die|das|ein) (?:kurs|preis)",
    r"\bderni(?:er|ère)s? (?:nouvelle|actualité|résultat|info)|\bactualités?\b|\bcette année\b|\bce (?:soir|mois"
    r"|week-end)\b"
    r"|\bdemain\b|\bqui a gagné\b|\bhier soir\b|\bla grève\b",
    r"\búltim[ao]s? (?:noticia|resultado|hora|versión)|\bquién ganó\b|\beste (?:año|mes|fin de semana)\b"
    r"|\bmañana (?:va|hará|en)\b"
    r"|\bqué tiempo (?:hace|hará)|\bchi ha vinto\b|\bquest'anno\b|\bquesta settimana\b|\bdomani\b"
    r"|\bche tempo (?:fa|farà)"
    r"|\bultime notizie|\bquem ganhou\b|\besta semana\b|\bamanhã\b",
    r"今天|明天|最新|现在|目前|最近|天气|新闻|今日|明日|天気|ニュース|오늘|내일|날씨|뉴스",
)


def is_fresh(text: str, found: frozenset[str]) -> bool:
    """Whether the answer is another one from day to day. ``text`` in small letters."""
    return wants(_FRESH, text, found) and asks(text, found)
