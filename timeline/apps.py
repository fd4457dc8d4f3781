"""The one Django application of Cadre."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TimelineConfig(AppConfig):
    """Diplomatic events, commitments and frameworks."""

    name = "timeline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Remake the database's own rules, and the editors' group, after each migrate."""
        from timeline import constraints, groups  # noqa: PLC0415 — models load first

        post_migrate.connect(constraints.ensure_after_migrate, sender=self)
        post_migrate.connect(groups.ensure_after_migrate, sender=self)
