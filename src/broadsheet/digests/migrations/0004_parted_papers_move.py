"""The table of papers that were parted goes to the library, with its rows: `library.0003` takes it over."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('digests', '0003_rounds_of_sending'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable('Parted', 'library_parted')],
            state_operations=[migrations.DeleteModel('Parted')],
        ),
    ]
