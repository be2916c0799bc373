"""Who is signed in, and where else. (SESSION_ENGINE in settings.)"""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

# Asked on every page, so by hand: Django would write it anew each time.
_LIVING = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(_LIVING, [self.session_key, now])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
        return Session(session_key=str(self.session_key), session_data=found[0]) if found else None


def others_of(request: HttpRequest, at: datetime) -> list[str]:
    """The keys of this person's other sessions."""
    living = Session.objects.filter(expire_date__gt=at).exclude(session_key=request.session.session_key)
    mine = str(request.user.pk)
    return [session.session_key for session in living if session.get_decoded().get(SESSION_KEY) == mine]


def end_others(request: HttpRequest, at: datetime) -> int:
    """End them. Returns how many there were."""
    keys = others_of(request, at)
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)
