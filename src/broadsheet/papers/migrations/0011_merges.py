import django.db.models.deletion
from django.db import migrations, models


def drop_title_key(apps, schema_editor):
    """Texts are looked for among the records now."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, 'papers_paper')
        for name, found in constraints.items():
            if found['index'] and found['columns'] == ['title_key']:
                cursor.execute(f'DROP INDEX {connection.ops.quote_name(name)}')
        cursor.execute('ALTER TABLE papers_paper DROP COLUMN title_key')


def add_title_key(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE papers_paper ADD COLUMN title_key varchar(16) NOT NULL DEFAULT ''")
        cursor.execute('CREATE INDEX papers_paper_title_key_of_a_paper ON papers_paper (title_key)')


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0010_measures'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContestedName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=16)),
                ('value', models.CharField(max_length=255)),
            ],
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept', models.BigIntegerField(db_index=True)),
                ('gone', models.BigIntegerField(db_index=True)),
                ('revision', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('because', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left', models.CharField(db_index=True, max_length=320)),
                ('right', models.CharField(db_index=True, max_length=320)),
                ('same', models.BooleanField()),
                ('by', models.CharField(max_length=255)),
                ('at', models.DateTimeField()),
                ('because', models.TextField(blank=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        # In place: on SQLite, Django would copy the whole tables for these.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_title_key, add_title_key)],
            state_operations=[migrations.RemoveField('paper', 'title_key')],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE papers_sourcerecord ADD COLUMN {name} {kind} NOT NULL DEFAULT ''",
                    f'ALTER TABLE papers_sourcerecord DROP COLUMN {name}',
                )
                for name, kind in (('title_key', 'varchar(16)'), ('past_names', 'text'), ('known_as', 'text'))
            ],
            state_operations=[
                migrations.AddField('sourcerecord', 'title_key', models.CharField(db_default='', max_length=16)),
                migrations.AddField('sourcerecord', 'past_names', models.TextField(blank=True, db_default='')),
                migrations.AddField('sourcerecord', 'known_as', models.TextField(blank=True, db_default='')),
            ],
        ),
        migrations.AddIndex(
            model_name='sourcerecord',
            index=models.Index(fields=['title_key'], name='records_of_a_title'),
        ),
        migrations.AddField(
            model_name='contestedname',
            name='paper',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contested_names', to='papers.paper'),
        ),
        migrations.AddIndex(
            model_name='contestedname',
            index=models.Index(fields=['scheme', 'value'], name='papers_that_contest_a_name'),
        ),
        migrations.AddConstraint(
            model_name='contestedname',
            constraint=models.UniqueConstraint(fields=('paper', 'scheme', 'value'), name='contested_once_by_a_paper'),
        ),
    ]
