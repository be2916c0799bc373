"""The one ASGI application: `/events` stays open and is answered natively, everything else goes to Django by WSGI.

Django's own ASGI handler costs 1.4 to 2.9 ms a request; the bridge costs 0.1.
"""

import os
from importlib import import_module

from a2wsgi.wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pitcrew.settings")
pages = WSGIMiddleware(get_wsgi_application(), workers=settings.WEB_THREADS)  # type: ignore[arg-type]
import_module("pitcrew.urls")  # now, and not with the first visitor waiting
live = import_module("pitcrew.web.live").application


async def application(scope, receive, send):
    """Answer one request."""
    if scope["type"] == "http" and scope["path"] == "/events":
        await live(scope, receive, send)
    else:
        await pages(scope, receive, send)
