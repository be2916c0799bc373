from django.apps import AppConfig

from pitcrew.channels.email import events  # noqa: F401  (the vocabulary is defined on import)


class EmailConfig(AppConfig):
    name = "pitcrew.channels.email"
    label = "email"
    default_auto_field = "django.db.models.BigAutoField"
