import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import timeline.fields
from timeline.migrations._columns import ReplaceConstraint

CITED = (
    "party",
    "party_name",
    "membership",
    "membership_remark",
    "place",
    "office",
    "event",
    "event_step",
    "participation",
    "attendance",
    "statement",
    "commitment",
    "status_update",
    "framework",
)

KINDS = [
    ("joining_announced", "Joining announced"),
    ("joining_notified", "Joining notified"),
    ("leaving_announced", "Withdrawal announced"),
    ("leaving_notified", "Withdrawal notified"),
]


def exactly_one(keys):
    condition = Q()
    for chosen in keys:
        condition |= Q(**{f"{key}__isnull": key != chosen for key in keys})
    return condition


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0021_places_of_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MembershipRemark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=20, verbose_name="kind")),
                (
                    "date",
                    timeline.fields.EDTFField(
                        bounds=("earliest", "latest"), max_length=64, verbose_name="date"
                    ),
                ),
                ("earliest", models.DateField(editable=False)),
                ("latest", models.DateField(editable=False)),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="membership_remarks",
                        to="timeline.event",
                        verbose_name="at the event",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="timeline.membership",
                        verbose_name="membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "remark on a membership",
                "verbose_name_plural": "remarks on memberships",
                "ordering": ("membership", "earliest", "latest", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("membership", "kind", "date"),
                        name="membership_remark_once",
                        violation_error_message="This is already noted with this date.",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=[code for code, _label in KINDS]),
                        name="membership_remark_kind_known",
                        violation_error_message="Joining or leaving is announced or notified.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalMembershipRemark",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=20, verbose_name="kind")),
                (
                    "date",
                    timeline.fields.EDTFField(
                        bounds=("earliest", "latest"), max_length=64, verbose_name="date"
                    ),
                ),
                ("earliest", models.DateField(editable=False)),
                ("latest", models.DateField(editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                        max_length=1,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.event",
                        verbose_name="at the event",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.membership",
                        verbose_name="membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical remark on a membership",
                "verbose_name_plural": "historical remarks on memberships",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="citation",
            name="membership_remark",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="citations",
                to="timeline.membershipremark",
            ),
        ),
        migrations.AddField(
            model_name="historicalcitation",
            name="membership_remark",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="timeline.membershipremark",
            ),
        ),
        ReplaceConstraint(
            model_name="citation",
            constraint=models.CheckConstraint(
                condition=exactly_one(CITED),
                name="citation_of_exactly_one_record",
                violation_error_message="A citation supports exactly one record.",
            ),
        ),
    ]
