"""Background work: a lease queue on our own database behind the django-tasks API, and the clock."""
