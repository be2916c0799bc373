"""Learning the usual pace of each department from its own legs."""

from collections import defaultdict
from datetime import datetime

from pitcrew.conversations.models import Note
from pitcrew.history.models import Event
from pitcrew.relays import events
from pitcrew.relays.links.company import Company, company
from pitcrew.relays.links.judging.pace import WINDOW, Gap, gaps, pace
from pitcrew.relays.links.models import Pace
from pitcrew.relays.models import Leg

WORDS = (events.LEG_ACCEPTED, events.LEG_ASKED, events.LEG_ANSWERED, events.LEG_GIVEN, events.LEG_DONE)
BEGIN = (events.LEG_ACCEPTED, events.LEG_ANSWERED)
MOST = 5_000  # legs, the newest ones
CHUNK = 500


def learn(at: datetime) -> None:
    """Compute every department's pace anew, from the legs that were accepted in the last sixty days."""
    house = company(at)
    silences = _silences(at, house)
    everybody = [gap for some in silences.values() for gap in some]
    for department in house.desks:
        own = silences[department]
        told = {"seconds": pace(own, everybody, at), "silences": len(own), "at": at}
        Pace.objects.update_or_create(department_id=department, defaults=told)


def _silences(at: datetime, house: Company) -> dict[int, list[Gap]]:
    found: dict[int, list[Gap]] = defaultdict(list)
    legs = Leg.objects.filter(accepted_at__gte=at - WINDOW).order_by("-pk")[:MOST]
    rows = list(legs.values_list("pk", "department_id", "conversation_id", "holder_id"))
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        words, notes = _words([pk for pk, *_ in some]), _notes([c for _, _, c, _ in some if c])
        for pk, department, conversation, holder in some:
            for run in _runs(words[pk], notes[(conversation, holder)]):
                found[department] += gaps(run, house.desks[department].hours)
    return found


def _words(legs: list[int]) -> dict[int, list[tuple[str, datetime]]]:
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    label = Leg._meta.label_lower
    told = Event.objects.filter(subject_id__in=legs, subject_type=label, kind__in=WORDS, undone_by=None)
    for leg, kind, at in told.order_by("pk").values_list("subject_id", "kind", "operation__at"):
        found[leg].append((kind, at))
    return found


def _notes(conversations: list[int]) -> dict[tuple[int, int], list[datetime]]:
    found: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    rows = Note.objects.filter(conversation__in=conversations, author__isnull=False)
    for conversation, author, at in rows.values_list("conversation_id", "author_id", "at"):
        found[(conversation, author)].append(at)
    return found


def _runs(words: list[tuple[str, datetime]], notes: list[datetime]) -> list[list[datetime]]:
    """Stretches in which the department had the baton: what is asked back is not its silence."""
    runs: list[list[datetime]] = []
    for kind, at in words:
        if kind in BEGIN or not runs:
            runs.append([])
        runs[-1].append(at)
    for run in runs:
        run += [at for at in notes if run[0] < at < run[-1]]
    return runs
