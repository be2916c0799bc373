from django.apps import AppConfig

from pitcrew.promises import events  # noqa: F401  (the vocabulary is defined on import)


class PromisesConfig(AppConfig):
    name = "pitcrew.promises"
    default_auto_field = "django.db.models.BigAutoField"
