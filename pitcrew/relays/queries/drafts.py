"""What a follow-up can say to the customer, and how often the customer asked first."""

from dataclasses import dataclass
from datetime import datetime

from pitcrew.relays.models import Leg, Stage
from pitcrew.relays.outcomes import asks_of, step_of


def follow_up_draft(leg: Leg) -> str:
    """A beginning for the call or the mail, in the customer's words: what was promised, what happened since.

    It names no colleague, no department and no note: only what the steps tell customers and the answers they ask for.
    """
    conversation = leg.conversation
    name = str(conversation.customer).split(" ")[0] if conversation is not None and conversation.customer.name else ""
    lines = [f"Hello {name}," if name else "Hello,", ""]
    by_when = f" by {leg.by_when:%-d %B %Y}" if leg.by_when else ""
    if leg.promised:
        lines += [f"you were promised on {leg.relay.started_at:%-d %B %Y}: {_sentence(leg.promised)}{by_when}.", ""]
    since = _since(leg)
    if since:
        lines += ["Since then:", *since, ""]
    return "\n".join([*lines, "Has it arrived, and does it work for you?"])


def _since(leg: Leg) -> list[str]:
    done = Leg.objects.filter(relay=leg.relay, stage=Stage.DONE, is_follow_up=False).exclude(pk=leg.pk)
    return [line for each in done.order_by("ended_at", "pk").select_related("relay__edition") if (line := _told(each))]


def _told(leg: Leg) -> str:
    """What the customer may hear of one leg."""
    labels = {ask["key"]: ask["label"] for ask in asks_of(leg)}
    facts = [f"{labels[key]}: {_plain(value)}" for key, value in leg.outcome.items() if key in labels]
    told = [_sentence(step_of(leg).get("told") or ""), *facts]
    said = "; ".join(filter(None, told))
    return f"- {leg.ended_at:%-d %B}: {said}." if said and leg.ended_at else ""


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _sentence(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


@dataclass(frozen=True)
class AskedFirst:
    """Of so many follow-ups, so many customers asked before we did."""

    follow_ups: int
    asked_first: int

    @property
    def rate(self) -> float:
        return self.asked_first / self.follow_ups if self.follow_ups else 0.0


def asked_first(since: datetime, until: datetime) -> AskedFirst:
    """How often the customer asked first, of all follow-ups that were opened in this time."""
    opened = Leg.objects.filter(is_follow_up=True, offered_at__gte=since, offered_at__lt=until)
    return AskedFirst(opened.count(), opened.filter(asked_first_at__isnull=False).count())
