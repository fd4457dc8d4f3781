from django.db import migrations

import timeline.fields


class Migration(migrations.Migration):
    """Columns for what commitments are found by; 0006 fills them."""

    dependencies = [("timeline", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name=model,
            name=name,
            field=timeline.fields.FoldedField(joined=True, of=of),
        )
        for model in ("commitment", "historicalcommitment")
        for name, of in (
            ("folded_title", ("title_fr", "title_en")),
            ("folded_text", ("title_fr", "title_en", "wording_fr", "wording_en")),
        )
    ]
