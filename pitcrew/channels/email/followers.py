"""What the mail channel does when something happened elsewhere."""

from datetime import datetime

from pitcrew.channels.email.letters.models import Letter
from pitcrew.channels.email.models import Arrival, RawMail
from pitcrew.conversations.files import files
from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries import files_of
from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.people.events import CUSTOMER_FORGOTTEN
from pitcrew.people.models import Customer


@follow(CUSTOMER_FORGOTTEN)
def erase_what_was_sent(event: Event, at: datetime) -> None:
    """A customer was forgotten: their mails as they arrived go, what colleagues answered about them too, and the
    files that only they had sent or got.

    Told twice it finds nothing left to erase.
    """
    if event.subject_type != Customer._meta.label_lower:
        return
    customer = Customer.everything.get(pk=event.subject_id)
    about_them = Conversation.everything.filter(customer=customer).values("pk")
    letters = Letter.everything.filter(conversation_id__in=about_them).values("pk")
    for theirs in (
        Arrival.objects.filter(message__conversation__customer=customer),
        Arrival.objects.filter(letter__in=letters),
    ):
        RawMail.objects.filter(arrival__in=theirs).delete()
        theirs.update(envelope_from="", envelope_to=[])
    for name in files_of(customer):
        files().path(name).unlink(missing_ok=True)
