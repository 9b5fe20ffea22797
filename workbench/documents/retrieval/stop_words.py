"""Words that say little, by language: the most frequent ones of each, which also tell the languages apart."""

from __future__ import annotations

from functools import cache
from typing import Final

# As Snowball's lists have them, shortened to the frequent ones; English also has the words that questions are made of.
STOP_WORDS: Final = {
    "english": """a about above after again against all also am an and any are aren as at be because been before
        being below between both but by can cannot could couldn did didn do does doesn doing don down during
        each few for from further had hadn has hasn have haven having he her here hers herself him himself his
        how i if in into is isn it its itself just ll me more most mustn my myself no nor not of off on once
        only or other our ours ourselves out over own re same shan she should shouldn so some such than that the
        their theirs them themselves then there these they this those through to too under until up ve very was
        wasn we were weren what when where which while who whom why will with won would wouldn you your yours
        yourself yourselves""",
    "german": """aber alle allem allen aller alles als also am an andere anderen auch auf aus bei bin bis bist da
        damit dann das dass dein deine dem den denn der des dich die dies diese diesem diesen dieser dieses dir
        doch dort du durch ein eine einem einen einer eines er es etwas euch euer für gegen gewesen hab habe
        haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist
        jede jedem jeden jeder jedes jetzt kann kein keine keinen können könnte machen man mein meine mich mir
        mit muss nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner selbst sich
        sie sind so solche soll sollte sondern sonst über um und uns unser unter viel vom von vor während war
        waren warst was weg weil weiter welche welcher wenn werde werden wie wieder will wir wird wirst wo
        wollen würde würden zu zum zur zwar zwischen""",
    "french": """à ai aie ainsi alors au aucun aussi autre aux avait avant avec avoir c ce ceci cela ces cet cette
        ceux chez comme comment d dans de des deux du elle elles en encore est et étaient était être eu eux fait
        font hors il ils j je l la le les leur leurs lui m ma mais me même mes moi mon n ne ni nos notre nous on
        ont ou où par parce pas peu peut plus pour pourquoi qu quand que quel quelle quelles quels qui s sa sans
        se ses si son sont sous sur t ta tandis te tes toi ton tous tout toute toutes très tu un une vers vos
        votre vous y""",
    "spanish": """a al algo algunas algunos ante antes aquel así aunque cada como con contra cual cuando de del
        desde donde dos durante e el él ella ellas ellos en entre era eran es esa esas ese eso esos esta está
        estaba están estas este esto estos fue fueron ha había hacia han hasta hay la las le les lo los más me
        mi mientras mis mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra otros para pero poco
        por porque que qué quien quienes se sea ser si sí sido sin sobre son su sus también tanto te tiene
        tienen todo todos tu tus un una uno unos y ya yo""",
    "italian": """a ad agli ai al alla alle allo anche avere aveva c che chi ci coi col come con contro cui da
        dagli dai dal dalla dalle dallo degli dei del della delle dello di dove e è ed era erano essere fra ha
        hanno ho i il in io l la le lei li lo loro lui ma mi mia mio ne negli nei nel nella nelle nello noi non
        nostra nostro o ogni per perché però più quale quando quanto quella quelle quelli quello questa queste
        questi questo qui se sei senza si sia siamo sono sta stata stato su sua sue sugli sui sul sulla sulle
        sullo suo suoi tra tu tutti tutto un una uno vi voi""",
    "portuguese": """a à ao aos aquela aquele as às até com como da das de dela dele do dos e é ela elas ele eles
        em entre era essa esse esta está este eu foi foram há isso isto já lhe mais mas me mesmo meu minha muito
        na não nas nem no nos nós nossa nosso num numa o os ou para pela pelas pelo pelos por qual quando que
        quem são se sem ser seu seus só sua suas também te tem têm tinha um uma você vocês""",
    "dutch": """aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een en
        er ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je kan kon
        kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder ons ook op over
        reeds te tegen toch toen tot u uit uw van veel voor want waren was wat werd wezen wie wil worden wordt
        zal ze zelf zich zij zijn zo zonder zou""",
    "swedish": """alla allt att av blev bli blir da dem den denna deras dess dessa det detta dig din du där då
        efter ej eller en er ett från för ha hade han hans har henne hennes hon honom hur här i icke ingen inom
        inte jag ju kan kunde man med mellan men mig min mot mycket ni nu när någon något några och om oss på
        samma sedan sig sin sitt själv skulle som så till under upp ut utan vad var vara varit vi vid vilken vår
        åt över""",
    "danish": """af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse du
        efter eller en end er et for fra ham han hans har havde hende her hos hun hvad hvis hvor i ikke ind jeg
        jo kan kunne man mange med meget men mig min mod når noget nogle nu og også om op os over på selv sig
        sin skal skulle som sådan thi til ud under var vi vil ville vor været""",
    "norwegian": """alle at av bare begge ble blei bli blir både da de deg dei dem den denne der dere det dette di
        din disse du eg ein eit eller elles en enn er et ett etter for fordi fra før ha hadde han hans har
        hennes her ho hun hva hvem hver hvor hvordan i ikke inn ja jeg kan kom kun kunne man mange med meg men
        mer mi min mot mye ned noe noen nå når og også om opp oss over på seg selv si sin skal skulle slik so
        som så til ut uten var ved vi vil ville vår være vært""",
    "finnish": """ei eivät en että hän he ja joka jos joku jotka kanssa kuin kun me mihin mikä minä mitä mukaan
        mutta myös ne niin nämä näin nyt oli olla ole olen on ovat poikki se sekä sen si sillä sinä sitä tai
        tämä tämän te tuo vaan vai vaikka voi yli""",
    "hungarian": """a abban ahhoz ahogy aki alatt által az azért azok azon azt csak de e egy egyes egyéb ez ezek
        ezen ezt és ha hanem hogy hogyan igen illetve is itt jó kell kellett két lehet lenne lesz majd már meg
        mert mi mint minden mind nagy ne nem néha össze pedig s sem sok számára szerint szinte több úgy után van
        vagy vagyis volt""",
    "romanian": """a acea aceasta această aceea acei acel aceste acestea acestei acestui această ai al ale am ar
        are as asta au această ca care ce cea cei cel cele cu cum că da dar de deci din doar după este eu fi fie
        fost fără iar în într la le lor lui mai mult ne nici noi nu o or pe pentru prin sau se sunt să și tot un
        una unei unui va vor""",
    "turkish": """acaba ama ancak bana bazı belki ben beni bir biri birkaç biz bu bunu bunun çok çünkü da daha de
        değil diye en fakat gibi göre hem hep her için ile ise kadar ki kim mi mu mı nasıl ne neden nerede o
        olan olarak oldu olduğu olur onlar onu onun sonra şey şu tüm var ve veya ya yani""",
    "russian": """а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже для
        до его ее если есть еще ж же за здесь и из или им их к как ко когда кто ли либо мне может мы на над надо
        наш не него нее нет ни них но ну о об однако он она они оно от очень по под при с со так также такой там
        те тем то того тоже той только том ты у уже хотя чего чей чем что чтобы эта эти это этого этой этом этот
        я""",
    "greek": """ο η το οι τα του της των τον την και κι κ είμαι είναι ήταν σε στο στη στην στα με από για προς αν
        να θα δεν μη μην που πως πώς τι αυτό αυτή αυτός αυτά ως αλλά όπως""",
    "arabic": """في من على إلى عن مع هذا هذه ذلك التي الذي أن إن كان كانت لا ما لم لن هو هي هم و أو ثم قد كل بعد
        قبل بين حتى إذا أي عند غير""",
}
TOLD_BY: Final = 2  # words of a language that must be there
_SHARE: Final = 0.05  # of all words


@cache
def stop_words(language: str) -> frozenset[str]:
    """Those of a language; none for a language that is not known."""
    return frozenset(STOP_WORDS.get(language, "").split())


@cache
def _tellers() -> dict[str, tuple[str, ...]]:
    """For each word, the languages that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for language in STOP_WORDS:
        for word in stop_words(language):
            found[word] = (*found.get(word, ()), language)
    return found


def language_of(words: list[str]) -> str:
    """The language that these lower-case words are of, told by its frequent ones; empty where none is likely."""
    tellers, counts = _tellers(), dict[str, float]()
    for languages in [tellers[word] for word in words if word in tellers]:
        for language in languages:
            counts[language] = counts.get(language, 0.0) + 1 / len(languages)
    if not counts:
        return ""
    best = max(counts, key=lambda one: counts[one])
    return best if counts[best] >= max(TOLD_BY, _SHARE * len(words)) else ""
