"""Links that sign somebody in once: for a new colleague, a forgotten password, the first start.

A link is the installation's signature under who, until when, and when that person last signed in. Using it is a
sign-in, so the same link fits no second time; neither does one made before a later sign-in. Nothing is stored.
"""

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet

from pitcrew.people.models import Staff
from pitcrew.people.refusals import Refused

LIFE = timedelta(minutes=15)
NOBODY = 0  # the installation has no staff yet
ASK = "Ask an administrator for a new one, or run: pitcrew sign-in-link"


def make(staff: Staff, at: datetime) -> str:
    """A token that signs this person in once, until 15 minutes from `at`."""
    if not staff.is_active:
        raise Refused(f"{staff} is deactivated. Reactivate them first.")
    return _signed(staff.pk, at, _last_sign_in(staff))


def make_first(at: datetime) -> str:
    """A token for whoever sets Pitcrew up; it is good until 15 minutes from `at`, or until there is staff."""
    return _signed(NOBODY, at, "")


def redeem(token: str, at: datetime) -> Staff:
    """Whom the token signs in. Their sign-in is noted here, so the token is used up.

    Raises Refused, with a sentence, when it is no token of ours, used, too old, or of somebody deactivated.
    """
    pk, last_sign_in = _read(token, at)
    staff = Staff.objects.filter(pk=pk).first()
    if staff is None or not staff.is_active:
        raise Refused(f"This sign-in link belongs to nobody who works here. {ASK}")
    if _last_sign_in(staff) != last_sign_in or not _use_up(staff, at):
        raise Refused(f"This sign-in link has been used. {ASK}")
    return staff


def redeem_first(token: str, at: datetime) -> None:
    """Raises Refused unless the token is good for setting Pitcrew up, now."""
    pk, _ = _read(token, at)
    if pk != NOBODY or Staff.objects.exists():
        raise Refused(f"Pitcrew is set up already. {ASK}")


def _use_up(staff: Staff, at: datetime) -> bool:
    """Of two that use it at the same moment one wins: the condition is in the UPDATE."""
    unused: QuerySet[Staff] = QuerySet(Staff).filter(pk=staff.pk, last_login=staff.last_login)
    if not unused.update(last_login=at):
        return False
    staff.last_login = at
    return True


def _signed(pk: int, at: datetime, last_sign_in: str) -> str:
    return _signer().sign_object([pk, int((at + LIFE).timestamp()), last_sign_in])


def _read(token: str, at: datetime) -> tuple[int, str]:
    try:
        pk, until, last_sign_in = _signer().unsign_object(token)
    except (BadSignature, ValueError):
        raise Refused(f"This sign-in link is not complete. Copy it whole. {ASK}")
    if at.timestamp() > until:
        raise Refused(f"This sign-in link is too old; one is good for 15 minutes. {ASK}")
    return pk, last_sign_in


def _last_sign_in(staff: Staff) -> str:
    return staff.last_login.astimezone(UTC).isoformat() if staff.last_login else ""


def _signer() -> Signer:
    return Signer(salt="pitcrew.sign-in-link")
