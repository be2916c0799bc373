"""Who may see a leg, take it, and answer for it."""

from django.db.models import Exists, OuterRef, Q

from pitcrew.people.models import Department, Membership, Role, Staff
from pitcrew.relays.models import Leg, Stage

DESK = (Role.AGENT, Role.LEAD)


def has_takers(department: Department) -> bool:
    """Whether anybody active belongs to the department, in whatever role."""
    return Membership.objects.active().filter(department=department).exists()


def belongs(staff: Staff, department: int | None, roles: tuple[str, ...] = ()) -> bool:
    """Whether this person has a place in the department (id), in one of these roles where any are named."""
    if department is None or not staff.is_active:
        return False
    found = Membership.objects.active().filter(staff=staff, department=department)
    return (found.filter(role__in=roles) if roles else found).exists()


def may_see(staff: Staff, leg: Leg) -> bool:
    """Who takes part in it, and who sees its conversation."""
    if not staff.is_active or staff.is_administrator:
        return staff.is_active
    if staff.pk in (leg.sender_id, leg.holder_id):
        return True
    if leg.stage != Stage.AHEAD and belongs(staff, leg.department_id):
        return True
    if leg.conversation is not None:
        return leg.conversation.is_visible_to(staff)
    return belongs(staff, leg.relay.home_id)


def may_take(staff: Staff, leg: Leg) -> bool:
    """Who may accept it, ask back, decline it and say that it is done: everybody in its department."""
    return staff.is_active and (staff.is_administrator or belongs(staff, leg.department_id))


def may_answer(staff: Staff, leg: Leg) -> bool:
    """Who may answer a question, send it again and withdraw it: the sender, and the desk of the sender's department."""
    if not staff.is_active or staff.is_administrator:
        return staff.is_active
    return staff.pk == leg.sender_id or belongs(staff, leg.sent_from_id or leg.relay.home_id, DESK)


def given_sight(staff: int) -> Q:
    """The conversations that a leg lets this person (id) see: handed to their department, to them, or by them."""
    mine = Membership.objects.active().filter(staff=staff).values("department")
    legs = Leg.objects.filter(conversation=OuterRef("pk")).exclude(stage=Stage.AHEAD)
    return Q(Exists(legs.filter(Q(holder=staff) | Q(sender=staff) | Q(department__in=mine))))
