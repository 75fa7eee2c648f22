"""The indexes of the table that came from the digests are called after it, as in a new database."""

from django.db import migrations

NAMES = {"paper": ("digests_parted_paper_fbcb5a71", "library_parted_paper_fe2e6c81"),
         "other": ("digests_parted_other_1e8e43dc", "library_parted_other_2608c2aa")}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("library", "0005_uploads")]

    operations = [
        migrations.RunSQL(
            [
                f'DROP INDEX IF EXISTS "{before}"',
                f'CREATE INDEX IF NOT EXISTS "{now}" ON "library_parted" ("{column}")',
            ],
            migrations.RunSQL.noop,
            elidable=True,
        )
        for column, (before, now) in NAMES.items()
    ]
