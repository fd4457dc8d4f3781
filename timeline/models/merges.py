"""Two records of one thing that were made one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Merge(models.Model):
    """A record that was merged into another, with what undoes it.

    ``rows`` has each row that the merge touched: as it was before, and a digest of what it was
    afterwards. While ``moving`` is set, which no other transaction ever sees, the database lets
    steps go from one record to the other, and lets what was published go where it is merged.
    """

    kind = models.CharField(max_length=20)
    kept = models.PositiveBigIntegerField()
    other = models.PositiveBigIntegerField()
    kept_name = models.CharField(max_length=300)
    other_name = models.CharField(max_length=300)
    address = models.CharField(max_length=120)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True
    )
    moving = models.BooleanField(default=False)
    rows = models.JSONField(default=list)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ("-pk",)
        indexes = [
            models.Index("kind", "kept", name="merge_by_kept"),
            models.Index("kind", "other", name="merge_by_other"),
            models.Index("moving", name="merge_under_way", condition=models.Q(moving=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.other} → {self.kept}"
