"""Which policy counts for whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from pitcrew.history import batches
from pitcrew.promises.models import Kind, Policy

LONGEST = 60 * 24 * 366  # minutes: a promise of more than a year is a slip of the pen
POLICED = (Kind.FIRST_REPLY, Kind.NEXT_REPLY, Kind.SOLUTION, Kind.ACCEPTANCE, Kind.COMPLETION)


@dataclass(frozen=True)
class Facts:
    """What a policy can ask about: ids of department and organization, the priority, the names of the tags."""

    department: int
    priority: str = "normal"
    organization: int | None = None
    tags: frozenset[str] = frozenset()


def conditions(policy: Policy) -> int:
    """How many conditions a policy has."""
    return sum(map(bool, (policy.department_id, policy.priority, policy.organization_id, policy.tag)))


def fits(policy: Policy, facts: Facts) -> bool:
    """Every condition of the policy is met."""
    return (
        policy.department_id in (None, facts.department)
        and policy.priority in ("", facts.priority)
        and policy.organization_id in (None, facts.organization)
        and (not policy.tag or policy.tag in facts.tags)
    )


def choose(policies: Iterable[Policy], kind: str, facts: Facts) -> Policy | None:
    """Of the policies that fit and promise this kind: the one with the most conditions, then the lowest rank."""
    fitting = [p for p in policies if getattr(p, kind) is not None and fits(p, facts)]
    return min(fitting, key=lambda p: (-conditions(p), p.rank, p.pk), default=None)


def policy_for(kind: str, facts: Facts) -> Policy | None:
    """The policy that says by when this is owed, or None: then nothing is."""
    return choose(Policy.objects.order_by("pk"), kind, facts)


def there_are_any() -> bool:
    """Anything is promised at all. Asked of every mail, so it is the cheapest query there is, and in a batch once."""
    batch = batches.now.get()
    if batch is None:
        return _any_row()
    known = batch.__dict__.setdefault("there_are_policies", None)
    if known is None:
        known = batch.__dict__["there_are_policies"] = _any_row()
    return known


def _any_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM promises_policy WHERE retired_at IS NULL LIMIT 1")
        return cursor.fetchone() is not None
