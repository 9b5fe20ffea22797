"""Patterns of prose around a name that no list has to know: whom only a person can be to somebody, and what only a person
does. English, German, French, Spanish."""

from __future__ import annotations

import re
from typing import Final

from workbench.cloud.hiding.letters import BEFORE_WORD
from workbench.cloud.hiding.name_cues import SMALL_DEGREE, WORD

_EN: Final = (
    "(?:grand)?(?:mother|father|son|daughter)(?:-in-law)?|uncle|aunt|brother(?:-in-law)?|sister(?:-in-law)?|cousin|nephew"
    "|niece|husband|wife|fianc[ée]e?|girlfriend|boyfriend|friend|neighbou?r|colleague|roommate|flatmate|landlord|landlady"
    "|tenant|lawyer|solicitor|doctor|dentist|therapist|teacher|boss|assistant|godfather|godmother|mum|mom|dad"
)
_DE: Final = (
    "(?:schwieger|gro(?:ß|ss)|stief)?(?:mutter|vater|sohn|tochter)|bruder|schwester|schwager|schwägerin|onkel|tante|cousine?"
    "|vetter|neffe|nichte|mann|frau|verlobter?|freund(?:in)?|nachbar(?:in)?|kolleg(?:e|in)|mitbewohner(?:in)?"
    "|vermieter(?:in)?|mieter(?:in)?|anwalt|anwältin|chef(?:in)?|lehrer(?:in)?|oma|opa"
)
_FR: Final = (
    "(?:belle-|beau-|grand-)?(?:mère|père|frère|sœur|soeur|fils|fille)|oncle|tante|cousine?|neveu|nièce|mari|femme"
    "|fiancée?|copain|copine|amie?|voisine?|collègue|colocataire|propriétaire|avocate?|médecin|patronne?|chef"
)
_ES: Final = (
    "(?:madre|padre|herman[oa]|hij[oa]|abuel[oa]|t[íi][oa]|prim[oa]|sobrin[oa]|cuñad[oa]|suegr[oa]|marido|mujer|espos[oa]"
    "|novi[oa]|amig[oa]|vecin[oa]|compañer[oa]|casero|casera|abogad[oa]|jef[ea]|profesora?)"
)
_KIN: Final = "|".join(
    (
        f"(?:my|his|her|our|their|your) (?:(?:late|older|elder|younger|little|big|best|old|dear) )?(?:{_EN})",
        rf"(?:mein|dein|sein|ihr|unser|unsr|euer|eur)(?:e[mnrs]?)? (?:(?:älter|jünger|best|alt)e[nrm]? )?(?:{_DE})",
        f"(?:mon|ma|ton|ta|son|sa|notre|votre|leur) (?:{_FR})",
        f"(?:mi|tu|su|nuestr[oa]|vuestr[oa]) {_ES}",
    )
)
KIN: Final = re.compile(rf"{BEFORE_WORD}(?:{_KIN}),?[ \u00a0]+{SMALL_DEGREE}{{0,3}}(?=\w)")
"""Of the text in small letters, with an end of a line before it: the name begins where it ends."""

ASKED: Final = re.compile(
    rf"{BEFORE_WORD}(?:ask(?:ed)?|tell(?:ing)?|told|text(?:ed)?|met|miss|invited?|thank(?:ed)?|remind|fragt?|frage|sagt?"
    r"|grüße?|erinnere|triff|treffe|dile a|pregunta a|dis à|demande à)[ ](?=[a-zà-ÿœ]{3})"
)
"""Whom one asks: a name in small letters, where the lists know it."""

_SAID: Final = (
    "said|asked|replied|answered|shouted|whispered|cried|muttered|murmured|sighed|called|added|insisted|admitted|continued"
    "|sagte|fragte|antwortete|rief|flüsterte|murmelte|meinte|erwiderte|seufzte|schrie"
    "|dit|demanda|répondit|répliqua|murmura|cria|ajouta|souffla|soupira|a dit|a répondu|a demandé|a crié|a ajouté"
    "|dijo|preguntó|respondió|contestó|gritó|susurró|murmuró|añadió|exclamó"
)
SAID: Final = re.compile(rf"[\"”“»«’'](?<=[\"”“»«,.!?]),?[ ]?[”“\"»«]?,?[ ]?(?:{_SAID})[ ](?=\w)")
"""Behind words in quotation marks: who said them."""

_BODILY: Final = (
    "smiled|nodded|sighed|laughed|grinned|shrugged|frowned|blushed|yawned|winked|wept|sobbed|giggled|chuckled|whispered"
    "|shouted|muttered|murmured|hesitated|swallowed|groaned|stammered|smirked"
    "|lächelte|nickte|seufzte|lachte|grinste|weinte|schluchzte|gähnte|flüsterte|murmelte|stammelte|zögerte|errötete"
    "|sourit|soupira|rougit|hésita|murmura|sanglota|chuchota|haussa|hocha"
    "|sonrió|suspiró|asintió|lloró|susurró|murmuró|titubeó|bostezó|tartamudeó"
)
ACTED: Final = re.compile(rf"[ ](?:{_BODILY})(?!\w)")
"""What only a person does: the name stands before it."""
LAST_WORD: Final = re.compile(rf"(?<![\w-])({WORD})\Z")
JOINED: Final = re.compile(r",?[ ](?:and|or|nor|und|oder|noch|et|ou|ni|y|e|o)[ ]\Z")
JOINS: Final = re.compile(r",?[ ](?:and|or|nor|und|oder|noch|et|ou|ni|y|e|o)[ ](?=\w)")
ALONE_BEHIND: Final = re.compile(r"(?:['’]s)?(?:[ ][a-zà-ÿœ]|[.,;:!?)](?!\w)|\Z|\n)")
"""What follows a name of one word that stands in a sentence, not in a title."""
