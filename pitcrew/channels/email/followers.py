"""What the mail channel does when something happened elsewhere."""

from datetime import datetime

from pitcrew.channels.email.letters.models import Letter
from pitcrew.channels.email.models import Arrival, RawMail
from pitcrew.channels.email.parse.reply.thanks import is_only_thanks
from pitcrew.conversations.events import MESSAGE_RECEIVED
from pitcrew.conversations.files import files
from pitcrew.conversations.models import Conversation, Message
from pitcrew.conversations.queries import files_of
from pitcrew.history.actors import pitcrew
from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.people.events import CUSTOMER_FORGOTTEN
from pitcrew.people.models import Customer
from pitcrew.problems.actions import record_thanks
from pitcrew.problems.queries import fixed_for


@follow(MESSAGE_RECEIVED)
def record_thanks_after_a_fix(event: Event, at: datetime) -> None:
    """A customer writes thanks and nothing else after the fix of their problem: a victory. Told twice it is one."""
    rows = Message.objects.filter(pk=event.subject_id, is_automatic=False).select_related("conversation__customer")
    message = rows.first()
    problems = fixed_for(message.conversation) if message is not None else []
    if message is None or not problems or not is_only_thanks(message.reply or message.text):
        return
    for problem in problems:
        record_thanks(problem, message.conversation, by=pitcrew("thanks"), at=message.at)


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
