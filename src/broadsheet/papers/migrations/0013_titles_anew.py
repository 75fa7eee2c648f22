import orjson
from django.db import migrations, transaction

BATCH = 2000


def compute_anew(apps, schema_editor):
    """Batch by batch; what was interrupted begins again, and writes what is not written yet."""
    from broadsheet.papers.likeness import title_hash

    records = apps.get_model('papers', 'SourceRecord').objects
    last = 0
    while rows := list(records.filter(pk__gt=last).order_by('pk').values_list('pk', 'content', 'title_key')[:BATCH]):
        last = rows[-1][0]
        known = [(title_hash(orjson.loads(content)['title']), pk, key) for pk, content, key in rows]
        changed = [(title, pk) for title, pk, key in known if title != key]
        if changed:
            with transaction.atomic(), schema_editor.connection.cursor() as cursor:
                cursor.executemany('UPDATE papers_sourcerecord SET title_key = %s WHERE id = %s', changed)


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('papers', '0012_titles_of_records'),
    ]

    operations = [
        migrations.RunPython(compute_anew, migrations.RunPython.noop),
    ]
