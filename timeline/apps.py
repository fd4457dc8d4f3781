"""The one Django application of Cadre."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    """Diplomatic events, commitments and frameworks."""

    name = "timeline"
    verbose_name = _("Timeline")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Remake the database's own rules and the editors' group after each migrate."""
        from timeline import constraints, fulltext, groups, version  # noqa: PLC0415 — models load first
        from timeline.actions import search  # noqa: PLC0415

        pre_migrate.connect(constraints.lift_before_migrate, sender=self)
        pre_migrate.connect(version.lift_before_migrate, sender=self)
        pre_migrate.connect(fulltext.lift_before_migrate, sender=self)
        post_migrate.connect(constraints.ensure_after_migrate, sender=self)
        post_migrate.connect(version.ensure_after_migrate, sender=self)
        post_migrate.connect(search.ensure_after_migrate, sender=self)
        post_migrate.connect(fulltext.ensure_after_migrate, sender=self)
        post_migrate.connect(groups.ensure_after_migrate, sender=self)
