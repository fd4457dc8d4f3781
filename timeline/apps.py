"""The one Django application of Cadre."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    """Diplomatic events, commitments and frameworks."""

    name = "timeline"
    verbose_name = _("Timeline")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers that install triggers, indexes and groups with each migrate."""
        from timeline.database.install import uninstall_before_migrate  # noqa: PLC0415 — models load first

        pre_migrate.connect(uninstall_before_migrate, sender=self)
        post_migrate.connect(_install_after_migrate, sender=self)


def _install_after_migrate(
    *, using: str, verbosity: int = 0, stdout: Any = None, **_unused: Any
) -> None:
    """Receive ``post_migrate``, when all tables exist."""
    from timeline.actions import groups, search  # noqa: PLC0415 — models load first
    from timeline.database.install import install  # noqa: PLC0415 — models load first

    def say(line: str) -> None:
        if verbosity and stdout is not None:
            stdout.write(line)

    # Search texts need the version, so they come after it.
    install(connections[using])
    search.recompute_forms(say)
    groups.grant_permissions(using=using)
