from django.apps import AppConfig

from pitcrew.history import events  # noqa: F401  (the vocabulary is defined on import)


class HistoryConfig(AppConfig):
    name = "pitcrew.history"
    default_auto_field = "django.db.models.BigAutoField"
