"""The group of editors, brought up to date after every migrate."""

from typing import Final

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS

EDITORS: Final = "Editors"

_READ_ONLY: Final = frozenset(
    {"involvement", "formerslug", "merge", "recordversion", "eventrevision", "tally"}
)


def grant_permissions(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the group Editors permission to add, change, view and delete every record.

    The admin itself refuses to delete what was ever published.
    """
    permission = apps.get_model("auth", "Permission")
    group = apps.get_model("auth", "Group")
    content_type = apps.get_model("contenttypes", "ContentType")
    if not content_type.objects.using(using).filter(app_label="timeline").exists():
        return
    allowed = permission.objects.using(using).filter(content_type__app_label="timeline")
    allowed = allowed.exclude(content_type__model__startswith="historical")
    for model in _READ_ONLY:
        names = (f"add_{model}", f"change_{model}", f"delete_{model}")
        allowed = allowed.exclude(codename__in=names)
    editors, _ = group.objects.using(using).get_or_create(name=EDITORS)
    editors.permissions.set(allowed)
