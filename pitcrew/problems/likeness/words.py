"""Text as the words that count: folded, without small words, stemmed lightly, words of one meaning as one.

English and German. The stemming takes endings off and knows no grammar; that two words fall together now and then
costs less than that two forms of one word stay apart.
"""

import re
import unicodedata
from functools import lru_cache

from pitcrew.problems.likeness.meanings import MEANINGS

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")
_ASKS = re.compile(
    r"\b(how (do|does|can|could|much|many|long|heavy|bright|high|safe|is|are)|which|where (do|does|is|are|can)"
    r"|when (do|does|is|are|will|can)|what (does|do|is|are|fee)|do (you|the|they) \w+|is (there|it possible)"
    r"|(can|could|may) (i|you|we)|i (want|need|would like|have to)|we (want|need|would like)|i'd like"
    r"|please (send|change|stop|build|remove|delete|add|block|tell)"
    r"|wie (kann|konnen|viel|viele|lange|hoch|teuer|geht)|welche[rsn]?|wo (ist|sind|finde|kann)|wann|was kostet"
    r"|gibt es|haben sie|(kann|konnen|darf) (ich|man|wir|sie)|(ich|wir) (mochte|mochten|brauche|brauchen|will|wollen)"
    r"|bitte (senden|schicken|andern|stornieren|loschen|sperren))\b"
)
_ALL_ENDINGS = """
ungen ung ings ing edly ed ies es en ern er em e s n ly ment ation ations heit keit lich te ten t
"""
_ENDINGS = tuple(sorted(_ALL_ENDINGS.split(), key=len, reverse=True))
_SHORTEST = 4  # letters that a stem keeps
_SPELLED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
NOT = "¬"

_SMALL_ONES = """
a about above after all also although always am an and any anyone anything are as ask asked asking at away be
became because been before being best between both but by call came can cannot come could day days dear did do
does doing done down during each either else ever every everything few find first for friend from get gets
getting give go goes going good got great had has have having he hello help her here hi him his how however i if
in instead into is it its itself just kind kindly know last late lately later least less let like look lot made
make many may maybe me mean might month months more morning most much must my myself need next no now of off on
once one only or other our out over own perhaps please possible problem quite rather really regards regarding
same saw say says see seem seems she should since so some someone something soon sorry still such sure team tell
than thank thanks that the their them then there these they thing things think this those though through time
times to today told tomorrow too tried try trying two under until up us use very want was way we week weeks well
went were what when where whether which while who why will wish with within without wonder would wrote year
years yes yesterday yet you your yours hope customer service support number happen happens happened issue
question whom concern expect answer reply advance sir madam sincerely greetings brief work working works line
queue manager recommended neighbour monday tuesday wednesday thursday friday saturday sunday january february
march april june july august september october november december already constantly again second third fix fixed
solve solved check checked anybody somebody ago wife husband mother father son daughter ab aber alle allem allen
alles als andere anderen auch auf aus ausserdem bei beim bin bis bist bitte da dabei dafur daher damit dank
danke dann daran darauf darum das dass dein deine dem den denn der des deshalb dich die dies diese diesem diesen
dieser dieses dir doch dort du durch ein eine einem einen einer eines einfach einmal er erst es etwas euch euer
fur ganz geehrte geehrter gegen gern gerne gestern grusse gruss gut guten habe haben habt hallo hat hatte hatten
heute hier hin ich ihm ihn ihnen ihr ihre ihrem ihren im ins ist ja jede jeden jeder jetzt kann kannst konnen
konnte konnten lassen leider liebe lieber mal man mehr mein meine meinem meinen meiner mich mir mit mochte monat
monate morgen muss musste nach noch nun nur ob oder ohne schon sehr sein seine seit seitdem sich sie sind sogar
soll sollte sondern tag tage tagen uber um und uns unser unsere unter vielen viel vom von vor war ware waren
warum weil weiss wenn wer werde werden wie wieder wir wird wirklich wo woche wochen wohl wollte worden wurde
wurden zu zum zur zwar zwei kunde kundin herr frau herren damen letzte letzten letzter letztem jahr jahre jahren
kummern kundennummer anrufen angerufen zusammen melden gemeldet voraus antwort antworten rufen schreiben
schreibe warten warte montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni
juli oktober dezember immer standig dauernd erneut trotzdem lasst gerade mehrmals dringend hilfe hilft helfen
frage gruessen mfg vg lg sehen vielleicht eigentlich freundlichen freundliche anruf kundendienst jemand passiert
bereits
"""
SMALL = frozenset(_SMALL_ONES.split())
_DENIED_ONES = """
not no never nothing none neither nor without cannot cant can't won't wont don't dont doesn't doesnt didn't
didnt isn't isnt hasn't hasnt haven't havent wasn't wasnt couldn't nowhere nobody unable refuses fails failed
nicht nichts nie niemals kein keine keinen keinem keiner ohne weder nirgends
"""
DENIED = frozenset(_DENIED_ONES.split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its ending; the beginning of a German participle goes too."""
    if word.startswith("ge") and len(word) > 7 and word.endswith(("t", "en")):
        word = word[2:]
    for _ in range(2):
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST), "")
        if not ending:
            break
        word = word[: -len(ending)]
    return word


def fold(text: str) -> str:
    """Small letters without marks; ä is a."""
    text = unicodedata.normalize("NFC", text.casefold()).translate(_SPELLED)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


_MEANT = {stem(fold(word)): f"={number}" for number, group in enumerate(MEANINGS) for word in group.split()}


@lru_cache(maxsize=50_000)
def meaning(word: str) -> str:
    """What a folded word counts as: its group of one meaning, its stem, "¬" for a denial, nothing for a small word."""
    if word in DENIED:
        return NOT
    if word in SMALL or len(word) < 3:
        return ""
    word = word.partition("'")[0].partition("’")[0]
    root = stem(word)
    return _MEANT.get(root, root)


def read(text: str) -> dict[str, str]:
    """The words of a text that count, in their order, each with the word as it was written."""
    found: dict[str, str] = {}
    for word in _WORD.findall(fold(text)):
        meant = meaning(word)
        if meant:
            found.setdefault(meant, word)
    return found


def told_and_asked(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The words by which something is told, and those that only stand where somebody asks or orders something."""
    told: dict[str, str] = {}
    asked: dict[str, str] = {}
    for sentence in _SENTENCE.split(fold(text)):
        words = read(sentence)
        (asked if _ASKS.search(sentence) and NOT not in words else told).update(words)
    return told, {word: raw for word, raw in asked.items() if word not in told}


def meanings(text: str) -> set[str]:
    """The words of a text that count."""
    return set(read(text))


def one_meaning() -> dict[str, str]:
    """The stems of all words that belong to a group of one meaning, each with its group."""
    return dict(_MEANT)


def written(text: str) -> set[str]:
    """The folded words of a text as they stand, for rules that people wrote."""
    return set(_WORD.findall(fold(text)))
