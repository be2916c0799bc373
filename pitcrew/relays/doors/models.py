"""Links to one leg, and what was decided about the progress pages of customers."""

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from pitcrew.conversations.models import Conversation
from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField
from pitcrew.relays.models import Leg

AROUND = ("department", "holder", "sender", "sent_from", "relay__home", "relay__edition", "conversation__department")


class Door(Logged):
    """A link that opens one leg to one party: a partner, or a colleague (``staff``) who does not live on the desk.

    The link itself is kept nowhere: it is our signature under the number of this row (tokens.py). ``used_at`` is when
    something was first done by it, never when it was looked at. It names its leg by number alone, so that
    a link keeps nobody from undoing what it leads to.
    """

    leg_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True, blank=True)
    staff = models.ForeignKey("people.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(max_length=254)
    made_at = MomentField()
    expires_at = MomentField()
    revoked_at = MomentField(null=True, blank=True)
    used_at = MomentField(null=True, blank=True)

    about_field = "conversation_id"
    written_once = frozenset({"made_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["leg_id", "address"], condition=Q(revoked_at=None, retired_at=None), name="one_door_per_party"
            )
        ]

    def __str__(self) -> str:
        return self.address

    @cached_property
    def leg(self) -> Leg:
        """The leg it opens, as it is when first asked for, with what stands around it."""
        return Leg.everything.select_related(*AROUND).get(pk=self.leg_id)


class ProgressPage(Logged):
    """What somebody decided about one link to a customer's progress page; without a row it is open and silent.

    ``number`` counts the links of a conversation: the next one is good when the one before was withdrawn.
    ``wants_mail``: the customer asked to hear of every step.
    """

    conversation_id = models.BigIntegerField()
    number = models.PositiveIntegerField(default=1)
    wants_mail = models.BooleanField(default=False)
    revoked_at = MomentField(null=True, blank=True)

    about_field = "conversation_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation_id", "number"], condition=Q(retired_at=None), name="one_page_per_number"
            )
        ]

    @cached_property
    def conversation(self) -> Conversation:
        """The conversation whose progress it shows."""
        return Conversation.everything.get(pk=self.conversation_id)
