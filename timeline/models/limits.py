"""Limits on attempts, counted in the database so that all workers share the counts."""

import datetime as dt
from typing import NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Limit(NamedTuple):
    """How many attempts are allowed in a period; the period starts with the first of them."""

    name: str
    most: int
    period: dt.timedelta


class TooMany(Exception):
    """A limit is exceeded; the next attempt is allowed after ``wait``."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


class TallyQuerySet(models.QuerySet["Tally"]):
    """Attempts by limit and by who made them."""

    def take(self, limit: Limit, *who: str, now: dt.datetime) -> None:
        """Count an attempt; raise TooMany if it exceeds the limit.

        Call it before the attempt is made, so that simultaneous attempts are counted too. Expired
        rows are deleted first, so that the table holds only what still counts.
        """
        with transaction.atomic():
            self.filter(until__lte=now).delete()
            key = self._key(limit, who)
            if not self.filter(key=key).update(count=F("count") + 1):
                try:
                    with transaction.atomic():
                        self.create(key=key, until=now + limit.period, count=1)
                except IntegrityError:  # another request created it at the same moment
                    self.filter(key=key).update(count=F("count") + 1)
            tally = self.get(key=key)
        if tally.count > limit.most:
            raise TooMany(tally.until - now)

    def give_back(self, limit: Limit, *who: str) -> None:
        """Take back an attempt that turned out to be none."""
        self.filter(key=self._key(limit, who), count__gt=0).update(count=F("count") - 1)

    def forget(self, limit: Limit, *who: str) -> None:
        """Forget all attempts."""
        self.filter(key=self._key(limit, who)).delete()

    @staticmethod
    def _key(limit: Limit, who: tuple[str, ...]) -> str:
        """Return a keyed hash, so that the table reveals neither names nor addresses."""
        return salted_hmac(f"cadre.limits.{limit.name}", "\0".join(who)).hexdigest()


class Tally(models.Model):
    """How many attempts of one account or network a limit has counted, and until when."""

    key = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of tries")
        verbose_name_plural = _("tallies of tries")

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"
