from importlib import import_module

from django.apps import AppConfig

from pitcrew.problems import events  # noqa: F401  (the vocabulary is defined on import)


class ProblemsConfig(AppConfig):
    name = "pitcrew.problems"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("pitcrew.problems.guards")
        import_module("pitcrew.problems.upstream")
