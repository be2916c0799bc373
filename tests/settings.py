# ruff: noqa: F405
"""The settings of the product, with a data folder of their own."""

import os
import tempfile

os.environ.setdefault("PITCREW_DATA", tempfile.mkdtemp(prefix="pitcrew-tests-"))
os.environ.setdefault("PITCREW_SECRET_KEY", "only-for-tests")

from pitcrew.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The second queue, under the same contract tests as the first: it needs PostgreSQL.
if "postgresql" in DATABASES["default"]["ENGINE"] and "procrastinate.contrib.django" not in INSTALLED_APPS:
    INSTALLED_APPS.insert(0, "procrastinate.contrib.django")
if "procrastinate.contrib.django" in INSTALLED_APPS:
    TASKS["procrastinate"] = TASKS["default"] | {"BACKEND": "pitcrew.jobs.on_procrastinate.ProcrastinateBackend"}

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, as in the product, so that threads and processes meet as they do there; what it loses no test needs.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
