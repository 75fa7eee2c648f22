import orjson
from django.db import migrations, transaction

BATCH = 2000


def fill(apps, schema_editor):
    """Batch by batch, and from where it was interrupted."""
    from broadsheet.papers.likeness import title_hash

    records = apps.get_model('papers', 'SourceRecord').objects
    last = 0
    while rows := list(records.filter(pk__gt=last).order_by('pk').values_list('pk', 'content', 'title_key')[:BATCH]):
        last = rows[-1][0]
        missing = [(title_hash(orjson.loads(content)['title']), pk) for pk, content, key in rows if not key]
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.executemany('UPDATE papers_sourcerecord SET title_key = %s WHERE id = %s', missing)


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('papers', '0011_merges'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
