"""A worker in a process of its own: `python -m tests.jobs.worker_process ALIAS prepare|ask FOLDER|work`."""

import sys
import threading
from importlib import import_module

import django
from django.core.management import call_command
from django.utils import timezone
from django_tasks import task_backends


def main(alias: str, what: str, folder: str = "") -> None:
    if what == "prepare":
        call_command("migrate", verbosity=0)
    elif what == "ask":
        import_module("tests.jobs.work").hang_once.using(backend=alias).enqueue(folder)
    elif what == "work":
        task_backends[alias].work(threading.Event(), threads=1, now=timezone.now)


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
