from django.apps import AppConfig

from pitcrew.conversations import events  # noqa: F401  (the vocabulary is defined on import)


class ConversationsConfig(AppConfig):
    name = "pitcrew.conversations"
    default_auto_field = "django.db.models.BigAutoField"
