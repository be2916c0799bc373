from importlib import import_module

from django.apps import AppConfig

from pitcrew.conversations import events  # noqa: F401  (the vocabulary is defined on import)


class ConversationsConfig(AppConfig):
    name = "pitcrew.conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("pitcrew.conversations.followers")
