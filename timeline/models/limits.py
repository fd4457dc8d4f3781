"""How often something was tried lately, counted in the database so that all workers share it."""

import datetime as dt
from typing import NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Limit(NamedTuple):
    """So many tries in a period; the period starts with the first of them."""

    name: str
    most: int
    period: dt.timedelta


class TooMany(Exception):
    """A limit is reached; it can be tried again after ``wait``."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


class TallyQuerySet(models.QuerySet["Tally"]):
    """Tries by limit and by who tries."""

    def take(self, limit: Limit, *who: str, now: dt.datetime) -> None:
        """Count a try; raise TooMany when there were too many, this one included.

        It is counted before what is tried is done, so that tries at the same moment count. What is
        past is deleted on the way, so that the table holds only what still counts.
        """
        with transaction.atomic():
            self.filter(until__lte=now).delete()
            key = self._key(limit, who)
            if not self.filter(key=key).update(count=F("count") + 1):
                try:
                    with transaction.atomic():
                        self.create(key=key, until=now + limit.period, count=1)
                except IntegrityError:  # somebody else made it at the same moment
                    self.filter(key=key).update(count=F("count") + 1)
            found = self.get(key=key)
        if found.count > limit.most:
            raise TooMany(found.until - now)

    def give_back(self, limit: Limit, *who: str) -> None:
        """Take a try back that turned out to be none."""
        self.filter(key=self._key(limit, who), count__gt=0).update(count=F("count") - 1)

    def forget(self, limit: Limit, *who: str) -> None:
        """Forget all tries."""
        self.filter(key=self._key(limit, who)).delete()

    @staticmethod
    def _key(limit: Limit, who: tuple[str, ...]) -> str:
        """A key that tells nobody the name or the address that it is of."""
        return salted_hmac(f"cadre.limits.{limit.name}", "\0".join(who)).hexdigest()


class Tally(models.Model):
    """How many tries one limit counts of one somebody, until when."""

    key = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of tries")
        verbose_name_plural = _("tallies of tries")

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"
