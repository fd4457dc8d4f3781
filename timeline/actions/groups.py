"""The group of people who keep the record, made after every migrate."""

from typing import Final

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS

EDITORS: Final = "Editors"

_READ_ONLY: Final = frozenset(
    {"involvement", "formerslug", "recordversion", "eventrevision", "tally"}
)


def install(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the group Editors leave to add, change and view every record.

    Deleting is left to the admin's own rules: they allow it for what was never published.
    """
    permission = apps.get_model("auth", "Permission")
    group = apps.get_model("auth", "Group")
    content_type = apps.get_model("contenttypes", "ContentType")
    if not content_type.objects.using(using).filter(app_label="timeline").exists():
        return
    wanted = permission.objects.using(using).filter(content_type__app_label="timeline")
    wanted = wanted.exclude(content_type__model__startswith="historical")
    for model in _READ_ONLY:
        wanted = wanted.exclude(codename__in=(f"add_{model}", f"change_{model}", f"delete_{model}"))
    editors, _ = group.objects.using(using).get_or_create(name=EDITORS)
    editors.permissions.set(wanted)
