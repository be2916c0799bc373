from importlib import import_module

from django.apps import AppConfig

from pitcrew.relays import events  # noqa: F401  (the vocabulary is defined on import)


class RelaysConfig(AppConfig):
    name = "pitcrew.relays"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for part in ("guards", "following", "wholeness"):
            import_module(f"pitcrew.relays.{part}")
