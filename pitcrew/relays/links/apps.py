from importlib import import_module

from django.apps import AppConfig

from pitcrew.relays.links import events  # noqa: F401  (the vocabulary is defined on import)


class LinksConfig(AppConfig):
    name = "pitcrew.relays.links"
    label = "links"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("pitcrew.relays.links.followers")
