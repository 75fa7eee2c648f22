from django.db import migrations, models


def fill(apps, schema_editor):
    """What is there changed last, as far as anybody can tell, by the last change of all."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE papers_paper SET changed = COALESCE((SELECT number FROM papers_revision WHERE id = 1), 0)"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0004_papers_by_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=255, unique=True)),
                ('changed', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['changed', 'public_id'], name='tombstones_as_they_changed')],
            },
        ),
        # In place: on SQLite, Django would copy the whole table for it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE papers_paper ADD COLUMN changed bigint NOT NULL DEFAULT 0',
                    'ALTER TABLE papers_paper DROP COLUMN changed',
                )
            ],
            state_operations=[migrations.AddField('paper', 'changed', models.BigIntegerField(db_default=0))],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(fields=['changed', 'public_id'], name='papers_as_they_changed'),
        ),
    ]
