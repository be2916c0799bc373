from django.apps import AppConfig

from pitcrew.channels.email.letters import events  # noqa: F401  (the vocabulary is defined on import)


class LettersConfig(AppConfig):
    name = "pitcrew.channels.email.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
