"""How angry, and how tired of it, the customers of a problem are: words are counted, nothing is guessed.

Severity of a problem = customers touched + 2 x conversations with an angry word + 1 x conversations that say "again".
3 and more is moderate, 10 and more high, 30 and more severe.
"""

import re

_ANGRY_ONES = """
angry annoyed annoying awful cancel complaint disappointed disgrace furious horrible incompetent joke lawyer
outrageous ridiculous scandal terrible unacceptable unbelievable useless worst anwalt beschwerde enttäuscht
frechheit furchtbar inakzeptabel katastrophe kündige kündigen kündigung lächerlich saftladen sauer schrecklich
skandal unfassbar unglaublich unmöglich unverschämt unzumutbar verärgert wütend
"""
ANGRY = frozenset(_ANGRY_ONES.split())
_AGAIN_ONES = """
again another already back constantly fourth keeps reminder second still third twice waiting weeks abermals
dauernd erneut immer mehrfach nochmal nochmals schon ständig viertes warte wieder wochen zweimal zweites drittes
"""
AGAIN = frozenset(_AGAIN_ONES.split())
LEVELS = ((30, "severe"), (10, "high"), (3, "moderate"), (0, "low"))
FORMULA = (
    "Severity is the number of customers touched, plus 2 for each conversation with an angry word, plus 1 for each "
    "that says it happened again. From 3 it is moderate, from 10 high, from 30 severe."
)
_WORD = re.compile(r"[^\W\d_]+")


def mood(text: str) -> tuple[int, int]:
    """How many angry words and how many "again" words a text has."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return sum(word in ANGRY for word in words), sum(word in AGAIN for word in words)


def severity(customers: int, angry: int, again: int) -> int:
    """The number by which problems are put in order: `FORMULA` says how."""
    return customers + 2 * angry + again


def level(severity: int) -> str:
    """The word for it."""
    return next(word for least, word in LEVELS if severity >= least)
