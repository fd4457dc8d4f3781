import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import timeline.fields


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0024_version_of_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalIdentity",
            fields=[
                ("id", models.PositiveSmallIntegerField(db_index=True, default=1, editable=False)),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=80, verbose_name="name in French"),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        help_text="Stands in titles, cards, calendars and files. Empty: the site's address.",
                        max_length=80,
                        verbose_name="name in English",
                    ),
                ),
                (
                    "subject_fr",
                    models.CharField(blank=True, max_length=240, verbose_name="subject in French"),
                ),
                (
                    "subject_en",
                    models.CharField(
                        blank=True,
                        help_text="One sentence that says what the record is about, and where.",
                        max_length=240,
                        verbose_name="subject in English",
                    ),
                ),
                (
                    "since",
                    timeline.fields.EDTFField(
                        blank=True,
                        help_text="The day, month or year from which events are recorded, such as 2022.",
                        max_length=64,
                        null=True,
                        verbose_name="since",
                    ),
                ),
                (
                    "searched_until",
                    models.DateField(
                        blank=True,
                        help_text="Empty where editors search for sources until today.",
                        null=True,
                        verbose_name="sources searched until",
                    ),
                ),
                (
                    "keeper_fr",
                    models.CharField(blank=True, max_length=240, verbose_name="kept by, in French"),
                ),
                (
                    "keeper_en",
                    models.CharField(
                        blank=True,
                        help_text="The house or the people who keep the record.",
                        max_length=240,
                        verbose_name="kept by, in English",
                    ),
                ),
                (
                    "licence_fr",
                    models.CharField(blank=True, max_length=240, verbose_name="licence in French"),
                ),
                (
                    "licence_en",
                    models.CharField(
                        blank=True,
                        help_text="What others may do with texts and data, such as “CC BY 4.0”.",
                        max_length=240,
                        verbose_name="licence in English",
                    ),
                ),
                ("licence_url", models.URLField(blank=True, verbose_name="address of the licence")),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        help_text="An e-mail address, or the web address of a page or a form.",
                        max_length=240,
                        verbose_name="contact",
                    ),
                ),
                (
                    "about_fr",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="about the record, in French",
                    ),
                ),
                (
                    "about_en",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="about the record, in English",
                    ),
                ),
                (
                    "legal_fr",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="legal notice in French",
                    ),
                ),
                (
                    "legal_en",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="legal notice in English",
                    ),
                ),
                (
                    "privacy_fr",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="privacy in French",
                    ),
                ),
                (
                    "privacy_en",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="privacy in English",
                    ),
                ),
                (
                    "accessibility_fr",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="accessibility in French",
                    ),
                ),
                (
                    "accessibility_en",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="accessibility in English",
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
                "verbose_name": "historical identity of the site",
                "verbose_name_plural": "historical identity of the site",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=80, verbose_name="name in French"),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        help_text="Stands in titles, cards, calendars and files. Empty: the site's address.",
                        max_length=80,
                        verbose_name="name in English",
                    ),
                ),
                (
                    "subject_fr",
                    models.CharField(blank=True, max_length=240, verbose_name="subject in French"),
                ),
                (
                    "subject_en",
                    models.CharField(
                        blank=True,
                        help_text="One sentence that says what the record is about, and where.",
                        max_length=240,
                        verbose_name="subject in English",
                    ),
                ),
                (
                    "since",
                    timeline.fields.EDTFField(
                        blank=True,
                        help_text="The day, month or year from which events are recorded, such as 2022.",
                        max_length=64,
                        null=True,
                        verbose_name="since",
                    ),
                ),
                (
                    "searched_until",
                    models.DateField(
                        blank=True,
                        help_text="Empty where editors search for sources until today.",
                        null=True,
                        verbose_name="sources searched until",
                    ),
                ),
                (
                    "keeper_fr",
                    models.CharField(blank=True, max_length=240, verbose_name="kept by, in French"),
                ),
                (
                    "keeper_en",
                    models.CharField(
                        blank=True,
                        help_text="The house or the people who keep the record.",
                        max_length=240,
                        verbose_name="kept by, in English",
                    ),
                ),
                (
                    "licence_fr",
                    models.CharField(blank=True, max_length=240, verbose_name="licence in French"),
                ),
                (
                    "licence_en",
                    models.CharField(
                        blank=True,
                        help_text="What others may do with texts and data, such as “CC BY 4.0”.",
                        max_length=240,
                        verbose_name="licence in English",
                    ),
                ),
                ("licence_url", models.URLField(blank=True, verbose_name="address of the licence")),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        help_text="An e-mail address, or the web address of a page or a form.",
                        max_length=240,
                        verbose_name="contact",
                    ),
                ),
                (
                    "about_fr",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="about the record, in French",
                    ),
                ),
                (
                    "about_en",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="about the record, in English",
                    ),
                ),
                (
                    "legal_fr",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="legal notice in French",
                    ),
                ),
                (
                    "legal_en",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="legal notice in English",
                    ),
                ),
                (
                    "privacy_fr",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="privacy in French",
                    ),
                ),
                (
                    "privacy_en",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="privacy in English",
                    ),
                ),
                (
                    "accessibility_fr",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="accessibility in French",
                    ),
                ),
                (
                    "accessibility_en",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.MaxLengthValidator(
                                50000,
                                "This text has %(show_value)d characters, and at most %(limit_value)d are kept. Shorten it: nothing was saved yet.",
                            )
                        ],
                        verbose_name="accessibility in English",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity of the site",
                "verbose_name_plural": "identity of the site",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="identity_is_one",
                        violation_error_message="A site has one identity: change the one on record.",
                    )
                ],
            },
        ),
    ]
