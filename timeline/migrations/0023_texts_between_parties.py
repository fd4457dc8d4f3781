import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import timeline.fields
from timeline.migrations._columns import AddColumn, ReplaceConstraint

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
    "instrument",
    "instrument_step",
)

CORRECTED = ("event", "commitment", "framework", "instrument")


def exactly_one(keys):
    condition = models.Q()
    for chosen in keys:
        condition |= models.Q(**{f"{key}__isnull": key != chosen for key in keys})
    return condition


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("timeline", "0022_remarks_on_memberships"),
    ]

    operations = [
        migrations.CreateModel(
            name="Instrument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "publication",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=12,
                        verbose_name="publication",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="first published"
                    ),
                ),
                (
                    "withdrawn_reason_fr",
                    models.TextField(blank=True, verbose_name="reason for withdrawal, in French"),
                ),
                (
                    "withdrawn_reason_en",
                    models.TextField(blank=True, verbose_name="reason for withdrawal, in English"),
                ),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="slug")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("treaty", "Treaty"),
                            ("agreement", "Agreement"),
                            ("protocol", "Protocol"),
                            ("memorandum", "Memorandum"),
                            ("joint_statement", "Joint statement"),
                            ("charter", "Charter"),
                            ("declaration", "Declaration"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="title in French"),
                ),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=300, verbose_name="title in English"),
                ),
                ("summary_fr", models.TextField(blank=True, verbose_name="summary in French")),
                ("summary_en", models.TextField(blank=True, verbose_name="summary in English")),
                (
                    "date",
                    timeline.fields.EDTFField(
                        bounds=("earliest", "latest"),
                        help_text="The day on which it was adopted or first signed.",
                        max_length=64,
                        verbose_name="date of the text",
                    ),
                ),
                ("earliest", models.DateField(editable=False)),
                ("latest", models.DateField(editable=False)),
                (
                    "binds",
                    models.CharField(
                        choices=[
                            ("by_signature", "Binds by signature"),
                            ("by_ratification", "Binds by ratification"),
                            ("not_legally", "Does not bind legally"),
                            ("not_stated", "How it binds is not stated"),
                        ],
                        default="not_stated",
                        help_text="As a source says; most memoranda and joint statements do not bind legally.",
                        max_length=16,
                        verbose_name="how it binds",
                    ),
                ),
                (
                    "folded_title",
                    timeline.fields.FoldedField(joined=True, of=("title_fr", "title_en")),
                ),
                (
                    "folded_text",
                    timeline.fields.FoldedField(
                        joined=True, of=("title_fr", "title_en", "summary_fr", "summary_en")
                    ),
                ),
            ],
            options={
                "verbose_name": "text",
                "verbose_name_plural": "texts",
                "ordering": ("-earliest", "latest", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title_fr", ""), _negated=True),
                            models.Q(("title_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="instrument_has_a_title",
                        violation_error_message="Write this text in French or in English, best in both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("publication", "withdrawn"), _negated=True),
                            models.Q(("withdrawn_reason_fr", ""), _negated=True),
                            models.Q(("withdrawn_reason_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="instrument_withdrawn_with_reason",
                        violation_error_message="Say why the record is withdrawn: readers see the reason at its address.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InstrumentParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="party_links",
                        to="timeline.instrument",
                        verbose_name="text",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instrument_links",
                        to="timeline.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "verbose_name": "party to a text",
                "verbose_name_plural": "parties to texts",
                "ordering": ("instrument", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("instrument", "party"),
                        name="instrument_party_once",
                        violation_error_message="The party is already listed.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InstrumentStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="timeline.instrument",
                        verbose_name="text",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty where it concerns the whole text, such as its entry into force.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instrument_steps",
                        to="timeline.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("adopted", "Adopted"),
                            ("initialled", "Initialled"),
                            ("signed", "Signed"),
                            ("approved_at_home", "Approved at home"),
                            ("ratified", "Ratified"),
                            ("accepted", "Accepted"),
                            ("approved", "Approved internationally"),
                            ("acceded", "Acceded"),
                            ("succeeded", "Succeeded"),
                            ("deposited", "Deposited its instrument"),
                            ("provisionally_applied", "Provisionally applied"),
                            ("reservation", "Made a reservation"),
                            ("objection", "Objected to a reservation"),
                            ("in_force_for", "In force for it"),
                            ("suspended", "Suspended its application"),
                            ("resumed", "Resumed its application"),
                            ("denounced", "Denounced"),
                            ("withdrawn", "Withdrew an earlier step"),
                            ("opened", "Opened for signature"),
                            ("entered_into_force", "Entered into force"),
                            ("amended", "Amended"),
                            ("replaced", "Replaced"),
                            ("terminated", "Terminated"),
                            ("retracted", "Nothing of the kind (a correction)"),
                        ],
                        max_length=24,
                        verbose_name="what was done",
                    ),
                ),
                (
                    "done",
                    timeline.fields.EDTFField(
                        bounds=("earliest", "latest"), max_length=64, verbose_name="done on"
                    ),
                ),
                ("earliest", models.DateField(editable=False)),
                ("latest", models.DateField(editable=False)),
                (
                    "effect",
                    timeline.fields.EDTFField(
                        blank=True,
                        bounds=("effect_earliest", "effect_latest"),
                        help_text="Only where a source gives another day than that on which it was done.",
                        max_length=64,
                        null=True,
                        verbose_name="takes effect on",
                    ),
                ),
                ("effect_earliest", models.DateField(blank=True, editable=False, null=True)),
                ("effect_latest", models.DateField(blank=True, editable=False, null=True)),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instrument_steps",
                        to="timeline.event",
                        verbose_name="at the event",
                    ),
                ),
                (
                    "regards",
                    models.ForeignKey(
                        blank=True,
                        help_text="The earlier step that is withdrawn, or the reservation that is objected to.",
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="regarded_by",
                        to="timeline.instrumentstep",
                        verbose_name="regards the step",
                    ),
                ),
                (
                    "later_instrument",
                    models.ForeignKey(
                        blank=True,
                        help_text="The text that amends or replaces this one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes_made",
                        to="timeline.instrument",
                        verbose_name="by the text",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="corrected_by",
                        to="timeline.instrumentstep",
                        verbose_name="corrects",
                    ),
                ),
                (
                    "reason_fr",
                    models.CharField(
                        blank=True,
                        help_text="Only where it does not fit what is on record, such as an effect before the act: readers see why.",
                        max_length=240,
                        verbose_name="reason for the exception, in French",
                    ),
                ),
                (
                    "reason_en",
                    models.CharField(
                        blank=True,
                        max_length=240,
                        verbose_name="reason for the exception, in English",
                    ),
                ),
                ("note_fr", models.TextField(blank=True, verbose_name="note in French")),
                ("note_en", models.TextField(blank=True, verbose_name="note in English")),
            ],
            options={
                "verbose_name": "step of a text",
                "verbose_name_plural": "steps of texts",
                "ordering": ("instrument", "earliest", "latest", "pk"),
                "indexes": [
                    models.Index(
                        models.F("event"),
                        condition=models.Q(("event__isnull", False)),
                        name="instrument_step_by_event",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "act__in",
                                    [
                                        "amended",
                                        "entered_into_force",
                                        "opened",
                                        "replaced",
                                        "terminated",
                                    ],
                                ),
                                ("party", None),
                            ),
                            models.Q(
                                (
                                    "act__in",
                                    [
                                        "acceded",
                                        "accepted",
                                        "adopted",
                                        "approved",
                                        "approved_at_home",
                                        "denounced",
                                        "deposited",
                                        "in_force_for",
                                        "initialled",
                                        "objection",
                                        "provisionally_applied",
                                        "ratified",
                                        "reservation",
                                        "resumed",
                                        "signed",
                                        "succeeded",
                                        "suspended",
                                        "withdrawn",
                                    ],
                                ),
                                ("party__isnull", False),
                            ),
                            ("act", "retracted"),
                            _connector="OR",
                        ),
                        name="instrument_step_of_a_party",
                        violation_error_message="Choose the party that did it; leave the party empty only for what concerns the whole text: opened, entered into force, amended, replaced, terminated.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", "retracted"), _negated=True),
                            ("corrects__isnull", False),
                            _connector="OR",
                        ),
                        name="instrument_step_retracts_a_step",
                        violation_error_message="Choose the step that is corrected.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", "withdrawn"), ("regards__isnull", False)),
                            ("act", "objection"),
                            models.Q(
                                models.Q(("act__in", ("withdrawn", "objection")), _negated=True),
                                ("regards", None),
                            ),
                            _connector="OR",
                        ),
                        name="instrument_step_regards_a_step",
                        violation_error_message="Choose the step that is withdrawn; only a withdrawal or an objection regards another step.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("later_instrument", None),
                            ("act__in", ("amended", "replaced")),
                            _connector="OR",
                        ),
                        name="instrument_step_by_a_later_text",
                        violation_error_message="Only an amendment or a replacement names another text.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("later_instrument", None),
                            models.Q(("later_instrument", models.F("instrument")), _negated=True),
                            _connector="OR",
                        ),
                        name="instrument_step_by_another_text",
                        violation_error_message="A text is amended or replaced by another one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effect_latest", None),
                            ("effect_latest__gte", models.F("earliest")),
                            models.Q(("reason_fr", ""), _negated=True),
                            models.Q(("reason_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="instrument_step_effect_after_act",
                        violation_error_message="This takes effect before it was done: correct a date, or say why the record keeps it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("corrects", None),
                                models.Q(("corrects", models.F("pk")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("regards", None),
                                models.Q(("regards", models.F("pk")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="instrument_step_corrects_another",
                        violation_error_message="A step cannot correct or withdraw itself.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="instrument",
            name="parties",
            field=models.ManyToManyField(
                related_name="instruments",
                through="timeline.InstrumentParty",
                to="timeline.party",
                verbose_name="parties",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalInstrument",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "publication",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=12,
                        verbose_name="publication",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="first published"
                    ),
                ),
                (
                    "withdrawn_reason_fr",
                    models.TextField(blank=True, verbose_name="reason for withdrawal, in French"),
                ),
                (
                    "withdrawn_reason_en",
                    models.TextField(blank=True, verbose_name="reason for withdrawal, in English"),
                ),
                ("slug", models.SlugField(max_length=120, verbose_name="slug")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("treaty", "Treaty"),
                            ("agreement", "Agreement"),
                            ("protocol", "Protocol"),
                            ("memorandum", "Memorandum"),
                            ("joint_statement", "Joint statement"),
                            ("charter", "Charter"),
                            ("declaration", "Declaration"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="title in French"),
                ),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=300, verbose_name="title in English"),
                ),
                ("summary_fr", models.TextField(blank=True, verbose_name="summary in French")),
                ("summary_en", models.TextField(blank=True, verbose_name="summary in English")),
                (
                    "date",
                    timeline.fields.EDTFField(
                        bounds=("earliest", "latest"),
                        help_text="The day on which it was adopted or first signed.",
                        max_length=64,
                        verbose_name="date of the text",
                    ),
                ),
                ("earliest", models.DateField(editable=False)),
                ("latest", models.DateField(editable=False)),
                (
                    "binds",
                    models.CharField(
                        choices=[
                            ("by_signature", "Binds by signature"),
                            ("by_ratification", "Binds by ratification"),
                            ("not_legally", "Does not bind legally"),
                            ("not_stated", "How it binds is not stated"),
                        ],
                        default="not_stated",
                        help_text="As a source says; most memoranda and joint statements do not bind legally.",
                        max_length=16,
                        verbose_name="how it binds",
                    ),
                ),
                (
                    "folded_title",
                    timeline.fields.FoldedField(joined=True, of=("title_fr", "title_en")),
                ),
                (
                    "folded_text",
                    timeline.fields.FoldedField(
                        joined=True, of=("title_fr", "title_en", "summary_fr", "summary_en")
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
            ],
            options={
                "verbose_name": "historical text",
                "verbose_name_plural": "historical texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalInstrumentParty",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.instrument",
                        verbose_name="text",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.party",
                        verbose_name="party",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
            ],
            options={
                "verbose_name": "historical party to a text",
                "verbose_name_plural": "historical parties to texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalInstrumentStep",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("adopted", "Adopted"),
                            ("initialled", "Initialled"),
                            ("signed", "Signed"),
                            ("approved_at_home", "Approved at home"),
                            ("ratified", "Ratified"),
                            ("accepted", "Accepted"),
                            ("approved", "Approved internationally"),
                            ("acceded", "Acceded"),
                            ("succeeded", "Succeeded"),
                            ("deposited", "Deposited its instrument"),
                            ("provisionally_applied", "Provisionally applied"),
                            ("reservation", "Made a reservation"),
                            ("objection", "Objected to a reservation"),
                            ("in_force_for", "In force for it"),
                            ("suspended", "Suspended its application"),
                            ("resumed", "Resumed its application"),
                            ("denounced", "Denounced"),
                            ("withdrawn", "Withdrew an earlier step"),
                            ("opened", "Opened for signature"),
                            ("entered_into_force", "Entered into force"),
                            ("amended", "Amended"),
                            ("replaced", "Replaced"),
                            ("terminated", "Terminated"),
                            ("retracted", "Nothing of the kind (a correction)"),
                        ],
                        max_length=24,
                        verbose_name="what was done",
                    ),
                ),
                (
                    "done",
                    timeline.fields.EDTFField(
                        bounds=("earliest", "latest"), max_length=64, verbose_name="done on"
                    ),
                ),
                ("earliest", models.DateField(editable=False)),
                ("latest", models.DateField(editable=False)),
                (
                    "effect",
                    timeline.fields.EDTFField(
                        blank=True,
                        bounds=("effect_earliest", "effect_latest"),
                        help_text="Only where a source gives another day than that on which it was done.",
                        max_length=64,
                        null=True,
                        verbose_name="takes effect on",
                    ),
                ),
                ("effect_earliest", models.DateField(blank=True, editable=False, null=True)),
                ("effect_latest", models.DateField(blank=True, editable=False, null=True)),
                (
                    "reason_fr",
                    models.CharField(
                        blank=True,
                        help_text="Only where it does not fit what is on record, such as an effect before the act: readers see why.",
                        max_length=240,
                        verbose_name="reason for the exception, in French",
                    ),
                ),
                (
                    "reason_en",
                    models.CharField(
                        blank=True,
                        max_length=240,
                        verbose_name="reason for the exception, in English",
                    ),
                ),
                ("note_fr", models.TextField(blank=True, verbose_name="note in French")),
                ("note_en", models.TextField(blank=True, verbose_name="note in English")),
                (
                    "instrument",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.instrument",
                        verbose_name="text",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Empty where it concerns the whole text, such as its entry into force.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.party",
                        verbose_name="party",
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
                    "regards",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The earlier step that is withdrawn, or the reservation that is objected to.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.instrumentstep",
                        verbose_name="regards the step",
                    ),
                ),
                (
                    "later_instrument",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The text that amends or replaces this one.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.instrument",
                        verbose_name="by the text",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timeline.instrumentstep",
                        verbose_name="corrects",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
            ],
            options={
                "verbose_name": "historical step of a text",
                "verbose_name_plural": "historical steps of texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="citation",
            name="instrument",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="citations",
                to="timeline.instrument",
            ),
        ),
        migrations.AddField(
            model_name="citation",
            name="instrument_step",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="citations",
                to="timeline.instrumentstep",
            ),
        ),
        migrations.AddField(
            model_name="historicalcitation",
            name="instrument",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="timeline.instrument",
            ),
        ),
        migrations.AddField(
            model_name="historicalcitation",
            name="instrument_step",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="timeline.instrumentstep",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="instrument",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="corrections",
                to="timeline.instrument",
                verbose_name="text",
            ),
        ),
        migrations.AddField(
            model_name="historicalcorrection",
            name="instrument",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="timeline.instrument",
                verbose_name="text",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="instrument",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="commitments",
                to="timeline.instrument",
                verbose_name="stands in the text",
            ),
        ),
        AddColumn(
            model_name="commitment",
            name="article",
            field=models.CharField(
                blank=True,
                help_text="Where it stands in the text, such as “art. 6” or “preamble”.",
                max_length=40,
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="historicalcommitment",
            name="instrument",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="timeline.instrument",
                verbose_name="stands in the text",
            ),
        ),
        AddColumn(
            model_name="historicalcommitment",
            name="article",
            field=models.CharField(
                blank=True,
                help_text="Where it stands in the text, such as “art. 6” or “preamble”.",
                max_length=40,
                verbose_name="article",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("article", ""), ("instrument__isnull", False), _connector="OR"),
                name="commitment_article_of_a_text",
                violation_error_message="Name the text that the article belongs to.",
            ),
        ),
        ReplaceConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=exactly_one(CORRECTED),
                name="correction_of_exactly_one_record",
                violation_error_message="A correction is about exactly one record.",
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
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("meeting", "Meeting"),
                    ("summit", "Summit"),
                    ("consultation", "Consultation"),
                    ("visit", "Visit"),
                    ("call", "Call"),
                    ("signing", "Signing"),
                    ("statement", "Statement"),
                    ("announcement", "Announcement"),
                    ("decision", "Decision"),
                    ("founding", "Founding"),
                    ("accession", "Accession"),
                    ("withdrawal", "Withdrawal"),
                    ("rupture", "Rupture"),
                    ("conference", "Conference"),
                    ("military", "Military event"),
                    ("ratification", "Ratification"),
                    ("notification", "Notification"),
                    ("sanction", "Sanction"),
                    ("lifting", "Lifting of a sanction"),
                    ("recognition", "Recognition"),
                    ("other", "Other"),
                ],
                max_length=14,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="historicalevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("meeting", "Meeting"),
                    ("summit", "Summit"),
                    ("consultation", "Consultation"),
                    ("visit", "Visit"),
                    ("call", "Call"),
                    ("signing", "Signing"),
                    ("statement", "Statement"),
                    ("announcement", "Announcement"),
                    ("decision", "Decision"),
                    ("founding", "Founding"),
                    ("accession", "Accession"),
                    ("withdrawal", "Withdrawal"),
                    ("rupture", "Rupture"),
                    ("conference", "Conference"),
                    ("military", "Military event"),
                    ("ratification", "Ratification"),
                    ("notification", "Notification"),
                    ("sanction", "Sanction"),
                    ("lifting", "Lifting of a sanction"),
                    ("recognition", "Recognition"),
                    ("other", "Other"),
                ],
                max_length=14,
                verbose_name="kind",
            ),
        ),
    ]
