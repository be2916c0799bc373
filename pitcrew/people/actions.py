"""What happens to people: met, verified, joined, moved, deactivated."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Q

from pitcrew.history.actors import Actor
from pitcrew.history.writing import attempt, begin, change, change_many, hold, operation, retire
from pitcrew.people import events
from pitcrew.people.models import Absence, Customer, Department, Identity, Membership, Organization, Role, Staff
from pitcrew.people.queries import customer_at, normalised
from pitcrew.people.refusals import Refused


@operation
def meet(channel: str, address: str, *, name: str = "", is_unknown: bool = False, by: Actor, at: datetime) -> Customer:
    """The customer at this address: the one we know, or a new one with an unverified identity.

    `is_unknown`: the caller has just looked, and nobody had it.
    """
    known = None if is_unknown else customer_at(channel, address)
    if known is not None:
        if name and not known.name:
            change(known, events.CUSTOMER_CHANGED, name=name[:200])
        return known
    try:
        with attempt():
            return _begin_customer(channel, address, name)
    except IntegrityError:
        return meet(channel, address, name=name, by=by, at=at)


def _begin_customer(channel: str, address: str, name: str) -> Customer:
    customer = begin(Customer, events.CUSTOMER_MET, name=name[:200])
    value = normalised(channel, address)
    begin(Identity, events.IDENTITY_ADDED, customer=customer, channel=channel, value=value)
    return customer


@operation
def rename_customer(customer: Customer, name: str, *, by: Actor, at: datetime) -> None:
    """Call a customer by another name."""
    change(customer, events.CUSTOMER_CHANGED, name=name.strip()[:200])


@operation
def describe_customer(customer: Customer, memo: str, *, by: Actor, at: datetime) -> None:
    """Keep what everybody should know about a customer."""
    change(customer, events.CUSTOMER_CHANGED, memo=memo)


@operation
def add_identity(customer: Customer, channel: str, value: str, *, by: Actor, at: datetime) -> Identity:
    """Give a customer one more address.

    Raises Refused when another customer has it: then the two should be joined.
    """
    value = normalised(channel, value)
    other = customer_at(channel, value)
    if other is not None:
        raise Refused(f"{value} belongs to {other}. Join the two customers if they are one person.")
    return begin(Identity, events.IDENTITY_ADDED, customer=customer, channel=channel, value=value)


@operation
def verify_identity(identity: Identity, *, by: Actor, at: datetime) -> None:
    """Note that the address is the customer's own."""
    if identity.verified_at is None:
        change(identity, events.IDENTITY_VERIFIED, verified_at=at)


@operation
def remove_identity(identity: Identity, *, by: Actor, at: datetime) -> None:
    """Take an address away from a customer."""
    retire(identity, events.IDENTITY_RETIRED)


@operation
def place_in_organization(customer: Customer, name: str, *, by: Actor, at: datetime) -> None:
    """Say which organization a customer belongs to; an empty name means none."""
    organization = None
    if name := name.strip()[:200]:
        organization = Organization.objects.filter(name=name).first()
        organization = organization or begin(Organization, events.ORGANIZATION_ADDED, name=name)
    change(customer, events.CUSTOMER_CHANGED, organization=organization)


@operation
def hire(email: str, name: str, *, is_administrator: bool = False, by: Actor, at: datetime) -> Staff:
    """Add a colleague. They sign in by a one-time link and then choose a password or a passkey."""
    email = _free_address(email)
    name = name.strip()[:200] or email
    return begin(Staff, events.STAFF_JOINED, email=email, name=name, is_administrator=is_administrator, password="!")


def _free_address(email: str, but_for: Staff | None = None) -> str:
    email = normalised("email", email)
    if "@" not in email or len(email) > 254:
        raise Refused("That is not an e-mail address. It needs an @ and at most 254 characters.")
    others = Staff.objects.filter(email=email).exclude(pk=but_for.pk if but_for else None)
    if others.exists():
        raise Refused(f"{email} is already on the staff. Reactivate them instead of adding them twice.")
    return email


@operation
def change_staff(
    staff: Staff,
    *,
    name: str | None = None,
    email: str | None = None,
    is_administrator: bool | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Change a colleague's name, address or standing; None leaves it as it is.

    Raises Refused for the last active administrator and for an address that is taken.
    """
    fields: dict[str, Any] = {}
    if name is not None:
        fields["name"] = name.strip()[:200] or staff.email
    if email is not None:
        fields["email"] = _free_address(email, but_for=staff)
    if is_administrator is not None:
        fields["is_administrator"] = is_administrator
    if is_administrator is False:
        _keep_an_administrator(staff)
    change(staff, events.STAFF_CHANGED, **fields)


@operation
def deactivate(staff: Staff, *, by: Actor, at: datetime) -> None:
    """Let a colleague no longer sign in or hold work. Their history stays.

    Raises Refused for the last active administrator.
    """
    _keep_an_administrator(staff)
    if hold(staff).deactivated_at is None:
        change(staff, events.STAFF_DEACTIVATED, deactivated_at=at)


@operation
def reactivate(staff: Staff, *, by: Actor, at: datetime) -> None:
    """Let a colleague back in."""
    change(staff, events.STAFF_REACTIVATED, deactivated_at=None)


def _keep_an_administrator(staff: Staff) -> None:
    """All of them are locked, in one order, so that two cannot dismiss each other at once."""
    rows = Staff.objects.select_for_update().filter(is_administrator=True, deactivated_at=None)
    if list(rows.order_by("pk").values_list("pk", flat=True)) == [staff.pk]:
        raise Refused(f"{staff} is the last active administrator. Make somebody else one first.")


@operation
def open_department(name: str, *, by: Actor, at: datetime) -> Department:
    """Open a department; its colour is the next of the ten."""
    hue = Department.everything.count() % 10
    return begin(Department, events.DEPARTMENT_OPENED, name=_free_name(name), hue=hue)


def _free_name(name: str, but_for: Department | None = None) -> str:
    name = " ".join(name.split())[:100]
    if not name:
        raise Refused("A department needs a name.")
    if Department.objects.filter(name=name).exclude(pk=but_for.pk if but_for else None).exists():
        raise Refused(f"There is already a department called {name}. Choose another name.")
    return name


@operation
def change_department(
    department: Department, *, name: str | None = None, signature: str | None = None, by: Actor, at: datetime
) -> None:
    """Rename a department or change its signature; None leaves it as it is."""
    fields = {} if signature is None else {"signature": signature}
    if name is not None:
        fields["name"] = _free_name(name, but_for=department)
    change(department, events.DEPARTMENT_CHANGED, **fields)


@operation
def close_department(department: Department, *, by: Actor, at: datetime) -> None:
    """Close a department. Its conversations stay where they are, in sight of everybody on the desk.

    Raises Refused for the last one.
    """
    if not Department.objects.exclude(pk=department.pk).exists():
        raise Refused(f"{department} is the last department. Open another one first.")
    retire(department, events.DEPARTMENT_RETIRED)


@operation
def add_member(department: Department, staff: Staff, role: str = Role.AGENT, *, by: Actor, at: datetime) -> Membership:
    """Give somebody a place in a department, or another role in it."""
    membership = Membership.objects.filter(department=department, staff=staff).first()
    if membership is None:
        return begin(Membership, events.MEMBER_JOINED, department=department, staff=staff, role=role)
    change(membership, events.MEMBER_CHANGED, role=role)
    return membership


@operation
def remove_member(membership: Membership, *, by: Actor, at: datetime) -> None:
    """Take somebody out of a department. Its work stays visible: to its others, or else to everybody."""
    retire(membership, events.MEMBER_LEFT)


@operation
def join_customers(kept: Customer, other: Customer, *, by: Actor, at: datetime) -> None:
    """Two records are one person: every address moves to the one that is kept."""
    if kept.pk == other.pk:
        raise Refused("That is the same customer. Choose two different ones.")
    change_many(Identity.objects.filter(customer=other), events.IDENTITY_MOVED, customer=kept)
    if not kept.name and other.name:
        change(kept, events.CUSTOMER_CHANGED, name=other.name)


@operation
def be_away(
    staff: Staff,
    start: datetime,
    until: datetime | None = None,
    *,
    substitute: Staff | None = None,
    by: Actor,
    at: datetime,
) -> Absence:
    """Say that somebody is not there. What was said of the same days before gives way.

    Raises Refused for an absence that ends before it begins or has passed, and for a substitute who cannot be one.
    """
    if until is not None and until <= max(start, at):
        raise Refused("That absence has ended already. Choose a later day to be back.")
    if substitute is not None and (substitute.pk == staff.pk or not substitute.is_active):
        raise Refused(f"{substitute} cannot do the work meanwhile. Choose another active colleague.")
    hold(staff)
    for other in Absence.objects.filter(Q(until=None) | Q(until__gt=start), staff=staff):
        if until is None or other.start < until:
            retire(other, events.ABSENCE_ENDED)
    return begin(Absence, events.ABSENCE_TOLD, staff=staff, start=start, until=until, substitute=substitute)


@operation
def be_back(staff: Staff, *, by: Actor, at: datetime) -> None:
    """Somebody is there: an absence that goes on ends now, and what was still to come is taken away."""
    hold(staff)
    for absence in Absence.objects.filter(Q(until=None) | Q(until__gt=at), staff=staff):
        if absence.start >= at:
            retire(absence, events.ABSENCE_ENDED)
        else:
            change(absence, events.ABSENCE_ENDED, start=absence.start, until=at, substitute=absence.substitute)
