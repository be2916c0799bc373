from django.db import migrations

from pitcrew.conversations.deflated import DeflatedTextField


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_queue")]

    # The columns stay what they are; only what is written into them is another.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(model, "html", DeflatedTextField(blank=True)) for model in ("message", "note")
            ]
        )
    ]
