from importlib import import_module

from django.apps import AppConfig

from pitcrew.people import events  # noqa: F401  (the vocabulary is defined on import)


class PeopleConfig(AppConfig):
    name = "pitcrew.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("pitcrew.people.guards")
