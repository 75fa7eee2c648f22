"""One index has all that a page of a library needs of its papers."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("library", "0003_saved_seen_and_hidden"),
        ("papers", "0024_edition_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="saved",
            name="saved_by_state",
        ),
        migrations.AddIndex(
            model_name="saved",
            index=models.Index(fields=["person", "-saved_at", "-paper", "state"], name="saved_by_time"),
        ),
    ]
