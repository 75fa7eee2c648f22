from django.db import migrations


def index_anew(apps, schema_editor):
    """PostgreSQL has papers without a date first in its indexes; SQLite has them last of itself.

    Nobody waits meanwhile. What a killed run left is removed first, so that it can be run again.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in (
        "DROP INDEX CONCURRENTLY IF EXISTS paper_newest_first_anew",
        "CREATE INDEX CONCURRENTLY paper_newest_first_anew ON papers_paper (published_at DESC NULLS LAST, id DESC)",
        "DROP INDEX CONCURRENTLY IF EXISTS paper_newest_first",
        "ALTER INDEX paper_newest_first_anew RENAME TO paper_newest_first",
    ):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    # An index can be made beside the running site outside of a transaction only.
    atomic = False

    dependencies = [
        ('papers', '0008_partial_dates'),
    ]

    operations = [
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]
