"""Links to one leg, and what was decided about the progress pages of customers."""

from django.db import models
from django.db.models import Q

from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField


class Door(Logged):
    """A link that opens one leg to one party: a partner, or a colleague (``staff``) who does not live on the desk.

    The link itself is kept nowhere: it is our signature under the number of this row (tokens.py). ``used_at`` is when
    something was first done by it, never when it was looked at. Legs and conversations do not know their links
    (``related_name="+"``), so that a link keeps nobody from undoing what it leads to.
    """

    leg = models.ForeignKey("relays.Leg", on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(
        "conversations.Conversation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
                fields=["leg", "address"], condition=Q(revoked_at=None, retired_at=None), name="one_door_per_party"
            )
        ]

    def __str__(self) -> str:
        return self.address


class ProgressPage(Logged):
    """What somebody decided about one link to a customer's progress page; without a row it is open and silent.

    ``number`` counts the links of a conversation: the next one is good when the one before was withdrawn.
    ``wants_mail``: the customer asked to hear of every step.
    """

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(default=1)
    wants_mail = models.BooleanField(default=False)
    revoked_at = MomentField(null=True, blank=True)

    about_field = "conversation_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "number"], condition=Q(retired_at=None), name="one_page_per_number"
            )
        ]
