from django.db import migrations, models

UTC_DAY = {
    "sqlite": "substr(published_at, 1, 10)",
    "postgresql": "(published_at AT TIME ZONE 'UTC')::date",
}


def fill(apps, schema_editor):
    """What `rows` writes from now on, for the papers that are there: one statement, so it is done or it is not."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE papers_paper SET day = {UTC_DAY[connection.vendor]}, listed = EXISTS"
            " (SELECT 1 FROM papers_paperlisting WHERE paper_id = papers_paper.id)"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0002_days_and_past_texts'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(condition=models.Q(('listed', False), ('retracted', False), ('withdrawn', False)), fields=['-day', '-published_at', '-id'], name='paper_no_list_had'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(condition=models.Q(('listed', False), ('retracted', False), ('withdrawn', False), ('announced_on__isnull', False)), fields=['-announced_on'], name='paper_announced_last'),
        ),
    ]
