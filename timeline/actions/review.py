"""Review: who may change what readers see, and who may publish a draft.

With REVIEW_REQUIRED a superuser may do both alone. Everybody else may change what is not public,
and may publish what others alone have written. Changes of what is public are refused, because
there is no way yet to propose and approve them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NoReturn

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from timeline.core.codes import Publication
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Correction,
    EventPlace,
    EventStep,
    HostOrder,
    Identity,
    InstrumentParty,
    InstrumentStep,
    Membership,
    MembershipRemark,
    Office,
    Participation,
    Party,
    PartyName,
    Person,
    PersonName,
    Place,
    Sector,
    Side,
    Source,
    Statement,
    StatusUpdate,
    Succession,
)
from timeline.models._shared import Publishable
from timeline.queries import public

User = AbstractBaseUser | AnonymousUser

OWNERS: Final[Mapping[type[Model], tuple[str, ...]]] = {
    Participation: ("event",),
    EventPlace: ("event",),
    Attendance: ("event",),
    Statement: ("event",),
    EventStep: ("event",),
    StatusUpdate: ("commitment",),
    InstrumentParty: ("instrument",),
    InstrumentStep: ("instrument",),
    Side: ("framework",),
    HostOrder: ("side",),
    PartyName: ("party",),
    Succession: ("party",),
    PersonName: ("person",),
    Office: ("person",),
    Membership: ("party", "bloc"),
    MembershipRemark: ("membership",),
    Correction: ("event", "commitment", "framework", "instrument"),
    Citation: (
        *("event", "commitment", "framework", "participation", "attendance", "statement"),
        *("event_step", "status_update", "party", "party_name", "membership"),
        *("membership_remark", "place", "office", "instrument", "instrument_step"),
    ),
}
"""The foreign keys to the records that a row is part of; it is public when one of them is."""


USED: Final[Mapping[type[Model], Callable[[], QuerySet[Any]]]] = {
    Party: public.parties,
    Person: public.people,
    Source: public.sources,
    Place: public.places,
    Sector: public.sectors,
}
"""The public rows of the models that are public only where a published record uses them."""


def is_public(row: Model) -> bool:
    """Whether readers see a row, as it is in the database or about to be saved."""
    if isinstance(row, Publishable):
        stored = type(row)._default_manager.filter(pk=row.pk, publication=Publication.PUBLISHED)
        return stored.exists()
    if isinstance(row, Identity):
        return True
    if (used := USED.get(type(row))) is not None:
        return row.pk is not None and used().filter(pk=row.pk).exists()
    before = type(row)._default_manager.filter(pk=row.pk).first() if row.pk is not None else None
    return any(
        is_public(owner)
        for version in (before, row)
        if version is not None
        for name in OWNERS.get(type(row), ())
        if (owner := getattr(version, name)) is not None
    )


def needs_review(user: User) -> bool:
    """Whether somebody else must review what this user writes before readers see it."""
    return settings.REVIEW_REQUIRED and not getattr(user, "is_superuser", False)


def refuse_public_change(*, row: Model, by: User) -> None:
    """Raise ValidationError when a user may not change alone what readers see."""
    if needs_review(by) and is_public(row):
        _refuse(row)


def refuse_move(*, row: Model, by: User) -> None:
    """Raise ValidationError when a user may not change alone an address that readers know."""
    if needs_review(by):
        _refuse(row)


def _refuse(row: Model) -> NoReturn:
    raise ValidationError(
        _(
            "Readers see “%(record)s”. While review is required, only an administrator changes "
            "what is public; nothing was saved. Drafts are yours to change."
        ),
        code="review_required",
        params={"record": _public_name(row)},
    )


def _public_name(row: Model) -> str:
    """Return the name, as readers see it, of the record on whose page a row is shown.

    Rows that link records have no name of their own.
    """
    names = OWNERS.get(type(row), ())
    owners = (getattr(row, name) for name in names)
    owner = next((owner for owner in owners if owner is not None), None)
    if owner is not None:
        return _public_name(owner)
    return str(type(row)._default_manager.filter(pk=row.pk).first() or row)


def refuse_own_work(*, record: Publishable, by: User, rewritten: bool) -> None:
    """Raise ValidationError when a user wrote a part of the record that is to be published.

    ``rewritten`` tells whether the user is changing the record in the same request.
    """
    if needs_review(by) and (rewritten or by.pk in authors(record)):
        raise ValidationError(
            _(
                "Somebody who wrote nothing of it publishes it: you wrote a part of its text since "
                "it was last public. Save it and send it to review."
            ),
            code="own_work",
        )


def authors(record: Publishable) -> set[int]:
    """Return the keys of the users who wrote a record or its parts since it was last published.

    A change of nothing but the publication state, or a withdrawal, does not count as writing.
    """
    published = record.history.filter(publication=Publication.PUBLISHED)
    last = published.order_by("-history_date", "-history_id").first()
    keys = set(_writers(record.history.all(), last))
    for history in _histories_of_parts(type(record), [record.pk]):
        if last is not None:
            history = history.filter(history_date__gt=last.history_date)
        keys |= set(history.values_list("history_user_id", flat=True))
    return {key for key in keys if key is not None}


_NO_TEXT: Final = ("publication", "published_at", "withdrawn_reason_fr", "withdrawn_reason_en")


def _writers(history: QuerySet[Any], last: Any) -> Iterator[int | None]:
    """Yield the author of each entry after ``last`` whose text differs from the entry before it."""
    before: dict[str, Any] | None = None
    for entry in history.order_by("history_date", "history_id"):
        text = {
            field.attname: getattr(entry, field.attname)
            for field in entry.tracked_fields
            if field.name not in _NO_TEXT and not field.name.startswith("folded_")
        }
        later = last is None or entry.history_id > last.history_id
        if text != before and later:
            yield entry.history_user_id
        before = text


def _histories_of_parts(model: type[Model], keys: Any) -> Iterator[QuerySet[Any]]:
    """Yield the histories of the parts that are deleted with these records, and of their parts."""
    for relation in model._meta.related_objects:
        part: Any = relation.related_model
        own = relation.on_delete is models.CASCADE and hasattr(part, "history")
        if not own or part in (Commitment, Correction):
            continue
        history = part.history.filter(**{f"{relation.field.attname}__in": keys})
        yield history
        yield from _histories_of_parts(part, history.values("id"))
