"""The words by which a question shows what is to be done with a text, or for a person, in several languages. Pure; a word
is here when it seldom means anything else."""

from __future__ import annotations

from typing import Final

from workbench.routing.signs import signs_of

_TONGUE: Final = (
    r"(?:english|german|french|spanish|italian|portuguese|dutch|polish|russian|turkish|arabic|japanese|chinese|korean"
    r"|swedish|danish|czech|greek|latin|ukrainian|hindi)"
)
_ZUNGE: Final = (
    r"(?:englisch|deutsch|französisch|spanisch|italienisch|portugiesisch|niederländisch|polnisch|russisch|türkisch"
    r"|arabisch"
    r"|japanisch|chinesisch|schwedisch|dänisch|tschechisch|griechisch|latein|ukrainisch)"
)
_LANGUE: Final = (
    r"(?:anglais|allemand|français|espagnol|italien|portugais|néerlandais|russe|chinois|japonais|arabe|latin)"
)
_LENGUA: Final = r"(?:inglés|alemán|francés|español|italiano|portugués|ruso|chino|japonés|árabe|catalán|latín)"
_LINGUA: Final = r"(?:inglese|tedesco|francese|spagnolo|italiano|portoghese|russo|cinese|giapponese|latino)"
_LINGUA_PT: Final = r"(?:inglês|alemão|francês|espanhol|italiano|português|russo|chinês|japonês)"
TRANSLATE: Final = signs_of(
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
    r"\b(?:put|turn|bring|convert|render|say|have) .{1,60} in(?:to)? "
    + _TONGUE
    + r"\b.{0,12}(?:[:?.!]|\bfor me\b|please|$)",
    r"how (?:would|does|do|can|could|should) .{1,40} say\b|\bthe "
    + _TONGUE
    + r" (?:word|term|expression|version|translation)\b",
    rf"\b(?:auf|ins) {_ZUNGE}\b|\bübersetz|\bauf {_ZUNGE}e?\b",
    rf"\b(?:dit|dire|dites|mets|mettre|passe|version) .{{0,60}}en {_LANGUE}|\bvers l['e ]{{0,2}}{_LANGUE}|\btradu[ic]",
    rf"\b(?:dice|decir|pon|pasa|pása|pásame|escribe) .{{0,60}}(?:al|en) {_LENGUA}|\btraduc|\btradúc",
    rf"\b(?:dice|metti|passa) .{{0,60}}in {_LINGUA}|\btradu[rcz]",
    rf"\b(?:para o|para|em) {_LINGUA_PT}\b.{{0,12}}[:?]|\bin het (?:engels|duits|frans|spaans|nederlands)\b",
    r"przetłumacz|översätt|çevir|перевед|перевод|переведи",
    r"翻译|翻譯|翻訳|번역|用(?:英|德|法|日)[语文]|英訳|和訳",
)
SUMMARISE: Final = signs_of(
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
    r"\bsum(?:s|med)? (?:\w+ )?up\b|\bshort version\b|\btakeaways?\b|\bkey (?:ideas|findings|messages|facts"
    r"|arguments)\b",
    r"\b(?:brief|short|quick) (?:overview|synopsis|digest|summary) of (?:this|the|these|my)\b|\bsynopsis\b|\babridge",
    r"\b(?:this|the|following|these) .{0,60}\bin (?:one|two|three|four|five|a few|\d+) (?:short )?(?:sentences"
    r"|lines|bullet"
    r"|bullets|points|words)\b",
    r"\bzusammen(?:zu)?fass|\bfass\w* .{0,80}zusammen|\bkurzfassung|\bkern(?:aussage|punkt|gedanke)|\bkurz gesagt"
    r"|\bdas wichtigste (?:aus|in|von)\b|\bin (?:ein|zwei|drei|vier|fünf|\d+) sätzen\b.{0,60}(?:text|artikel"
    r"|bericht|brief)",
    r"\brésum|\bsynthè[st]|\bsynthétis|\bgrandes lignes|\bpoints (?:principaux|essentiels)|\ben bref\b",
    r"\bresum|\bresúm|\bideas (?:principales|clave)|\ben pocas palabras|\bsíntesis",
    r"\briassum|\briassunt|\bsintetizza|\bpunti (?:principali|chiave|salienti)|\bpontos (?:principais|chave)",
    r"\bsamen(?:te)?vat|\bsammanfatta|\bstreszcz|\bözetle|кратко перескаж|краткое содержание",
    r"总结|總結|摘要|概括|归纳|要約|まとめて|요약",
)
REWRITE: Final = signs_of(
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
    r"\bsoften\b|\bbetter version of (?:this|my|the)\b|\breword|\brephras|\brework (?:this|my|the)\b"
    r"|\brefine (?:this|my"
    r"|the)\b|\bin other words:|\bsimplify (?:this|the|my) (?:text|sentence|paragraph|letter|email|wording|language)",
    r"\b(?:cut|trim|bring|shorten|reduce|expand) (?:this|my|it|the (?:text|following)) .{0,20}(?:down )?to \d+ words"
    r"|\bshorten (?:this|my|it)\b|\bmake (?:this|it|my \w+) (?:sound|read)\b|\b(?:too|sounds?) (?:harsh|rude|blunt"
    r"|stiff"
    r"|formal|informal|clumsy|awkward|wordy|long-winded)\b",
    r"\b(?:is|are) (?:this|my|the) (?:sentence|english|german|french|spelling|grammar|phrasing|wording|text|email|comma"
    r"|commas)\b.{0,20}(?:ok|okay|right|correct|fine|good|acceptable)\b|\bany (?:mistakes|errors|typos) in\b|\btypos\b",
    r"\b(?:um)?formulier|\bkorrigier|\büberarbeit|\bumschreib|\bumgeschrieben|\blektorier|\bganze sätze"
    r"|\bbesser (?:klingt"
    r"|klingen|ausdrücken)|\bklingt (?:zu|das|es) .{0,30}\b(?:hart|steif|unhöflich|förmlich)|\bfehler (?:in"
    r"|im) (?:diesem"
    r"|meinem|folgenden|dem)|\bin einfacher sprache|\bkürze (?:diesen|den|das|meinen)|\b(?:lockerer|sachlicher"
    r"|formeller"
    r"|netter|diplomatischer|knapper|ausführlicher|prägnanter)\b",
    r"\breformul|\bcorrige|\bcorriger\b|\baméliore|\badoucis|\b(?:rendre?|rends|mets|tourne|écris) .{0,50}(?:plus"
    r"|moins) \w+"
    r"|\bsur un ton (?:plus|moins)|\bfautes d'orthographe",
    r"\breformul|\breescrib|\bcorrij|\bmejor(?:a|ar) (?:este|esta|el|la|mi)\b|\btono (?:más|menos)|\bhaz(?:lo"
    r"|me)? .{0,40}(?:más"
    r"|menos) \w+|\bmás (?:formal|amable|corto|educado|profesional|sencillo|claro)\b",
    r"\bpiù (?:formale|gentile|breve|semplice|chiaro|professionale|cortese)\b|\bmais (?:formal|curto|educado|claro"
    r"|simples)\b"
    r"|\bmiglior(?:a|are) (?:questo|questa|il|la)\b|\b(?:beleefder|korter|vriendelijker|formeler)\b",
    r"润色|改写|校对|修改|通顺|書き直|校正|丁寧|다시 써",
)
EXTRACT: Final = signs_of(
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
    r"\bpull\b.{0,60}\b(?:from|out|of)\b|\bcategori[sz]e\b|\blabel (?:this|these|each)\b|\bpositive or negative\b"
    r"|\bsentiment of\b|\bspam or not\b",
    r"\b(?:into|as|make|build|create|give me) a (?:\w+ )?table (?:with|of|from|out of)\b|\bwith (?:the )?columns\b",
    r"\b(?:list|find|get|show|give me|collect|name|note|highlight) (?:me )?(?:all |every |each |the "
    r"|any )?.{1,60}\b(?:in|from"
    r"|of|out of) (?:this|these|the (?:text|following|email|mail|letter|contract|invoice|list|table|report|paragraph"
    r"|article|document|attached))\b",
    r"\b(?:which|what|who|how many) .{1,50}\b(?:mentioned|named|listed|cited|appear|occur"
    r"|referred to)\b.{0,30}\b(?:in|here"
    r"|below|above|text|following)?\b|\bfrom (?:the|this) (?:text|email|list|following|paragraph|article"
    r"|log) (?:below|above"
    r"|extract|get|take|pull)?",
    r"\bextrahier|\bzieh\w* .{0,60}\b(?:aus|heraus)\b|\bherausz?u?(?:such|zieh|filter|les)|\bsuch\w* .{0,60}\bheraus\b"
    r"|\bnenn\w* (?:mir )?alle .{0,60}\b(?:aus|im|in)\b|\blist\w* .{0,60}\bauf\b|\bklassifizier|\bkategorisier"
    r"|\bwelche .{1,40}\b(?:steh|komm|werden|tauch)\w*\b.{0,40}\b(?:in|im|auf)\b|\b(?:in|als) (?:eine )?tabelle\b"
    r"|\bpositiv oder negativ",
    r"\bextrai|\bliste (?:des|de toutes|les|de tous)\b.{0,60}\b(?:dans|du|de ce|cité|mentionné)|\brelèv"
    r"|\bclasse(?:r|z)? (?:ces"
    r"|les|ce)\b|\b(?:en|sous forme de|dans un) tableau\b",
    r"\bextra(?:e|er|iga)\b|\blista (?:de )?(?:todos|todas|los|las)\b.{0,60}\b(?:del|de este|en|mencionad)|\bclasific"
    r"|\bestra(?:i|rre)\b|\belenca .{0,60}\b(?:nel|nella|da|del)\b|\b(?:en|in) una? tab(?:la|ella)\b|\bextrai[ar]",
    r"提取|抽取|抽出|列出|找出|추출",
)
PLAN: Final = signs_of(
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
    r"\b(?:timetable|rota|roster|packing list|shopping list|to-?do list|study schedule|training schedule|game plan"
    r"|action plan"
    r"|day trip|weekend trip|milestones)\b|\b(?:outline|list|what are|lay out) the steps\b|\bsteps (?:to"
    r"|for) \w+ing?\b",
    r"\bhow (?:do|should|can|would|could) (?:i|we|one) (?:best )?(?:get ready|prepare|organi[sz]e|plan|approach"
    r"|go about|schedule"
    r"|structure|set up my|tackle)\b|\b(?:prepare|get ready|prepping) for (?:a|an|the|my|our)\b",
    r"\b(?:\d+|two|three|four|five|six|ten|a few|a) (?:days?|weeks?|months?) (?:in|to|until|for) .{3,}\b(?:route"
    r"|what|how|plan"
    r"|where|should|visit|learn|prepare|see)\b",
    r"\b\w{3,}plan\b|\bpläne?\b.{0,30}\b(?:für|mach|erstell)|\b(?:plane|planen|planst|einplanen|organisieren"
    r"|vorbereiten"
    r"|ablaufplan|checkliste|packliste|reiseroute|tagesablauf|zeitplan)\b|\bgehe? ich .{0,30}\bvor\b"
    r"|\bin welcher reihenfolge",
    r"\borganis(?:er|e|ons)\b|\bplanifi|\bpréparer (?:un|une|mon|ma|notre)\b|\bétapes (?:pour|à)\b"
    r"|\bemploi du temps|\bprogramme"
    r" (?:de|d'|pour)\b|\bmenus? (?:de la semaine|pour la semaine)|\bpar où commencer",
    r"\borganizar\b|\bplanific|\bprepara(?:r|me)? (?:un|una|mi)\b|\bpasos (?:para|a seguir)|\bmenú semanal"
    r"|\bpor dónde empiezo"
    r"|\bhorario (?:de|para)\b|\bcalendario (?:de|para)\b",
    r"\borganizzare\b|\bpianific|\bpreparare (?:un|una)\b|\bpassi per\b|\bmenù? settimanale|\bplanear\b"
    r"|\bpasso a passo\b",
    r"制定.{0,10}计划|计划书|规划|安排|計画を|계획",
)
