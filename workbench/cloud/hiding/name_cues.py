"""Patterns of what announces a name: titles, greetings, closings, fields and headers, in English, German, French, Spanish.

INTRODUCED, GREETING, CLOSING, SIGNED_OFF and FIELD are asked of the text in small letters (`letters.lowered`): the name
begins where they end. GREETING, CLOSING, FIELD and SIGNED_OFF want an end of a line before it, which is put there.
"""

from __future__ import annotations

import re
from typing import Final

from workbench.cloud.hiding.letters import CAPITAL, beginning, words_begin

_MARKS: Final = "\u0300-\u036f"
REST: Final = rf"[\w{_MARKS}]{{0,40}}+(?:['’-][\w{_MARKS}]{{1,40}}+){{0,3}}"
WORD: Final = rf"[{CAPITAL}]{REST}"
"""A word with a capital: Anna, O'Brien, Müller-Lüdenscheidt. ``REST``: behind the capital."""
PARTICLE: Final = r"(?:von|van|vom|de|der|den|del|della|di|da|dos|das|du|la|le|bin|ibn|ben|al|el|zu|ter|ten|af|av|y)"
CHAIN: Final = re.compile(
    rf"(?:{PARTICLE}[ \u00a0]){{0,2}}{WORD}"
    rf"(?:(?:(?<=\b\w)\.)?[ \u00a0](?:{PARTICLE}[ \u00a0]){{0,2}}(?:[dD]['’])?{WORD}){{0,3}}"
)
"""Up to four such words, with particles between."""

_DEGREE: Final = (
    r"(?:(?:Dr|Prof|Dipl|Ing|med|rer|nat|phil|jur|Mag|MMag|habil|h\.c|Rev|Sir|Dame|Lady|Lord|Professor|Doktor|Doctor)"
    r"\b\.?[ -]?)"
)
SMALL_DEGREE: Final = _DEGREE.lower()
_TITLES: Final = (
    r"Herrn?|Hr|Fr|Frau|Fräulein|Mr|Mrs|Ms|Miss|Mx|Mme|Mlle|Madame|Monsieur|Mademoiselle|Señora?|Señorita|"
    r"Sra|Sr|Srta|Doña|Dr|Dra|Prof|Professor|Professorin|Doktor|Docteur|Doctor|Doctora|Maître|Familie|Fam|"
    r"Eheleute|Kollegin|Kollege|Kollegen|Nachbarin|Nachbar|Onkel|Tante|Uncle|Aunt|Auntie|Tía|Tío|Oncle|"
    r"Judge|Senator|Sergeant|Officer|Captain|Pastor|Nurse|Schwester|Patientin|Patient|Mandantin|Mandant|"
    r"Kundin|Zeugin|Zeuge|Klägerin|Kläger|Beklagter|Oma|Opa|Rechtsanwalt|Rechtsanwältin|Anwalt|Anwältin|"
    r"Notarin|Notar|Pfarrerin|Pfarrer|Richterin|Richter|Hausarzt|Hausärztin|Zahnarzt|Zahnärztin|Lehrerin|"
    r"Lehrer|Trainerin|Trainer|Tía|Tío|Maestra|Maestro|[sS]eñora?|[sS]eñorita|[dD]octora?|[mM]adame|"
    r"[mM]onsieur|[dD]octeur|[sS]ignora?|[sS]ignorina|[mM]evrouw|[mM]eneer|[sS]enhora?|[pP]ani|[pP]anią|[pP]anem"
)
TITLE: Final = re.compile(
    beginning("|".join((*(rf"{title}\.?" for title in _TITLES.split("|")), r"M\.")), r"\w.")
    + rf"[ \u00a0]{_DEGREE}{{0,3}}(?=(?:{PARTICLE}[ ]){{0,2}}[{CAPITAL}])"
)
INTRODUCED: Final = re.compile(
    beginning(
        r"my name is|my name['’]s|the name is|call me|ich heiße|ich heisse|mein name ist|mein mann"
        r"|meine frau|je m['’]appelle|mon nom est|me llamo|"
        r"mi nombre es|mi marido|mi mujer|my husband|my wife|my son|my daughter|my boss|my colleague|mein sohn"
        r"|meine tochter|mein chef|meine chefin|"
        r"mein kollege|meine kollegin|ma femme|mon mari|mon fils|ma fille|mi hijo|mi hija|sincerely yours"
    )
    + r",?[ \u00a0]+(?=\w)"
)
SELF: Final = re.compile(
    beginning(
        r"I['’]m|I am|[Tt]his is|[Hh]ere is|[Ii]ch bin(?: die| der)?|[Hh]ier ist|[Hh]ier spricht"
        r"|[Jj]e suis|[Ss]oy|[Cc]['’]est|[Ii]t['’]s"
    )
    + r"[ \u00a0]"
)
"""Announces a name only where the word that follows is known as one."""
GREETING: Final = re.compile(
    r"[\n>][ \t>\"“„]{0,8}(?:dear|hi|hello|hey|hallo|hallöchen|liebe[rs]?|guten (?:tag|morgen"
    r"|abend)|moin|servus|grüezi|grüß gott|cher|chère|"
    r"bonjour|bonsoir|salut|coucou|hola|querid[oa]|estimad[oa]|buen(?:os|as) (?:días|tardes|noches)"
    r"|good (?:morning|afternoon|evening)|"
    rf"sehr geehrte[rs]?|lieber herr|hiya|greetings)[ \u00a0]+{SMALL_DEGREE}{{0,2}}"
)
DECLARED: Final = re.compile(beginning("I|Ich|Yo|Je soussignée?|Moi") + rf",[ ](?=[{CAPITAL}])")
"""I, Anna Schmidt, ...: at least two words."""
AFTER_GREETING: Final = re.compile(r"[ \t]{0,3}(?:[,!:;.\n–-]|$|(?:and|und|et|y|&)[ ])|[ ]?[\U0001F300-\U0001FAFF]")
ALSO: Final = re.compile(
    r",?[ ](?:and|und|et|y|&|liebe|lieber)(?:[ ](?:liebe|lieber|dear))?[ ]|,[ ](?:liebe|lieber)[ ]"
)
_REGARDS: Final = "|".join(
    f"{kind} (?:regards|wishes|thanks)" for kind in ("best", "kind", "warm", "many", "with kind", "with best")
)
_WISHED: Final = "freundlichen herzlichen besten lieben schönen vielen freundliche herzliche beste liebe schöne viele"
_GREETINGS: Final = "|".join(
    rf"{kind} grü(?:ß|ss)en?(?: aus \w{{1,30}})?" for kind in (f"mit (?:{_WISHED.replace(' ', '|')})", *_WISHED.split())
)
CLOSING: Final = re.compile(
    words_begin(
        f"{_REGARDS}|regards|sincerely"
        r"|yours (?:sincerely|faithfully|truly)|yours|cheers|"
        r"best|all the best|many thanks|thanks|thank you|take care|love|xoxo|"
        f"{_GREETINGS}|gru(?:ß|ss)|"
        r"grü(?:ß|ss)e|hochachtungsvoll|danke(?: und gruß)?|vielen dank|mfg|lg|vg|bg|glg|ihre?|deine?|eure?|"
        r"bien cordialement|cordialement|bien à (?:vous|toi)|meilleures salutations(?: distinguées)?"
        r"|sincères salutations(?: distinguées)?|salutations(?: distinguées)?|amicalement|bises|bisous|merci|"
        r"un (?:cordial )?saludos?(?: cordiales)?|cordial saludos?(?: cordiales)?|saludos?(?: cordiales)?"
        r"|atentamente|un abrazo|abrazos|besos|gracias"
    )
    + r"(?!\w)(?:[ ]{0,2}[,.!–-]{1,2}[ ]?|[ ])?(?:[ \t]*\r?\n){0,3}[ \t>]{0,8}(?:[-–—][ ])?"
    rf"(?:(?:i\.[ ]?[av]\.|gez\.|ihre?|deine?|eure?|your)[ ]{{1,2}})?{SMALL_DEGREE}{{0,3}}"
)
SIGNED_OFF: Final = re.compile(r"\n(?:--[ ]?\r?\n(?=\w)|[-–—~][ ]?(?=\w)(?=[^\n]{2,40}(?:\n?$)))")
AFTER_CLOSING: Final = re.compile(r"[ \t]*(?:[,.!|(/\n\r]|$|[-–—])|[ ]?[\U0001F300-\U0001FAFF❤]")
_WHOSE: Final = (
    "first|last|given|family|full|sur|customer|client|user|contact|display|patient|employee|account|card ?holder|holder"
    "|owner|author|recipient|sender"
)
_NAMED: Final = "|".join(f"{whose}[_ -]?name" for whose in _WHOSE.split("|"))
FIELD: Final = re.compile(
    words_begin(
        f"{_NAMED}|"
        r"name|_name|vorname|nachname|zuname|familienname|kund(?:e|in)|kundenname|customer|client|patient(?:in)?"
        r"|ansprechpartner(?:in)?|kontakt|contact|nom|prénom|nombre|"
        r"apellidos?|cliente|paciente|destinataire|bearbeiter(?:in)?|sachbearbeiter(?:in)?|author|autor|reviewer"
        r"|reviewed-by|signed-off-by|co-authored-by|"
        r"reported-by|acked-by|tested-by|committer|employee|mitarbeiter(?:in)?|mieter(?:in)?|vermieter(?:in)?"
        r"|kontoinhaber(?:in)?|account holder|titulaire|titular|beneficiary|"
        r"begünstigter|empfänger(?:in)?|recipient|attn\.?|attention|z\.? ?hd\.?|c/o|arzt|ärztin|physician|doctor"
        r"|student|candidate|bewerber(?:in)?|assigned to|"
        r"assignee|reporter|requester|invoice to|bill to|ship to|bill-to|rechnung an|lieferung an|absender(?:in)?"
        r"|teilnehmer(?:in)?|anwesend|present|attendees|participants|"
        r"asistentes|présents|entschuldigt|protokoll|notfallkontakt|emergency contact|versicherte[rn]?"
        r"|geschäftsführer(?:in)?|inhaber(?:in)?|owner|tenant|landlord|"
        r"passenger|guest|gast|traveller|emitido a|facturé à|à l['’]attention de|from|to|cc|bcc|reply-to|von|an|de"
        r"|a|para|kopie|sender|expéditeur|remitente"
    )
    + rf"[\"'*_]{{0,3}}[ \t]{{0,8}}[:=][ \t*_]{{0,8}}[\"']?(?:(?:herrn?|frau|mr|mrs|ms|mme|m|sr"
    rf"|sra)\.?[ ])?{SMALL_DEGREE}{{0,3}}"
)
OF_PERSONS: Final = re.compile(
    r"(?i:(?:first|last|given|family|full|sur)[_ -]?name|vorname|nachname|zuname|familienname|nom|prénom"
    r"|apellidos?|patient|paciente|ansprechpartner|"
    r"mieter|vermieter|kontoinhaber|account holder|titulaire|begünstigter|versicherte|notfallkontakt"
    r"|emergency contact|signed-off-by|reviewed-by|"
    r"co-authored-by|attendees|participants|anwesend|entschuldigt|asistentes|présents|present|guest|passenger"
    r"|student|candidate|bewerber|physician|arzt|ärztin)"
)
"""A field of this name holds persons: no list has to know them."""
NEXT_IN_LIST: Final = re.compile(
    r"[\"']?[ ]?(?:,|;|/|&|und|and|et|y)[ ](?=\w)|[ ]?\([^()\n]{0,40}\)[,;][ ]|[ ]?<[^<>\n]{0,100}>[,;][ ]?\"?"
)
BEFORE_MAIL: Final = re.compile(
    rf"({WORD}(?:,?[ ](?:{PARTICLE}[ ]){{0,2}}{WORD}\.?){{0,4}})[\"']?[ ]?(?=[<(\[][\w.+%'-]{{1,64}}+@)"
)
TURNED: Final = re.compile(rf"([{CAPITAL}](?<!\w.)(?<![\w,] .){REST}),[ ]({WORD})(?!\w)")
"""Müller, Hans."""
LOWER: Final = re.compile(r"[^\W\d_]{2,30}(?:[ ][^\W\d_]{2,30})?")
