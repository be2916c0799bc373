from importlib import import_module

from django.apps import AppConfig

from pitcrew.relays.doors import events  # noqa: F401  (the vocabulary is defined on import)


class DoorsConfig(AppConfig):
    name = "pitcrew.relays.doors"
    label = "doors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("pitcrew.relays.doors.gaps")
