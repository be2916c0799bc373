from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from pitcrew.history import events  # noqa: F401  (the vocabulary is defined on import)
from pitcrew.history.names import number_of, vocabulary


class HistoryConfig(AppConfig):
    name = "pitcrew.history"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_write_names, sender=self)


def _write_names(using: str, apps: Any = apps, **_: Any) -> None:
    """Let the database say what the numbers of events stand for; `apps` is what the migrations have made."""
    try:
        model = apps.get_model("history", "Name")
    except LookupError:
        return
    names = [model(number=number_of(name), name=name) for name in sorted(vocabulary())]
    model.objects.using(using).bulk_create(names, ignore_conflicts=True)
